"""The page of a plan, as a person sees it: what will happen, and a button that does just that."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Browser, expect

import postgres_lab
import web_lab
from browser_lab import CONTRAST, Visit
from jarvis.deployments.request import ALONG
from models import Deployment, Workflow
from planned import finish
from web_lab import Site

WORD = "x" * 150
FOUND: dict[str, Any] = {
    "runtime": "process",
    "runtime_why": "This machine has no Docker.",
    "verdict": {
        "kind": "web",
        "language": "python",
        "framework": "flask",
        "confidence": 0.9,
        "environment": [{"name": "SESSION_KEY", "required": True}],
        "findings": [{"severity": "danger", "why": f"It looks like a key: {WORD}", "file": f"{WORD}.py"}],
    },
    "settings": {"health": {"path": f"/{WORD}"}, "volumes": [{"name": "data", "path": "data"}]},
    "settings_from": {"health.path": "jarvis.toml, line 3"},
    "hosts": ["shop.localhost", f"{WORD[:60]}.{WORD[:60]}.example.org"],
}
SETS: dict[str, Any] = {
    "variables": {
        "LEVEL": {"mark": "1", "secret": None, "phase": None},
        "API_KEY": {"mark": "2", "secret": True, "phase": None},
    },
    "unset": [],
    "settings": {},
    "taken_back": [],
    "sha256": "c" * 64,
}
"""What a plan keeps of variables that its deploy is to set."""


@pytest.fixture(scope="module")
def site(
    postgres: postgres_lab.Server, engine_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """A Jarvis that a worker has prepared, so that it can be asked for work."""
    with web_lab.fresh(postgres, engine_template, tmp_path_factory.mktemp("home")) as running:
        yield running


def asked(visit: Visit, name: str) -> str:
    """Ask for a plan of the next deploy as a person does; its id."""
    key = visit.site.seed.live(name)
    with visit.site.database.get_session() as session:
        artifact = session.get_one(Deployment, UUID(key)).artifact_id
    page = visit.open(f"/artifacts/{artifact}")
    page.get_by_label("Service", exact=True).fill(name)
    page.get_by_role("button", name="Show what will happen").click()
    expect(page.locator("#looking")).to_contain_text("Jarvis looks into it.")
    return page.url.rpartition("/")[2]


def made(visit: Visit, name: str, along: dict[str, Any] | None = None) -> str:
    """A plan that was made; its hash."""
    key = asked(visit, name)
    with visit.site.database.get_session() as session:
        if along:
            row = session.get_one(Workflow, UUID(key))
            row.workflow_metadata = {**row.workflow_metadata, ALONG: along}
        found = finish(session, key, **{**FOUND, "hosts": [f"{name}.localhost", *FOUND["hosts"][1:]]})
    visit.page.reload()
    return str(found["hash"])


def test_it_works(visit: Visit) -> None:
    made(visit, "shop")
    page = visit.page
    expect(page.locator("h1")).to_have_text("What will happen")
    expect(page.get_by_text("Set SESSION_KEY: it does not do without.")).to_be_visible()
    page.get_by_role("button", name="Deploy this").click()
    expect(page.locator("h1")).to_contain_text("Deployment ")
    expect(page.get_by_role("link", name="shop", exact=True).first).to_be_visible()
    assert "/deployments/" in page.url


def test_what_a_plan_does_not_keep_is_said_where_people_have_it(visit: Visit) -> None:
    hashed = made(visit, "sets", SETS)
    page = visit.page
    expect(page.get_by_role("button", name="Deploy this")).to_have_count(0)
    words = f"jarvis deploy --plan {hashed[:12]} --secret API_KEY --env LEVEL=…"
    expect(page.locator("pre", has_text="jarvis deploy")).to_have_text(words)


def test_what_changed_since_is_told_in_place_of_the_button(visit: Visit) -> None:
    made(visit, "later")
    visit.site.seed.live("later")
    visit.page.reload()
    expect(visit.page.get_by_label("What changed")).to_contain_text("The version that runs now changed")
    expect(visit.page.get_by_role("button", name="Deploy this")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_fits_and_can_be_read(browser: Browser, site: Site, scheme: str) -> None:
    visit = Visit(browser, site, color_scheme=scheme)
    visit.log_in()
    made(visit, f"fits-{scheme}", SETS)
    for width in (1200, 360):
        visit.page.set_viewport_size({"width": width, "height": 900})
        assert visit.page.evaluate("document.documentElement.scrollWidth") <= width
        assert visit.page.evaluate(CONTRAST)["poor"] == []
    visit.context.close()
    assert visit.faults == []
