"""Take an upload: bytes into the store, one row into the table."""

from collections.abc import Iterable
from pathlib import Path

from sqlalchemy.orm import Session

from jarvis.artifacts import store
from jarvis.artifacts.archive.extract import sniff
from jarvis.errors import InvalidInput
from models import Artifact, FileType


def file_type(path: Path, filename: str, declared: str) -> FileType:
    """The type of the upload at `path`, by its first bytes; `declared` must not contradict them.

    Raises:
        InvalidInput: The declared type, or the file's name, does not fit what it holds.
    """
    found = sniff(path)
    kind = FileType.SINGLE_FILE if found is None else FileType.ZIP if found == "zip" else FileType.TAR
    named = filename.lower().endswith((".zip", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".zst"))
    if found is None and (named or declared in {"zip", "tar", "directory"}):
        raise InvalidInput(
            f"“{filename[:100]}” is not an archive that can be read: it does not begin like a zip or tar.",
            "Check that the file is whole, or pack it again as .zip or .tar.gz.",
            {"filename": filename[:255]},
        )
    if declared == "directory" and found == "tar":
        return FileType.DIRECTORY
    if declared and declared != kind.value:
        raise InvalidInput(
            f"The upload is declared as {declared}, but it is {kind.value}.",
            "Leave the type out, or correct it.",
        )
    return kind


def clean_name(text: str) -> str:
    """The last part of a path a person gave, without control signs, at most 255 bytes: it may name a file."""
    base = text.replace("\\", "/").rstrip("/").rpartition("/")[2]
    shown = "".join(sign if sign.isprintable() else "_" for sign in base).strip()
    short = shown.encode()[-255:].decode(errors="ignore").strip()
    return short if short not in {"", ".", ".."} else "upload"


def take(
    session: Session,
    folder: Path,
    chunks: Iterable[bytes],
    *,
    filename: str,
    declared: str = "",
    limit: int,
    expected: str = "",
    by: str,
) -> Artifact:
    """Store an upload and make its row in the caller's transaction.

    Raises:
        JarvisError: As `store.write` and `file_type` raise; then neither row nor bytes stay.
    """
    name = clean_name(filename)
    kinds: list[FileType] = []
    stored = store.write(
        folder,
        chunks,
        lambda path: kinds.append(file_type(path, name, declared)),
        limit=limit,
        expected=expected,
    )
    artifact = Artifact(
        filename=stored.sha256,
        original_filename=name,
        file_type=kinds[0],
        storage_path=stored.path,
        file_size=stored.size,
        checksum_sha256=stored.sha256,
        uploaded_by=by,
    )
    session.add(artifact)
    session.flush()
    return artifact
