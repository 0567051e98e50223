"""Take an upload: bytes into the store, one row into the table, or nothing at all."""

import os
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

import config
from jarvis.artifacts import ask, incoming, lock
from jarvis.artifacts.archive import central
from jarvis.artifacts.checksums import compare
from jarvis.artifacts.foreign import foreign
from jarvis.artifacts.incoming import Partial
from jarvis.artifacts.limits import limits_of
from jarvis.artifacts.room import told
from jarvis.artifacts.stores.store import chosen
from jarvis.artifacts.unpack import archive_format
from jarvis.errors import InvalidInput
from jarvis.home import Home
from models import Artifact, FileType


@dataclass(frozen=True, kw_only=True)
class Said:
    """What the sender says of an upload.

    Attributes:
        filename: Its name; a path is cut to its last part.
        declared: A `FileType`, or empty.
        expected: SHA-256 checksums in hex, each of which the bytes must have.
        service: The service that it is for; may be empty.
        analyse: Work out what it is as soon as it is kept; a deploy does that itself.
        by: Who sends it.
    """

    filename: str
    declared: str = ""
    expected: tuple[str, ...] = ()
    service: str = ""
    analyse: bool = True
    by: str


def folder() -> Path:
    """The folder in which uploads are received."""
    made = Home(config.settings().home).artifacts
    made.mkdir(parents=True, exist_ok=True)
    return made


def take(
    session: Session, pieces: Iterable[bytes], said: Said, *, limit: int, key: uuid.UUID | None = None
) -> Artifact:
    """Store an upload and make its row in the caller's transaction.

    Args:
        session: The caller's; no connection is used before everything has arrived.
        pieces: The bytes, in pieces of any size.
        said: What the sender says.
        limit: The most bytes that are taken.
        key: The id of the row, where it has to be known before.

    Raises:
        TooLarge: More than `limit` bytes came.
        JarvisError: As `keep` raises.
    """
    with told(folder()), incoming.fresh(folder()) as partial:
        partial.write(pieces, limit)
        return keep(session, partial, said, key=key)


def keep(session: Session, partial: Partial, said: Said, *, key: uuid.UUID | None = None) -> Artifact:
    """Make an artifact of what was received, in the caller's transaction.

    The bytes are locked by their checksum until that ends, so that no collector deletes them before the row
    can be seen.

    Raises:
        InvalidInput: Nothing came, a checksum differs, or the type does not fit.
        ArchiveRefused: A zip is cut off or encrypted.
        StorageFull: The disk is full.
        Unavailable: The store does not answer.
    """
    if partial.size == 0:
        raise InvalidInput("The upload is empty.", "Hand in a file or folder with something in it.")
    checksum = partial.sha256
    compare(said.expected, checksum)
    name = clean_name(said.filename)
    kind = file_type(partial.path, name, said.declared)
    store = chosen()
    with told(folder()):
        store.ready(partial.path, checksum, partial.size)
        lock.hold(session, checksum)
        place = store.keep(partial.path, checksum, partial.size)
    artifact = Artifact(
        id=key or uuid.uuid4(),
        filename=checksum,
        original_filename=name,
        file_type=kind,
        storage_path=place,
        file_size=partial.size,
        checksum_sha256=checksum,
        uploaded_by=said.by,
        artifact_metadata={"service": said.service} if said.service else {},
    )
    session.add(artifact)
    session.flush()
    if said.analyse:
        ask.analyse_soon(session, artifact, by=said.by)
    return artifact


def file_type(path: Path, filename: str, declared: str) -> FileType:
    """The type of the upload at `path`, by its first bytes; `declared` must not contradict them.

    Raises:
        InvalidInput: The declared type, or the file's name, does not fit what it holds, or it is an archive
            of a kind that is not taken.
        ArchiveRefused: It is a zip that is cut off or encrypted.
    """
    if other := foreign(path):
        raise InvalidInput(
            f"“{filename[:100]}” is {other}, which Jarvis does not unpack.",
            "Pack it again as .zip or .tar.gz.",
            {"filename": filename[:255], "rule": "format", "entry": ""},
        )
    found = archive_format(path, filename)
    if found is None and declared in {"zip", "tar", "directory"}:
        raise InvalidInput(
            f"“{filename[:100]}” is not an archive that can be read: it does not begin like a zip or tar.",
            "Check that the file is whole, or pack it again as .zip or .tar.gz.",
            {"filename": filename[:255], "rule": "format", "entry": ""},
        )
    kind = FileType.SINGLE_FILE if found is None else FileType.ZIP if found == "zip" else FileType.TAR
    if declared == "directory" and found == "tar":
        return FileType.DIRECTORY
    if declared and declared != kind.value:
        raise InvalidInput(
            f"The upload is declared as {declared}, but it is {kind.value}.",
            "Leave the type out, or correct it.",
        )
    _look(path, found)
    return kind


def _look(path: Path, found: str | None) -> None:
    """What can be seen without unpacking: a zip ends with the list of its files.

    Raises:
        ArchiveRefused: It is cut off, encrypted, or packed in a way that is not understood.
    """
    if found != "zip":
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        directory = central.find(descriptor, path.stat().st_size)
        central.entries(descriptor, directory, limits_of(config.settings()))
    finally:
        os.close(descriptor)


def clean_name(text: str) -> str:
    """The last part of a path a person gave, without control signs, at most 255 bytes: it may name a file."""
    base = text.replace("\\", "/").rstrip("/").rpartition("/")[2]
    shown = "".join(sign if sign.isprintable() else "_" for sign in base).strip()
    short = shown.encode()[-255:].decode(errors="ignore").strip()
    return short if short not in {"", ".", ".."} else "upload"
