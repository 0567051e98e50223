"""Pages of a list by key: page 1,000 costs what page 1 costs, and new rows do not shift it."""

import base64
import binascii
import uuid
from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import Any

from flask import request
from sqlalchemy import ColumnElement, Select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

from jarvis.api.operation import Parameter
from jarvis.errors import InvalidInput

MOST = 200
USUAL = 50

PAGE = (
    Parameter(
        "limit", "How many, 1 to 200.", {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL}
    ),
    Parameter("cursor", "The `next` of the page before."),
)


def limit() -> int:
    """The `limit` parameter.

    Raises:
        InvalidInput: It is not a number from 1 to 200.
    """
    text = request.args.get("limit", str(USUAL))
    if not (text.isascii() and text.isdigit() and len(text) < 6 and 1 <= int(text) <= MOST):
        raise InvalidInput(
            f"limit must be a number from 1 to {MOST}, not “{text[:20]}”.", "", {"field": "limit"}
        )
    return int(text)


def _encode(moment: datetime, key: uuid.UUID) -> str:
    return base64.urlsafe_b64encode(f"{moment.isoformat()}|{key}".encode()).decode().rstrip("=")


def _decode(text: str) -> tuple[datetime, uuid.UUID]:
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
        moment, _, key = raw.partition("|")
        return datetime.fromisoformat(moment), uuid.UUID(key)
    except (ValueError, binascii.Error) as error:
        raise InvalidInput(
            "The cursor is not one that Jarvis gave.", "Begin again without a cursor.", {"field": "cursor"}
        ) from error


def newest_first(
    session: Session,
    query: Select[Any],
    moment: InstrumentedAttribute[datetime],
    key: InstrumentedAttribute[uuid.UUID],
    show: Callable[[Any], Any],
) -> dict[str, Any]:
    """One page of `query`, newest first: `{"items": […], "next": cursor or null}`."""
    size = limit()
    cursor = request.args.get("cursor", "")
    if cursor:
        after, last = _decode(cursor)
        query = query.where(tuple_(moment, key) < tuple_(after, last))
    rows = list(session.scalars(query.order_by(moment.desc(), key.desc()).limit(size + 1)))
    more = len(rows) > size
    rows = rows[:size]
    following = _encode(getattr(rows[-1], moment.key), getattr(rows[-1], key.key)) if more else None
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
        raise InvalidInput(f"{name} must be one of: {words}.", "", {"field": name}) from error
