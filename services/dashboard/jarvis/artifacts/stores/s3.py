"""Bytes in a bucket of an S3 service, by the library obstore.

What the service answers may quote an access key, so its words never reach a message: what is wrong is told by
the kind of the error only.
"""

import hashlib
import re
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import obstore
from obstore.exceptions import BaseError, GenericError, PermissionDeniedError, UnauthenticatedError
from obstore.store import S3Store as Bucket

import config
from jarvis.artifacts.room import told
from jarvis.artifacts.stores.blob import FOLDER, Blob, blob_path, gone, is_checksum
from jarvis.errors import Unavailable

if TYPE_CHECKING:
    from obstore.store import S3Config

T = TypeVar("T")

_ADDRESS = re.compile(r"https?://(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]+)?(?:/[!-~]*)?")
PART = 8 * 1024**2
"""Bytes of one request while uploading; two at a time, so that memory stays small."""
PIECE = 256 * 1024
NOT_PARTIAL = "non-partial"
"""In what obstore says where a service answers a range with 200 instead of 206, as `rclone serve s3` does."""
PATIENCE = 60.0
"""Seconds without a byte from the service, and seconds in which a failed request is tried again."""


class S3Store:
    """A bucket, and a prefix in it.

    Args:
        settings: Where it is and who we are.
        patience: Seconds without an answer.

    Raises:
        Unavailable: The endpoint is no address.
    """

    def __init__(self, settings: config.Settings, patience: float | None = None) -> None:
        patience = PATIENCE if patience is None else patience
        bucket, _, prefix = settings.artifact_store.removeprefix("s3://").partition("/")
        self.place = settings.artifact_store
        endpoint = settings.s3_endpoint
        if endpoint and not _ADDRESS.fullmatch(endpoint):
            raise Unavailable(
                "JARVIS_S3_ENDPOINT is no address of an S3 service.",
                "It begins with https:// or http://. Correct it and start Jarvis again.",
            )
        self._bucket = Bucket(
            bucket,
            prefix=prefix.strip("/") or None,
            config=_access(settings),
            client_options={
                "allow_http": endpoint.startswith("http://"),
                "connect_timeout": timedelta(seconds=min(5.0, patience)),
                "read_timeout": timedelta(seconds=patience),
                "timeout": timedelta(days=1),  # of a whole file, which may be large and its reader slow
            },
            retry_config={
                "max_retries": 3,
                "retry_timeout": timedelta(seconds=patience),
                "backoff": {
                    "init_backoff": timedelta(milliseconds=100),
                    "max_backoff": timedelta(seconds=2),
                    "base": 2,
                },
            },
        )

    def ready(self, file: Path, sha256: str, size: int) -> None:
        """Upload the bytes, unless they are there."""
        if not self._has(blob_path(sha256), size):
            self._upload(file, blob_path(sha256))

    def keep(self, file: Path, sha256: str, size: int) -> str:
        """Look whether they are still there: a collector may have come between."""
        path = blob_path(sha256)
        if not self._has(path, size):
            self._upload(file, path)
        return path

    def read(self, path: str, start: int, end: int) -> Iterator[bytes]:
        """The bytes from `start` up to `end`.

        Raises:
            NotFound: They are not there.
            Unavailable: The service does not answer.
        """
        pieces = self._part(path, start, end)
        first = self._told(lambda: next(pieces, b""))

        def following() -> Iterator[bytes]:
            yield first
            while piece := self._told(lambda: next(pieces, b"")):
                yield piece

        return following()

    @contextmanager
    def local(self, path: str, sha256: str, scratch: Path) -> Generator[Path]:
        """Fetch the bytes into `scratch`.

        Raises:
            NotFound: They are not there.
            Unavailable: The service does not answer, or gives other bytes than were handed in.
        """
        try:
            digest = hashlib.sha256()
            pieces = self._pieces(path)
            with told(scratch.parent), scratch.open("wb") as file:
                while piece := self._told(lambda: next(pieces, b"")):
                    digest.update(piece)
                    file.write(piece)
            if digest.hexdigest() != sha256:
                raise Unavailable(
                    f"The store {self.place} gives other bytes than were handed in.",
                    "Something changed them there. Hand the artifact in again.",
                    {"expected": sha256, "received": digest.hexdigest()},
                )
            yield scratch
        finally:
            scratch.unlink(missing_ok=True)

    def delete(self, path: str) -> None:
        """Delete the object."""
        try:
            self._told(lambda: obstore.delete(self._bucket, path))
        except FileNotFoundError:
            return

    def blobs(self) -> Iterator[Blob]:
        """All objects whose name is a checksum."""
        pages = iter(obstore.list(self._bucket, FOLDER))  # pyright: ignore[reportUnknownMemberType] - of Arrow
        while (page := self._told(lambda: next(pages, None))) is not None:
            for item in page:
                name = item["path"].rpartition("/")[2]
                if is_checksum(name):
                    yield Blob(name, item["last_modified"].timestamp())

    def _has(self, path: str, size: int) -> bool:
        try:
            return self._told(lambda: obstore.head(self._bucket, path))["size"] == size
        except FileNotFoundError:
            return False

    def _upload(self, file: Path, path: str) -> None:
        try:
            self._told(lambda: obstore.put(self._bucket, path, file, chunk_size=PART, max_concurrency=2))
        except FileNotFoundError:
            raise self._away("There is no such bucket.") from None

    def _pieces(self, path: str, wanted: tuple[int, int] | None = None) -> Iterator[bytes]:
        options: obstore.GetOptions = {"range": wanted} if wanted else {}
        try:
            stream = obstore.get(self._bucket, path, options=options).stream(min_chunk_size=PIECE)
            while (piece := next(stream, None)) is not None:
                yield bytes(piece)
        except FileNotFoundError:
            raise gone(path) from None

    def _part(self, path: str, start: int, end: int) -> Iterator[bytes]:
        try:
            yield from self._pieces(path, (start, end))
        except GenericError as error:
            if NOT_PARTIAL not in str(error):
                raise
            yield from _cut(self._pieces(path), start, end)

    def _told(self, work: Callable[[], T]) -> T:
        """What `work` gives; what goes wrong is told without the words of the service."""
        try:
            return work()
        except (PermissionDeniedError, UnauthenticatedError):
            raise self._away("It refuses the access key.") from None
        except BaseError:
            raise self._away("It does not answer, or not as an S3 service does.") from None

    def _away(self, reason: str) -> Unavailable:
        return Unavailable(
            f"The store {self.place} cannot be used. {reason}",
            "Check JARVIS_ARTIFACT_STORE and the settings JARVIS_S3_…, then try again.",
            {"store": self.place},
        )


def _access(settings: config.Settings) -> "S3Config":
    """Who we are, where. What is not set is left to the library, which knows the roles of machines too."""
    access: S3Config = {"region": settings.s3_region}
    if settings.s3_endpoint:
        access["endpoint"] = settings.s3_endpoint
    if settings.s3_access_key_id:
        access["access_key_id"] = settings.s3_access_key_id
    if settings.s3_secret_access_key:
        access["secret_access_key"] = settings.s3_secret_access_key
    return access


def _cut(pieces: Iterator[bytes], start: int, end: int) -> Iterator[bytes]:
    """The bytes from `start` up to `end` of the whole."""
    at = 0
    for piece in pieces:
        if cut := piece[max(0, start - at) : end - at]:
            yield cut
        at += len(piece)
        if at >= end:
            return
