"""What every store can do, and which one is meant."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from functools import cache
from pathlib import Path
from typing import Protocol

import config
from jarvis.artifacts.stores.blob import Blob
from jarvis.artifacts.stores.local import LocalStore
from jarvis.home import Home


class Store(Protocol):
    """Bytes by their checksum. Every method may be called twice.

    All raise `Unavailable` when the store does not answer, and `NotFound` when the bytes are not there.
    """

    def ready(self, file: Path, sha256: str, size: int) -> None:
        """Bring the bytes of `file` as near as can be. May take long; no lock is held meanwhile."""
        ...

    def keep(self, file: Path, sha256: str, size: int) -> str:
        """The bytes are in the store when this returns; where, relative to it. Quick after `ready`.

        `file` may be moved away.
        """
        ...

    def read(self, path: str, start: int, end: int) -> Iterator[bytes]:
        """The bytes from `start` up to `end`, without it. What is wrong is told before the first piece."""
        ...

    def local(self, path: str, sha256: str, scratch: Path) -> AbstractContextManager[Path]:
        """The bytes as a file of this machine, for the time of the block.

        Args:
            path: Where they lie in the store.
            sha256: What they must be, where they have to be fetched.
            scratch: The file to make where the store is not on this machine; removed at the end.
        """
        ...

    def delete(self, path: str) -> None:
        """Delete the bytes; none there is no error."""
        ...

    def blobs(self) -> Iterator[Blob]:
        """All that is in the store, in no order."""
        ...


def chosen() -> Store:
    """The store that the settings name."""
    return _made(config.settings())


@cache
def _made(settings: config.Settings) -> Store:
    if not settings.artifact_store:
        return LocalStore(Home(settings.home).artifacts)
    from jarvis.artifacts.stores.s3 import S3Store  # 10 MB that nobody else needs

    return S3Store(settings)
