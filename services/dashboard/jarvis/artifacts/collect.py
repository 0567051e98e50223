"""Remove what nobody needs any more: bytes without a row, leftovers of crashes, uploads that never ended.

It may run at any time, beside uploads and beside itself: bytes are deleted only under their lock and after
another look at the table, files only when nobody has locked them.
"""

import logging
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from jarvis.artifacts import incoming, intake, lock, uploads
from jarvis.artifacts.stores.blob import Blob, blob_path
from jarvis.artifacts.stores.store import chosen
from models import Artifact, Upload
from services.db_service import db_service

log = logging.getLogger(__name__)

T = TypeVar("T")

AGE = 3600.0
"""Seconds for which bytes without a row, and files that nobody has locked, are left alone."""
BATCH = 500


@dataclass(frozen=True)
class Collected:
    """How much was removed."""

    blobs: int
    files: int
    uploads: int


def collect(now: float | None = None) -> Collected:
    """Remove all of it once.

    Args:
        now: Seconds since 1970; the clock's when missing.

    Raises:
        Unavailable: The store does not answer.
    """
    moment = time.time() if now is None else now
    done = Collected(uploads=_expired(), files=_leftovers(moment - AGE), blobs=_orphans(moment - AGE))
    if done != Collected(0, 0, 0):
        log.info(
            "Removed %d contents without an artifact, %d leftovers, %d uploads that never ended",
            done.blobs,
            done.files,
            done.uploads,
        )
    return done


def drop(sha256: str) -> bool:
    """Delete these bytes unless an artifact has them; returns whether they were deleted."""
    with db_service.get_session() as session:
        lock.hold(session, sha256)
        if session.scalars(select(Artifact.id).where(Artifact.checksum_sha256 == sha256).limit(1)).first():
            return False
        chosen().delete(blob_path(sha256))
    return True


def _orphans(before: float) -> int:
    """Bytes without a row. A table without any row is taken for another's: nothing is deleted then."""
    count = 0
    old = (blob for blob in chosen().blobs() if blob.changed < before)
    for batch in _batches(old):
        if not count and _is_empty():
            log.warning("The store has artifacts that this database knows nothing of; they are left alone")
            return 0
        with db_service.get_session() as session:
            known = _known(session, batch)
        count += sum(drop(blob.sha256) for blob in batch if blob.sha256 not in known)
    return count


def _is_empty() -> bool:
    with db_service.get_session() as session:
        return session.scalars(select(Artifact.id).limit(1)).first() is None


def _known(session: Session, batch: list[Blob]) -> set[str]:
    checksums = [blob.sha256 for blob in batch]
    query = select(Artifact.checksum_sha256).where(Artifact.checksum_sha256.in_(checksums)).distinct()
    return set(session.scalars(query))


def _leftovers(before: float) -> int:
    """Files that no upload will go on with."""
    place = intake.folder() / incoming.FOLDER
    if not place.is_dir():
        return 0
    found = [path for path in place.iterdir() if path.is_file() and path.stat().st_mtime < before]
    with db_service.get_session() as session:
        waiting = {str(key) for key in session.scalars(select(Upload.id).where(Upload.artifact_id.is_(None)))}
    return sum(incoming.remove(path) for path in found if path.name not in waiting)


def _expired() -> int:
    """Rows of uploads that are too old, with their files; those that are written to now are left."""
    late = Upload.updated_at < func.now() - uploads.LIFE
    with db_service.get_session() as session:
        keys = list(session.scalars(select(Upload.id).where(late)))
    return sum(_end(key) for key in keys)


def _end(key: uuid.UUID) -> bool:
    path = incoming.place(intake.folder(), key)
    if path.exists() and not incoming.remove(path):
        return False
    with db_service.get_session() as session:
        session.execute(delete(Upload).where(Upload.id == key))
    return True


def _batches(items: Iterator[T]) -> Iterator[list[T]]:
    while batch := list(islice(items, BATCH)):
        yield batch
