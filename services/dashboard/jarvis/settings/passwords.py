"""Passwords among settings: kept as checksums only."""

from typing import Any, cast

from jarvis.errors import InvalidInput
from jarvis.proxy import password
from jarvis.settings import check

Json = dict[str, Any]


def sealed(patch: Json) -> Json:
    """The patch with each password as a checksum.

    Raises:
        InvalidInput: One cannot be a password.
    """
    logins = patch.get("logins")
    if not isinstance(logins, list):
        return patch
    return {**patch, "logins": [_sealed(one) for one in cast("list[Any]", logins)]}


def _sealed(one: Any) -> Any:
    if not isinstance(one, dict):
        return one
    login = cast("Json", one)
    word = login.get("password")
    if not isinstance(word, str) or word.startswith(check.HASHED):
        return login
    try:
        return {**login, "password": password.hash(word)}
    except ValueError as error:
        raise InvalidInput(
            f"This cannot be a password: {error}.", "Choose another.", {"field": "logins"}
        ) from error
