"""One web process and one browser for the tests of this folder; each test has a window of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

import browser_lab
import postgres_lab
import web_lab


@pytest.fixture(scope="session")
def site(
    postgres: postgres_lab.Server, migrated_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[web_lab.Site]:
    """A Jarvis with pages."""
    with web_lab.fresh(postgres, migrated_template, tmp_path_factory.mktemp("home")) as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The browser."""
    if not Path(browser_lab.CHROMIUM).exists():
        pytest.skip(f"There is no {browser_lab.CHROMIUM}.")
    with browser_lab.chromium() as running:
        yield running


@pytest.fixture
def visit(browser: Browser, site: web_lab.Site) -> Iterator[browser_lab.Visit]:
    """A window that is logged in; the test fails if a page did what it must not do."""
    window = browser_lab.Visit(browser, site)
    window.enter()
    yield window
    window.context.close()
    assert window.faults == []


@pytest.fixture
def alone(database_url: str, tmp_path: Path) -> Iterator[web_lab.Site]:
    """A new Jarvis that nobody else uses."""
    with web_lab.serve(database_url, tmp_path) as running:
        yield running
