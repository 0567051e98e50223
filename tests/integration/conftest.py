"""What several rooms share: a real S3 service."""

from collections.abc import Iterator

import pytest

import s3_lab


@pytest.fixture(scope="session")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[s3_lab.S3Lab]:
    """One service for all tests; each uses content or a place of its own."""
    with s3_lab.serve(tmp_path_factory.mktemp("s3")) as lab:
        yield lab
