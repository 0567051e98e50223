"""What all workflows say, in one order, from any point, with nothing left out.

Numbers are given when a row is written, but others see it at the commit: who reads up to the highest number
misses what was begun before and commits later. So the order is (transaction, id), and what is told is only
what is older than every transaction that still writes: nothing can come before it any more.
"""

import re
from collections.abc import Generator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from jarvis.workflows import stream
from jarvis.workflows.channel import PAGE, Channel, News, Position, Told
from services.db_service import DatabaseUnavailable, db_service

_CURSOR = re.compile(r"(\d{1,19})-(\d{1,19})")
_XMIN = "CAST(CAST(pg_snapshot_xmin(pg_current_snapshot()) AS text) AS bigint)"
_XMAX = "CAST(CAST(pg_snapshot_xmax(pg_current_snapshot()) AS text) AS bigint)"
_READ = """
    WITH horizon AS MATERIALIZED (SELECT {xmin} AS transaction)
    SELECT horizon.transaction, EXISTS (
               SELECT FROM workflow_events AS late WHERE late.transaction >= horizon.transaction
           ),
           found.*
    FROM horizon LEFT JOIN LATERAL (
        SELECT said.transaction, said.id, said.sequence, said.kind, said.step, said.message, said.data,
               said.created_at, said.workflow_id, workflows.service
        FROM workflow_events AS said JOIN workflows ON workflows.id = said.workflow_id
        WHERE (said.transaction, said.id) > (:transaction, :id) AND said.transaction < horizon.transaction
              {wanted}
        ORDER BY said.transaction, said.id LIMIT :most
    ) AS found ON true
    ORDER BY found.transaction, found.id
"""
_HORIZON = text(f"SELECT {_XMIN}, {_XMAX}")
# Rows of a transaction that has not been yet come from another server, by a restored backup.
_MEND = text(f"UPDATE workflow_events SET transaction = 0 WHERE transaction >= {_XMAX}")  # noqa: S608 - ours


@dataclass(frozen=True)
class Wanted:
    """Which events; all where nothing is said."""

    workflow: UUID | None = None
    service: str | None = None
    kind: str | None = None

    def fits(self, told: Told) -> bool:
        """Whether this one is wanted."""
        return (
            (self.workflow is None or told["workflow_id"] == str(self.workflow))
            and (self.service is None or told["service"] == self.service)
            and (self.kind is None or told["kind"] == self.kind)
        )

    def terms(self) -> tuple[str, dict[str, Any]]:
        """The same for the database: conditions, and their values."""
        columns = {"workflow": "said.workflow_id", "service": "workflows.service", "kind": "said.kind"}
        given = {name: value for name, value in vars(self).items() if value is not None}
        return "".join(f" AND {columns[name]} = :{name}" for name in given), given


EVERYTHING = Wanted()


def cursor(position: Position) -> str:
    """A position as clients keep it."""
    return f"{position[0]}-{position[1]}"


def position(given: str) -> Position | None:
    """The position of a cursor; None when it is none of ours."""
    found = _CURSOR.fullmatch(given) if given.isascii() else None
    numbers = (int(found[1]), int(found[2])) if found else (2**63, 0)
    return numbers if max(numbers) < 2**63 else None


def horizon(session: Session) -> tuple[Position, Position]:
    """The position after all that may be told now, and the first one that cannot have been told yet."""
    least, most = session.execute(_HORIZON).one()
    return (least, 0), (most + 1, 0)


def page(session: Session, after: Position, wanted: Wanted, most: int) -> News:
    """The first `most` events after a position, oldest first."""
    terms, values = wanted.terms()
    query = text(_READ.format(xmin=_XMIN, wanted=terms))
    values |= {"transaction": after[0], "id": after[1], "most": most}
    rows = session.execute(query, values).all()
    told = [_told(row) for row in rows if row[2] is not None]
    more = len(told) == most
    top = told[-1].position if more else max(after, (int(rows[0][0]), 0))
    return News(told, top, more=more, held=bool(rows[0][1]))


def _told(row: Any) -> Told:
    place = (row[2], row[3])
    shown = {
        "cursor": cursor(place),
        "workflow_id": str(row.workflow_id),
        "service": row.service,
        "sequence": row.sequence,
        "kind": row.kind,
        "step": row.step,
        "message": row.message,
        "data": row.data,
        "time": row.created_at.isoformat(),
    }
    return Told(shown, place, shown["cursor"])


def _read(after: Position, wanted: Wanted = EVERYTHING) -> News:
    with db_service.get_session() as session:
        return page(session, after, wanted, PAGE)


def sent(after: Position, wanted: Wanted) -> Generator[bytes]:
    """The feed after a position as server-sent events, without an end unless too many watch already.

    A sign of life says how far all was looked through: who has seen nothing for long need not begin again.
    """
    yield stream.BEGIN if stream.hub.has_room(1) else stream.CROWDED
    try:
        with stream.hub.join(Channel(_read), stream.EVERYTHING) as channel:
            caught_up = begun = False
            while True:
                news = channel.take(after, stream.HEARTBEAT) if caught_up else None
                if news is None:
                    found = _read(after, wanted)
                    news, caught_up = found.told, not found.more
                    yield from (told.frame for told in news)
                    after = found.top
                elif not news:
                    yield f"id: {cursor(after)}\n: still here\n\n".encode()
                else:
                    for told in news:
                        after = told.position
                        if wanted.fits(told):
                            yield told.frame
                if not begun and caught_up and not stream.hub.has_room():
                    yield f"id: {cursor(after)}\n\n".encode()
                    return
                begun = begun or caught_up
    except DatabaseUnavailable:
        yield stream.AWAY


def mend(session: Session) -> int:
    """After a backup was restored on another server: its events come before all new ones. Returns how many.

    Each server counts its transactions by itself; without this, events from a server that had counted
    further would not be told, and those of today would stand before them.
    """
    done: Any = session.execute(_MEND)
    return int(done.rowcount)
