"""How bytes are named in every store, and what a store says of them."""

from dataclasses import dataclass

from jarvis.errors import NotFound

FOLDER = "sha256"


@dataclass(frozen=True)
class Blob:
    """Bytes that a store has.

    Attributes:
        sha256: Their checksum, as their name says.
        changed: When they came or came again, in seconds since 1970.
    """

    sha256: str
    changed: float


def blob_path(sha256: str) -> str:
    """Where the bytes with this checksum lie, relative to the store."""
    return f"{FOLDER}/{sha256[:2]}/{sha256}"


def is_checksum(text: str) -> bool:
    """Whether `text` is a SHA-256 as stores write it: 64 hexadecimal digits, small letters."""
    return len(text) == 64 and all(sign in "0123456789abcdef" for sign in text)


def gone(path: str) -> NotFound:
    """The bytes are not in the store, although a row names them."""
    return NotFound(
        "The bytes of this artifact are not in the store any more.",
        "Hand it in again. After a change of JARVIS_ARTIFACT_STORE the bytes have to be moved as well.",
        {"storage_path": path},
    )
