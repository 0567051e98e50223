"""What a route asks of its caller. Pure."""

from enum import StrEnum


class Role(StrEnum):
    """Who a caller is, from least to most."""

    ANYONE = "anyone"
    VIEWER = "viewer"
    ADMIN = "admin"


_RANK = {role: rank for rank, role in enumerate(Role)}


def may(caller: Role, needed: Role) -> bool:
    """True when `caller` is at least `needed`."""
    return _RANK[caller] >= _RANK[needed]
