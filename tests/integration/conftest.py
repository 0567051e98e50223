"""What several rooms share: a database that a worker has prepared, a real S3 service."""

from collections.abc import Iterator

import pytest

import engine_lab
import postgres_lab
import s3_lab


@pytest.fixture(scope="session")
def engine_template(postgres: postgres_lab.Server, migrated_template: str) -> Iterator[str]:
    """A database that a worker has prepared."""
    name = postgres.create(migrated_template)
    engine_lab.prepare(postgres.url(name))
    yield name
    postgres.drop(name)


@pytest.fixture(scope="session")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[s3_lab.S3Lab]:
    """One service for all tests; each uses content or a place of its own."""
    with s3_lab.serve(tmp_path_factory.mktemp("s3")) as lab:
        yield lab
