"""A real S3 service, and an application whose artifacts lie in a store of each kind."""

from collections.abc import Iterator
from pathlib import Path

import pytest

import s3_lab


@pytest.fixture(scope="session")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[s3_lab.S3Lab]:
    """One service for all tests; each uses content of its own."""
    with s3_lab.serve(tmp_path_factory.mktemp("s3")) as lab:
        yield lab


@pytest.fixture
def own_s3(tmp_path: Path) -> Iterator[s3_lab.S3Lab]:
    """A service of one test, which may stop it."""
    folder = tmp_path / "own-s3"
    folder.mkdir()
    with s3_lab.serve(folder) as lab:
        yield lab
