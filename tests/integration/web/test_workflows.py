"""The pages of workflows and tasks, without JavaScript."""

import re
from uuid import UUID

import pytest

import web_lab
from jarvis.accounts.roles import Role
from jarvis.tasks.ask import Question, put
from models import Task, TaskType, Workflow, WorkflowStatus, WorkflowStep


def made(site: web_lab.Site, name: str, status: WorkflowStatus) -> str:
    """A workflow that stands at its second step."""
    key = site.seed.deployment(name)[1]
    with site.database.get_session() as session:
        row = session.get_one(Workflow, UUID(key))
        row.status, row.service, row.total_steps = status, name, 5
    site.seed.step(key, 1)
    return key


def ask(site: web_lab.Site, workflow: str, title: str = "May it?") -> str:
    with site.database.get_session() as session:
        question = Question(
            TaskType.APPROVAL_REQUIRED,
            title,
            "It costs money.",
            {"steps": ["Look", "Decide"], "records": [{"type": "A", "value": "192.0.2.1"}]},
        )
        return str(put(session, workflow, "approve", question).id)


def buttons(text: str) -> list[str]:
    return re.findall(
        r"<button[^>]*>([^<]+)</button>", text.partition('id="controls"')[2].partition("</div>")[0]
    )


def test_it_works(site: web_lab.Site, cookie: str) -> None:
    key = made(site, "paged", WorkflowStatus.RUNNING)
    site.seed.say(
        key, "log", "two", "unpack", lines=[[0.0, "out", "one <b>"], [0.1, "err", "two"]], first=1, count=2
    )
    site.seed.say(key, "warning", "Large", "unpack")
    text = site.ask(f"/workflows/{key}", cookie=cookie).text
    assert "Unpacking the artifact" in text
    assert "one &lt;b&gt;\ntwo</pre>" in text
    assert '<li class="warning">Large</li>' in text
    assert buttons(text) == ["Pause", "Cancel"]


@pytest.mark.parametrize(
    ("status", "shown"),
    [
        (WorkflowStatus.PENDING, ["Pause", "Cancel"]),
        (WorkflowStatus.PAUSED, ["Resume", "Cancel"]),
        (WorkflowStatus.FAILED, ["Retry from where it failed", "Retry from the start"]),
        (WorkflowStatus.COMPLETED, []),
    ],
)
def test_only_what_is_possible_has_a_button(
    site: web_lab.Site, cookie: str, status: WorkflowStatus, shown: list[str]
) -> None:
    key = made(site, "buttons", status)
    assert buttons(site.ask(f"/workflows/{key}", cookie=cookie).text) == shown


def test_a_viewer_sees_no_buttons_and_may_not_press_them(site: web_lab.Site) -> None:
    key = made(site, "looked-at", WorkflowStatus.RUNNING)
    viewer = site.log_in(site.seed.token(Role.VIEWER, "vic"))
    assert buttons(site.ask(f"/workflows/{key}", cookie=viewer).text) == []
    assert site.ask(f"/workflows/{key}/cancel", cookie=viewer, form={}).status == 403
    task = ask(site, key)
    assert "Your answer" not in site.ask(f"/tasks/{task}", cookie=viewer).text


def test_a_button_is_pressed(site: web_lab.Site, cookie: str) -> None:
    key = made(site, "pressed", WorkflowStatus.RUNNING)
    answer = site.ask(f"/workflows/{key}/pause", cookie=cookie, form={})
    assert (answer.status, answer.headers["location"]) == (303, f"/workflows/{key}")
    assert "anna asked to pause it" in site.ask(f"/workflows/{key}", cookie=cookie).text


def test_a_form_of_another_site_is_refused(site: web_lab.Site, cookie: str) -> None:
    key = made(site, "foreign", WorkflowStatus.RUNNING)
    foreign = {"Origin": "https://evil.example"}
    assert site.ask(f"/workflows/{key}/cancel", cookie=cookie, form={}, **foreign).status == 403


@pytest.mark.parametrize("verb", ["explode", "cancel%00"])
def test_there_are_no_other_verbs(site: web_lab.Site, cookie: str, verb: str) -> None:
    key = made(site, "verbs", WorkflowStatus.RUNNING)
    assert site.ask(f"/workflows/{key}/{verb}", cookie=cookie, form={}).status == 404


def test_a_verb_that_comes_too_late_says_so(site: web_lab.Site, cookie: str) -> None:
    key = made(site, "late", WorkflowStatus.COMPLETED)
    answer = site.ask(f"/workflows/{key}/cancel", cookie=cookie, form={})
    assert answer.status == 409
    assert "Cannot cancel a completed workflow." in answer.text


def test_what_a_cleaned_up_workflow_did_is_still_shown(site: web_lab.Site, cookie: str) -> None:
    key = site.seed.deployment("cleaned")[1]
    with site.database.get_session() as session:
        row = session.get_one(Workflow, UUID(key))
        row.status = WorkflowStatus.COMPLETED
        session.execute(Workflow.metadata.tables["workflow_events"].delete())
        session.add(
            WorkflowStep(workflow_id=row.id, name="unpack", number=1, title="Unpacking", status="done")
        )
    assert "Unpacking" in site.ask(f"/workflows/{key}", cookie=cookie).text


def test_the_list_is_filtered(site: web_lab.Site, cookie: str) -> None:
    failed = made(site, "listed", WorkflowStatus.FAILED)
    paused = made(site, "listed", WorkflowStatus.PAUSED)
    text = site.ask("/workflows?service=listed&status=failed", cookie=cookie).text
    assert failed in text
    assert paused not in text
    empty = site.ask("/workflows?service=listed&status=&type=&created_by=", cookie=cookie)
    assert (empty.status, empty.headers["location"]) == (303, "/workflows?service=listed")
    assert "There is no such workflow" in site.ask("/workflows?service=nobody", cookie=cookie).text


def test_a_task_is_answered_on_its_page(site: web_lab.Site, cookie: str) -> None:
    key = made(site, "answered", WorkflowStatus.RUNNING)
    task = ask(site, key)
    assert f"/tasks/{task}" in site.ask(f"/workflows/{key}", cookie=cookie).text
    text = site.ask(f"/tasks/{task}", cookie=cookie).text
    for part in ("It costs money.", "Decide", "192.0.2.1", "It is done", "Reject it"):
        assert part in text
    assert site.ask(f"/tasks/{task}/done", cookie=cookie, form={"note": "Yes <b>"}).status == 303
    after = site.ask(f"/tasks/{task}", cookie=cookie).text
    assert "Completed by anna" in after
    assert "Yes &lt;b&gt;" in after
    assert "Your answer" not in after
    assert site.ask(f"/tasks/{task}/reject", cookie=cookie, form={"reason": "No"}).status == 409


def test_a_task_is_rejected_with_a_reason(site: web_lab.Site, cookie: str) -> None:
    task = ask(site, made(site, "rejected", WorkflowStatus.RUNNING))
    for reason in ("", "   ", "x" * 10_001, "\x00"):
        assert site.ask(f"/tasks/{task}/reject", cookie=cookie, form={"reason": reason}).status == 422
    assert site.ask(f"/tasks/{task}/reject", cookie=cookie, form={"reason": "Too dear"}).status == 303
    with site.database.get_session() as session:
        assert session.get_one(Task, UUID(task)).status.value == "rejected"


def test_the_list_of_tasks_is_filtered(site: web_lab.Site, cookie: str) -> None:
    task = ask(site, made(site, "asked-list", WorkflowStatus.PAUSED), "Only this")
    assert task in site.ask("/tasks?service=asked-list&status=pending", cookie=cookie).text
    assert "There is no such task" in site.ask("/tasks?service=asked-list&status=expired", cookie=cookie).text
