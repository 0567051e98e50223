"""One web process for the tests of this folder; each test uses services of its own."""

from collections.abc import Iterator

import pytest

import postgres_lab
import web_lab


@pytest.fixture(scope="session")
def site(
    postgres: postgres_lab.Server, migrated_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[web_lab.Site]:
    """A Jarvis with pages."""
    with web_lab.fresh(postgres, migrated_template, tmp_path_factory.mktemp("home")) as running:
        yield running


@pytest.fixture(scope="module")
def prepared(
    postgres: postgres_lab.Server, engine_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[web_lab.Site]:
    """One for a file alone, whose database a worker has prepared; none runs, so what is asked for waits."""
    with web_lab.fresh(postgres, engine_template, tmp_path_factory.mktemp("home")) as running:
        yield running


@pytest.fixture(scope="session")
def cookie(site: web_lab.Site) -> str:
    """An admin's session."""
    return site.log_in()
