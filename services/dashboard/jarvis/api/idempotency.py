"""`Idempotency-Key`: a POST that is sent once more with its key is answered as before, and not done again.

What the first one was answered is kept for 24 hours. The row that stands for it is written in the same
transaction as the work (`_mark`), so that nothing is done twice even if the process dies right after it: then
only the answer is lost, and whoever asks again is told so. An answer of 500 and more is not kept, nor is a
refusal of what could not be read (400, 408) or came too fast (429): the same request may go well later.

Two requests are the same when method, address, declared headers and body are. A body of up to 1 MiB is
compared by its bytes; a larger one, which is never held in memory, by its type, its length and the checksums
that its sender declares.
"""

import hashlib
import io
import logging
import threading
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Response, g, has_request_context, request
from sqlalchemy import delete, event, func, select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import ORMExecuteState, Session

from jarvis import vault
from jarvis.api.body import announced, whole
from jarvis.api.operation import BODY_LIMIT, OPERATIONS, Parameter, blueprint
from jarvis.api.rate import caller
from jarvis.errors import BadRequest, Conflict
from models import IdempotencyKey
from services.db_service import DatabaseUnavailable, db_service

log = logging.getLogger(__name__)

LONGEST = 255
LIFE = timedelta(hours=24)
"""How long an answer is kept."""
STILL = timedelta(seconds=60)
"""How long work without an answer is taken to go on in another process."""
PRIVATE = "no-store"
"""What a view says in Cache-Control of an answer that holds a secret: it is kept sealed."""
NOT_KEPT = frozenset({400, 408, 429})
_WROTE = "idempotency_wrote"
_OWN = frozenset({"content-length", "set-cookie", "date"})

KEY = Parameter(
    "Idempotency-Key",
    "A new word of your choice, such as a UUID. The same request with the same key is answered as before and "
    "not done again, for 24 hours.",
    {"type": "string", "minLength": 1, "maxLength": LONGEST, "pattern": "^[!-~]+$"},
    "header",
)


class InProgress(Conflict):
    """The first request with this key is still worked on."""

    code = "in_progress"
    transient = True


@dataclass
class Claim:
    """The hold of a request on its key.

    Attributes:
        whose: The caller and the key.
        sha256: Of the request.
        active: The key is free, and the work of this request stands under it.
        marked: A row in the database says so.
    """

    whose: tuple[str, str]
    sha256: str = ""
    active: bool = False
    marked: bool = False


_busy: set[tuple[str, str]] = set()
_busy_lock = threading.Lock()


def _running() -> InProgress:
    return InProgress(
        "The first request with this Idempotency-Key is still worked on.",
        "Try again in a moment.",
        {"retry_after": 1},
    )


@blueprint.before_request
def begin() -> Response | None:
    """Give the answer of the first request with this key, or begin as the first.

    Raises:
        BadRequest: The key cannot be one.
        Conflict: The key stands for another request, or the answer was lost.
        InProgress: The first one is still worked on.
    """
    key = request.headers.get("Idempotency-Key")
    if key is None or request.method != "POST":
        return None
    if not 1 <= len(key) <= LONGEST or not all("!" <= sign <= "~" for sign in key):
        raise BadRequest(
            f"Idempotency-Key must be 1 to {LONGEST} visible ASCII signs, without spaces.",
            "Use a new UUID for each new request.",
        )
    claim = Claim((caller(), key))
    with _busy_lock:
        if claim.whose in _busy:
            raise _running()
        _busy.add(claim.whose)
    g.idempotency = claim
    claim.sha256 = _fingerprint()
    with db_service.get_session() as session:
        row = session.get(IdempotencyKey, claim.whose)
        if row is not None and datetime.now(UTC) - row.created_at > LIFE:
            session.delete(row)
            row = None
    if row is not None:
        return _again(row, claim)
    claim.active = True
    return None


def _again(row: IdempotencyKey, claim: Claim) -> Response:
    if row.request_sha256 != claim.sha256:
        raise Conflict(
            "This Idempotency-Key stands for another request.",
            "Use a new key for each new request; the same one only to send the same again.",
        )
    if row.status is None:
        if datetime.now(UTC) - row.created_at < STILL:
            raise _running()
        raise Conflict(
            "The request with this Idempotency-Key was carried out, but its answer was lost.",
            "Look at the list of what it makes; to do it once more, use a new key.",
        )
    body = row.body or b""
    if row.headers.get("Cache-Control") == PRIVATE:
        body = vault.unseal(body).encode()
    response = Response(body, row.status, {name: str(value) for name, value in row.headers.items()})
    response.headers["Idempotent-Replayed"] = "true"
    return response


def _fingerprint() -> str:
    """A checksum of what makes this request what it is. A small body is read, and put back."""
    found = hashlib.sha256(f"{request.method} {request.full_path}\n{request.mimetype}\n".encode())
    for item in OPERATIONS:
        if item.endpoint == request.endpoint:
            for each in sorted(part.name for part in item.parameters if part.place == "header"):
                found.update(f"{each}: {request.headers.get(each, '')}\n".encode())
    size = announced()
    if size is not None and size <= BODY_LIMIT:
        raw = whole(BODY_LIMIT)
        request.environ["wsgi.input"] = io.BytesIO(raw)
        boundary = request.mimetype_params.get("boundary", "")  # of a form; another one each time
        found.update(raw.replace(boundary.encode(), b"") if boundary else raw)
    else:
        found.update(f"{size} {request.headers.get('X-Checksum-SHA256', '')}".encode())
    return found.hexdigest()


@blueprint.after_request
def keep(response: Response) -> Response:
    """Keep the answer under the key of this request, or free the key."""
    claim: Claim | None = g.get("idempotency")
    if claim is None or not claim.active:
        return response
    claim.active = False
    status = response.status_code
    try:
        if status >= 500 or status in NOT_KEPT or response.headers.get("Retry-After"):
            if claim.marked:
                _free(claim)
        elif not response.is_streamed:
            _store(claim, response)
    except (DatabaseUnavailable, vault.Sealed) as error:  # the work is done; its answer must reach the caller
        log.warning("The answer for an Idempotency-Key is not kept: %s", type(error).__name__)
    return response


def _store(claim: Claim, response: Response) -> None:
    headers = {name: value for name, value in response.headers.items() if name.lower() not in _OWN}
    body = response.get_data()
    if headers.get("Cache-Control") == PRIVATE:
        body = vault.seal(body.decode())
    kept: dict[str, Any] = {
        "status": response.status_code,
        "headers": headers,
        "body": body,
    }
    with db_service.get_session() as session:
        new = insert(IdempotencyKey).values(**_row(claim), **kept)
        session.execute(new.on_conflict_do_update(index_elements=["caller", "key"], set_=kept))
        old = select(IdempotencyKey.caller, IdempotencyKey.key).where(
            IdempotencyKey.created_at < func.now() - LIFE
        )
        old = old.limit(100).with_for_update(skip_locked=True)
        session.execute(
            delete(IdempotencyKey).where(tuple_(IdempotencyKey.caller, IdempotencyKey.key).in_(old))
        )


def _free(claim: Claim) -> None:
    with db_service.get_session() as session:
        row = session.get(IdempotencyKey, claim.whose)
        if row is not None and row.status is None:
            session.delete(row)


def _row(claim: Claim) -> dict[str, str]:
    return {"caller": claim.whose[0], "key": claim.whose[1], "request_sha256": claim.sha256}


@blueprint.teardown_request
def release(_: BaseException | None) -> None:
    """The next request with this key may come."""
    claim: Claim | None = g.pop("idempotency", None)
    if claim is not None:
        with _busy_lock:
            _busy.discard(claim.whose)


def _current() -> Claim | None:
    claim: Claim | None = g.get("idempotency") if has_request_context() else None
    return claim if claim is not None and claim.active and not claim.marked else None


@event.listens_for(Session, "after_flush")
def _note_flush(session: Session, _: Any) -> None:
    session.info[_WROTE] = True


@event.listens_for(Session, "do_orm_execute")
def _note_statement(state: ORMExecuteState) -> None:
    if state.is_insert or state.is_update or state.is_delete:
        state.session.info[_WROTE] = True


@event.listens_for(Session, "after_soft_rollback")
def _note_rollback(session: Session, _: Any) -> None:
    session.info.pop(_WROTE, None)


@event.listens_for(Session, "before_commit")
def _mark(session: Session) -> None:
    """Write the key's row in the transaction that does the first work of this request.

    Raises:
        InProgress: Another process was first; this work is rolled back.
    """
    claim = _current()
    if claim is None or session.in_nested_transaction():
        return
    session.flush()
    if not session.info.get(_WROTE):
        return
    new = insert(IdempotencyKey).values(**_row(claim)).on_conflict_do_nothing()
    if session.execute(new.returning(IdempotencyKey.key)).first() is None:
        raise _running()
    claim.marked = True
