"""Bodies with members that a caller shapes freely: small, shallow, and without NUL."""

from typing import Any, TypeVar, cast

import msgspec

from jarvis.api.operation import read_body
from jarvis.errors import BadRequest, InvalidInput

LARGEST = 64 * 1024
"""Bytes of one free member, as JSON."""
DEEPEST = 16
"""Levels of lists and objects in it."""

S = TypeVar("S", bound=msgspec.Struct)


def read(kind: type[S]) -> S:
    """The request's JSON body as `kind`; each object in it is bounded.

    Raises:
        BadRequest: It is nested so deep that it is not even read.
        InvalidInput: As `read_body`, or a member breaks a limit; the sentence names it.
    """
    try:
        body = read_body(kind)
    except RecursionError as error:
        raise BadRequest(
            "The body is nested too deep.", f"Free members may have {DEEPEST} levels."
        ) from error
    for name, value in cast("dict[str, Any]", msgspec.to_builtins(body)).items():
        _check(name, value)
    return body


def _check(name: str, value: object) -> None:
    facts = {"field": name}
    _walk(name, value, 0)
    if isinstance(value, dict | list) and len(msgspec.json.encode(value)) > LARGEST:
        raise InvalidInput(
            f"{name} is larger than {LARGEST // 1024} KiB.", "Keep it elsewhere, name it here.", facts
        )


def _walk(name: str, value: object, level: int) -> None:
    if isinstance(value, str):
        if "\x00" in value:
            raise InvalidInput(
                f"{name} holds the sign NUL, which cannot be kept.", "Leave it out.", {"field": name}
            )
        return
    if not isinstance(value, dict | list):
        return
    if level == DEEPEST:
        raise InvalidInput(f"{name} is nested deeper than {DEEPEST} levels.", "Flatten it.", {"field": name})
    inside = cast("dict[Any, Any] | list[Any]", value)
    parts = [*inside.keys(), *inside.values()] if isinstance(inside, dict) else inside
    for part in parts:
        _walk(name, part, level + 1)
