"""The page of a workflow while it happens, and the pages of workflows and tasks in every size."""

from uuid import UUID

import pytest
from playwright.sync_api import Browser, expect

from browser_lab import Visit
from jarvis.tasks.ask import Question, put
from models import TaskType, Workflow, WorkflowStatus
from web_lab import Site

STEPS = {
    "steps": ["Look at the bill", "Ask Ben"],
    "records": [{"type": "A", "name": "mysite.example.org", "value": "192.0.2.10"}],
}


def turn(site: Site, workflow: str, status: WorkflowStatus) -> None:
    with site.database.get_session() as session:
        row = session.get_one(Workflow, UUID(workflow))
        row.status, row.service, row.total_steps = status, "shop", 5


def ask(site: Site, workflow: str) -> str:
    with site.database.get_session() as session:
        question = Question(TaskType.APPROVAL_REQUIRED, "May it cost 5 € a month?", "It is larger.", STEPS)
        return str(put(session, workflow, "approve", question).id)


def test_it_works(visit: Visit, site: Site) -> None:
    deployment, workflow = site.seed.deployment("steered")
    page = visit.open(f"/workflows/{workflow}")
    expect(page.locator("#state")).to_have_text("pending")
    page.evaluate("window.same = true")
    site.seed.begin(deployment)
    site.seed.step(workflow, 1, done=False)
    expect(page.locator("#state")).to_have_text("running")
    site.seed.say(
        workflow, "log", "b", "unpack", lines=[[0, "out", "line <a>"], [1, "out", "line b"]], count=2
    )
    expect(page.locator("#steps .log").last).to_have_text("line <a>\nline b")
    turn(site, workflow, WorkflowStatus.PAUSED)
    ask(site, workflow)
    expect(page.locator("#ending")).to_contain_text("May it cost 5 € a month?")
    expect(page.locator("#controls button")).to_have_text(["Cancel"])
    site.seed.fail(deployment, "It went wrong.", "Look at it.")
    expect(page.locator("#ending")).to_contain_text("Look at it.")
    expect(page.locator("#controls button")).to_have_text(
        ["Retry from where it failed", "Retry from the start"]
    )
    assert page.evaluate("window.same")


def test_a_long_log_keeps_its_last_lines(visit: Visit, site: Site) -> None:
    deployment, workflow = site.seed.deployment("chatty")
    page = visit.open(f"/workflows/{workflow}")
    site.seed.begin(deployment)
    site.seed.step(workflow, 1, done=False)
    for part in range(3):
        lines = [[0, "out", f"line {part * 400 + number}"] for number in range(400)]
        site.seed.say(workflow, "log", "…", "unpack", lines=lines, first=part * 400 + 1, count=400)
    log = page.locator("#steps .log").last
    expect(log).to_contain_text("line 1199")
    told = (log.text_content() or "").splitlines()
    assert (len(told), told[0]) == (500, "line 700")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 768, 1280, 2560])
def test_no_page_is_wider_than_its_window(browser: Browser, site: Site, width: int, scheme: str) -> None:
    deployment, workflow = site.seed.deployment("wide")
    site.seed.begin(deployment)
    site.seed.step(workflow, 1)
    site.seed.say(workflow, "log", "x", "unpack", lines=[[0, "out", "x" * 3000]], first=1, count=1)
    turn(site, workflow, WorkflowStatus.PAUSED)
    task = ask(site, workflow)
    size = {"width": width, "height": 900}
    visit = Visit(browser, site, viewport=size, color_scheme=scheme)
    visit.enter()
    for path in ("/workflows", f"/workflows/{workflow}", "/tasks", f"/tasks/{task}"):
        page = visit.open(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    visit.context.close()
    assert visit.faults == []
