from collections.abc import Iterator
from uuid import UUID

import pytest
from playwright.sync_api import Browser, expect

import scene
from browser_lab import CONTRAST, Visit
from models import Artifact, Deployment
from web_lab import Site

LONG = "a-name-that-is-as-long-as-a-name-may-be-which-is-sixty-three-xx"


@pytest.fixture(scope="module")
def paths(site: Site) -> list[str]:
    """Every page, with much on it."""
    failed = scene.day(site.seed)
    runs, _ = scene.busy(site.seed)
    done = site.seed.live(
        LONG, domain=f"{LONG}.{LONG}.example.com", filename="x" * 200 + ".zip", by="b" * 200
    )
    deployments = [f"/deployments/{key}" for key in (failed, runs, done)]
    services = [f"/services/{LONG}", "/services/docs"]
    return ["/", *deployments, *services, "/api/docs", "/nothing/here", "/artifacts", *artifacts(site, done)]


def artifacts(site: Site, deployment: str) -> list[str]:
    """An artifact with a full card and long words, one that was refused, one that nobody looked at."""
    word = "x" * 150
    reason = {"fact": "start_command", "file": f"{word}.py", "line": 3, "why": f"it runs {word}"}
    other = {"kind": "static", "language": "none", "framework": "none", "confidence": 0.4, "why": word}
    verdict = {
        "kind": "web", "language": "python", "framework": "flask", "root": word, "port": 8000,
        "start_command": word, "confidence": 0.9, "evidence": [reason, {**reason, "fact": "port"}],
        "needs": [{"engine": "postgres", "level": "required", "file": word, "line": 1, "why": word}],
        "environment": [{"name": word.upper(), "secret": True, "required": False}] * 3,
        "parts": [{**other, "name": word, "root": word, "start_command": word}],
        "size": {"files": 1, "bytes": 1}, "alternatives": [other],
        "findings": [
            {"severity": kind, "why": word, "file": word, "line": 1} for kind in ("danger", "warning", "note")
        ],
    }  # fmt: skip
    plan = {
        "why": word, "warnings": [word], "questions": [{"text": word}],
        "dockerfile": {"text": f"FROM {word}{word}"},
    }  # fmt: skip
    error = {"detail": word, "hint": word, "entry": word, "rule": word}
    git = {"url": f"https://{word}", "ref": word, "commit": "c" * 40}
    with site.database.get_session() as session:
        row = session.get_one(Artifact, session.get_one(Deployment, UUID(deployment)).artifact_id)
        row.artifact_metadata = {"verdict": verdict, "plan": plan, "git": git}
        members = (
            "filename",
            "original_filename",
            "file_type",
            "storage_path",
            "file_size",
            "checksum_sha256",
        )
        same = {name: getattr(row, name) for name in members}
        more = [Artifact(**same, artifact_metadata=kept) for kept in ({"error": error}, {})]
        session.add_all(more)
        session.flush()
        return [f"/artifacts/{item.id}" for item in (row, *more)]


@pytest.fixture(params=["light", "dark"])
def themed(request: pytest.FixtureRequest, browser: Browser, site: Site) -> Iterator[Visit]:
    """A window with that colour scheme."""
    visit = Visit(browser, site, color_scheme=request.param)
    visit.enter()
    yield visit
    visit.context.close()


def test_it_works(visit: Visit, paths: list[str]) -> None:
    for path in paths:
        visit.open(path)
        expect(visit.page.locator("h1")).to_be_visible()
    visit.faults = [fault for fault in visit.faults if "404" not in fault]


@pytest.mark.parametrize("width", [360, 768, 1280, 2560])
def test_no_page_is_wider_than_the_window(visit: Visit, paths: list[str], width: int) -> None:
    visit.page.set_viewport_size({"width": width, "height": 900})
    for path in paths:
        page = visit.open(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    visit.faults.clear()


def test_every_word_stands_out_from_its_ground(themed: Visit, paths: list[str]) -> None:
    for path in paths:
        page = themed.open(path)
        for width in (1280, 360):
            page.set_viewport_size({"width": width, "height": 900})
            found = page.evaluate(CONTRAST)
            assert found["read"] > 5, path
            assert found["poor"] == [], path


def test_the_login_and_its_refusal_can_be_read(browser: Browser, site: Site) -> None:
    for scheme in ("light", "dark"):
        visit = Visit(browser, site, color_scheme=scheme)
        visit.open("/login")
        visit.page.fill("#token", "jarvis_wrong")
        visit.page.click("main button")
        expect(visit.page.get_by_role("alert")).to_contain_text("does not know this access token")
        assert visit.page.evaluate(CONTRAST)["poor"] == []
        visit.context.close()


def test_the_keyboard_reaches_the_content_and_shows_where_it_is(visit: Visit) -> None:
    page = visit.open("/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"


def test_times_are_shown_in_the_zone_of_the_viewer(visit: Visit, paths: list[str]) -> None:
    time = visit.open(paths[2]).locator("#facts time").first
    expect(time).to_have_text("2 Mar 2026, 13:30:00")
    expect(time).to_have_attribute("title", "2 Mar 2026, 12:30:00 UTC")


def test_nothing_moves_for_those_who_asked_for_it(browser: Browser, site: Site, paths: list[str]) -> None:
    names: list[str] = []
    for wish in ("reduce", "no-preference"):
        visit = Visit(browser, site, reduced_motion=wish)
        visit.enter()
        item = visit.open(paths[2]).locator("#steps > li[data-state=now]")
        names.append(item.evaluate("item => getComputedStyle(item, '::before').animationName"))
        visit.context.close()
    assert names == ["none", "breathe"]


def test_a_table_says_in_cards_what_its_columns_said(visit: Visit, paths: list[str]) -> None:
    assert paths
    visit.page.set_viewport_size({"width": 360, "height": 900})
    row = visit.open("/").locator("#services tbody tr", has_text="docs.localhost")
    expect(row).to_be_visible()
    said = row.locator("[data-label=Releases]").evaluate("cell => getComputedStyle(cell, '::before').content")
    assert "Releases" in said
    assert row.evaluate("row => row.getBoundingClientRect().width") <= 360
