"""A real S3 service that a test may stop."""

from collections.abc import Iterator
from pathlib import Path

import pytest

import s3_lab


@pytest.fixture
def own_s3(tmp_path: Path) -> Iterator[s3_lab.S3Lab]:
    """A service of one test."""
    folder = tmp_path / "own-s3"
    folder.mkdir()
    with s3_lab.serve(folder) as lab:
        yield lab
