"""Pages of a list by key: page 1,000 costs what page 1 costs, and new rows do not shift it."""

import base64
import binascii
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from flask import request
from sqlalchemy import ColumnElement, Select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

from jarvis.api.operation import Parameter
from jarvis.errors import InvalidInput

MOST = 200
USUAL = 50

TIME = {"type": "string", "examples": ["2026-03-02T09:30:00Z"]}
PAGE = (
    Parameter(
        "limit", "How many, 1 to 200.", {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL}
    ),
    Parameter("cursor", "The `next` of the page before."),
    Parameter("since", "Only from this time on (ISO 8601; without a zone it is UTC).", TIME),
    Parameter("until", "Only from before this time (ISO 8601; without a zone it is UTC).", TIME),
)
"""What every list takes that `newest_first` makes; the first one alone is for lists of another kind."""


def limit() -> int:
    """The `limit` parameter.

    Raises:
        InvalidInput: It is not a number from 1 to 200.
    """
    text = request.args.get("limit", str(USUAL))
    if not (text.isascii() and text.isdigit() and len(text) < 6 and 1 <= int(text) <= MOST):
        raise InvalidInput(
            f"limit must be a number from 1 to {MOST}, not “{text[:20]}”.",
            f"Leave it out for {USUAL}; `next` of an answer is the cursor of what follows.",
            {"field": "limit"},
        )
    return int(text)


def encode(noun: str, *parts: str) -> str:
    """A cursor: the last row of a page of `noun`, by which the following page is found."""
    return base64.urlsafe_b64encode("|".join((noun, *parts)).encode()).decode().rstrip("=")


def decode(noun: str, text: str) -> str:
    """The last row that a cursor of a list of `noun` speaks of.

    Raises:
        InvalidInput: It is no cursor, or one of another list.
    """
    try:
        kind, mark, last = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode().partition("|")
    except (ValueError, binascii.Error) as error:
        raise _strange() from error
    if not mark or "\x00" in last:
        raise _strange()
    if kind != noun:
        raise InvalidInput(
            "The cursor is one of another list.", "Begin again without a cursor.", {"field": "cursor"}
        )
    return last


def _strange() -> InvalidInput:
    return InvalidInput(
        "The cursor is not one that Jarvis gave.", "Begin again without a cursor.", {"field": "cursor"}
    )


def _place(noun: str, text: str) -> tuple[datetime, uuid.UUID]:
    moment, _, key = decode(noun, text).partition("|")
    try:
        return datetime.fromisoformat(moment), uuid.UUID(key)
    except ValueError as error:
        raise _strange() from error


def _time(name: str) -> datetime | None:
    """The parameter `name` as a time, or None when it is not given.

    Raises:
        InvalidInput: It is no time.
    """
    text = request.args.get(name)
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise InvalidInput(
            f"{name} must be a time in ISO 8601, not “{text[:40]}”.",
            "Such as 2026-03-02T09:30:00Z. In an address a plus is written as %2B.",
            {"field": name},
        ) from error
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)


def between(moment: InstrumentedAttribute[datetime]) -> list[ColumnElement[bool]]:
    """The parameters `since` (from this time on) and `until` (before it) as conditions on a column.

    Raises:
        InvalidInput: One of them is no time, or they leave no time between them.
    """
    since, until = _time("since"), _time("until")
    if since is not None and until is not None and until < since:
        raise InvalidInput("until lies before since.", "Exchange them.", {"field": "until"})
    found = [] if since is None else [moment >= since]
    return found if until is None else [*found, moment < until]


def newest_first(
    session: Session,
    query: Select[Any],
    moment: InstrumentedAttribute[datetime],
    key: InstrumentedAttribute[uuid.UUID],
    show: Callable[[Any], Any],
) -> dict[str, Any]:
    """One page of `query`, newest first: `{"items": […], "next": cursor or null}`.

    The parameters `limit`, `cursor`, `since` and `until` count, the last two for `moment`.
    """
    size, noun = limit(), str(key.class_.__tablename__)
    query = query.where(*between(moment))
    cursor = request.args.get("cursor", "")
    if cursor:
        after, last = _place(noun, cursor)
        query = query.where(tuple_(moment, key) < tuple_(after, last))
    rows = list(session.scalars(query.order_by(moment.desc(), key.desc()).limit(size + 1)))
    more = len(rows) > size
    rows = rows[:size]
    following = None
    if more:
        following = encode(noun, getattr(rows[-1], moment.key).isoformat(), str(getattr(rows[-1], key.key)))
    return {"items": [show(row) for row in rows], "next": following}


def one_of(name: str, kind: type[StrEnum], column: InstrumentedAttribute[Any]) -> ColumnElement[bool] | None:
    """The filter `name` as a condition on an enum column, or None when it is not given.

    Raises:
        InvalidInput: The value is not one of the enum's.
    """
    text = request.args.get(name)
    if text is None:
        return None
    try:
        return column == kind(text)
    except ValueError as error:
        words = ", ".join(member.value for member in kind)
        raise InvalidInput(
            f"{name} must be one of: {words}.", "Choose one of them, or leave it out.", {"field": name}
        ) from error
