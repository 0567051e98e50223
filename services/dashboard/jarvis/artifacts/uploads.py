"""Uploads in pieces that go on after a broken connection.

A row says what is coming; a file in `incoming` holds what came. Its size is the offset, so that whatever
reached the disk counts, also of a request that broke off.
"""

import threading
import uuid
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from sqlalchemy import func
from sqlalchemy.orm import Session

from jarvis.artifacts import incoming, intake
from jarvis.artifacts.hashing import Digest
from jarvis.artifacts.incoming import Partial
from jarvis.artifacts.intake import Said
from jarvis.artifacts.room import check_room, told
from jarvis.errors import Conflict, InvalidInput, JarvisError, NotFound, TooLarge
from models import Upload
from services.db_service import db_service

LIFE = timedelta(hours=24)
"""How long an upload is kept after the last request that wrote to it."""
_MOST_DIGESTS = 256
_digests: dict[uuid.UUID, tuple[int, Digest]] = {}
"""What the first so many bytes of an upload come to. Lost with the process; then they are read again."""
_digests_lock = threading.Lock()


def create(session: Session, said: Said, *, size: int, limit: int, more: dict[str, Any]) -> Upload:
    """Begin an upload, in the caller's transaction.

    Args:
        session: The caller's.
        said: What the sender says of it.
        size: Its bytes.
        limit: The most bytes that are taken.
        more: What else is to be remembered.

    Raises:
        InvalidInput: It would be empty.
        TooLarge: It would be over the limit.
        StorageFull: It would not fit.
    """
    if size == 0:
        raise InvalidInput("The upload is empty.", "Hand in a file or folder with something in it.")
    check_room(intake.folder(), size, limit)
    row = Upload(
        id=uuid.uuid4(),
        filename=intake.clean_name(said.filename),
        declared_type=said.declared,
        size=size,
        checksum_sha256=said.expected[0] if said.expected else None,
        uploaded_by=said.by,
        upload_metadata={**more, "service": said.service},
    )
    session.add(row)
    session.flush()
    with told(intake.folder()):
        incoming.make(intake.folder(), row.id)
    return row


def find(key: uuid.UUID) -> Upload:
    """The upload `key`.

    Raises:
        NotFound: There is none, or it was kept for too long.
    """
    with db_service.get_session() as session:
        row = session.get(Upload, key)
    if row is None:
        raise _unknown(key)
    return row


def offset(row: Upload) -> int:
    """How many bytes of it have come.

    Raises:
        NotFound: Its file is gone.
    """
    if row.artifact_id is not None:
        return row.size
    try:
        return incoming.place(intake.folder(), row.id).stat().st_size
    except FileNotFoundError:
        raise _unknown(row.id) from None


def append(key: uuid.UUID, at: int, pieces: Iterable[bytes], announced: int | None) -> Upload:
    """Write `pieces` from the place `at` on; with the last byte the upload becomes an artifact.

    An upload that is an artifact already is given as it is, so that a lost answer can be asked for again.

    Args:
        key: Which upload.
        at: Where the sender believes that it stands.
        pieces: What comes now.
        announced: How many bytes they will be, when the sender says so.

    Raises:
        NotFound: There is no such upload.
        Conflict: Another request writes to it, or it stands elsewhere.
        TooLarge: More comes than was announced at the beginning.
        JarvisError: As `intake.keep` raises; what was refused for good is removed.
    """
    row = find(key)
    if row.artifact_id is not None:
        return row
    with incoming.again(incoming.place(intake.folder(), key)) as partial, told(intake.folder()):
        row = _touched(key)
        if row.artifact_id is not None:
            return row
        if partial.size != at:
            raise Conflict(
                f"The upload stands at {partial.size} bytes, not at {at}.",
                "Go on from there: HEAD tells the offset.",
                {"offset": partial.size},
            )
        if announced is not None and at + announced > row.size:
            raise _too_much(row)
        check_room(intake.folder(), row.size, row.size, have=at)
        with _remembered(key, partial):
            partial.write(_within(pieces, row, at), row.size)
        if partial.size < row.size:
            return row
        return _finish(row, partial)


def remove(key: uuid.UUID) -> None:
    """End an upload before its time; an artifact that it became stays.

    Raises:
        NotFound: There is none.
        Conflict: A request writes to it now.
    """
    row = find(key)
    if row.artifact_id is None:
        with incoming.again(incoming.place(intake.folder(), key)) as partial:
            _forget(key, partial)
    else:
        _forget(key, None)


def _finish(row: Upload, partial: Partial) -> Upload:
    said = Said(
        filename=row.filename,
        declared=row.declared_type,
        expected=(row.checksum_sha256,) if row.checksum_sha256 else (),
        service=str(row.upload_metadata.get("service", "")),
        analyse=row.upload_metadata.get("analyse") != "false",
        by=row.uploaded_by,
    )
    try:
        with db_service.get_session() as session:
            artifact = intake.keep(session, partial, said)
            done = session.get_one(Upload, row.id)
            done.artifact_id = artifact.id
    except JarvisError as error:
        if not error.transient:  # the same bytes would be refused again
            _forget(row.id, partial)
        raise
    partial.path.unlink(missing_ok=True)
    _digests.pop(row.id, None)
    return done


def _touched(key: uuid.UUID) -> Upload:
    with db_service.get_session() as session:
        row = session.get(Upload, key)
        if row is None:
            raise _unknown(key)
        row.updated_at = func.now()
        session.flush()
    return row


def _forget(key: uuid.UUID, partial: Partial | None) -> None:
    with db_service.get_session() as session:
        row = session.get(Upload, key)
        if row is not None:
            session.delete(row)
    if partial is not None:
        partial.path.unlink(missing_ok=True)
    _digests.pop(key, None)


@contextmanager
def _remembered(key: uuid.UUID, partial: Partial) -> Generator[None]:
    """Go on hashing where the last request of this process ended."""
    with _digests_lock:
        size, digest = _digests.pop(key, (0, None))
    partial.digest = digest if size == partial.size else None
    try:
        yield
    finally:
        if partial.digest is not None:
            with _digests_lock:
                _digests[key] = partial.size, partial.digest
                while len(_digests) > _MOST_DIGESTS:
                    del _digests[next(iter(_digests))]


def _within(pieces: Iterable[bytes], row: Upload, at: int) -> Iterator[bytes]:
    for piece in pieces:
        at += len(piece)
        if at > row.size:
            raise _too_much(row)
        yield piece


def _too_much(row: Upload) -> TooLarge:
    return TooLarge(
        f"More bytes come than the {row.size} that were announced.",
        "Begin anew with the right Upload-Length.",
        {"size": row.size},
    )


def _unknown(key: uuid.UUID) -> NotFound:
    return NotFound(
        f"There is no upload {key}.",
        "It may have been finished, ended, or older than a day. Begin a new one: POST /api/v1/uploads.",
    )
