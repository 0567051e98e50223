"""Who may do what."""

import pytest

from jarvis.accounts.roles import Role, may


@pytest.mark.parametrize(
    ("caller", "needed", "allowed"),
    [
        (Role.ANYONE, Role.ANYONE, True),
        (Role.ANYONE, Role.VIEWER, False),
        (Role.ANYONE, Role.ADMIN, False),
        (Role.VIEWER, Role.ANYONE, True),
        (Role.VIEWER, Role.VIEWER, True),
        (Role.VIEWER, Role.ADMIN, False),
        (Role.ADMIN, Role.ANYONE, True),
        (Role.ADMIN, Role.VIEWER, True),
        (Role.ADMIN, Role.ADMIN, True),
    ],
)
def test_it_works(caller: Role, needed: Role, allowed: bool) -> None:
    assert may(caller, needed) is allowed
