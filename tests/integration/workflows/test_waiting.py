"""Workflows that wait for a person or for a time: no process is held, and nothing is lost meanwhile."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from caddy_lab import poll
from jarvis.errors import Conflict
from jarvis.tasks import answer
from models import Task, TaskStatus, WorkflowStatus
from story_lab import Stories

FAILED, PAUSED = WorkflowStatus.FAILED, WorkflowStatus.PAUSED


def asked(stories: Stories) -> tuple[str, Task]:
    """A workflow that waits for its answer."""
    key = stories.tell("asks")
    stories.until(key, PAUSED)
    (task,) = stories.tasks(key)
    return key, task


def reply(stories: Stories, task: Task, **said: Any) -> None:
    stories.within(lambda session: answer.done(session, str(task.id), "ada", **said))


def test_it_works(stories: Stories) -> None:
    stories.start()
    key, task = asked(stories)
    assert (task.title, task.status) == ("May it?", TaskStatus.PENDING)
    assert task.instructions == {"steps": ["Look", "Say"]}
    assert stories.steps(key)["ask"].status == "waiting"
    reply(stories, task, note="fine")
    stories.until(key)
    assert stories.notes(key) == ["one", "one ended", "two", "two ended"]
    kinds = [event.kind for event in stories.events(key)]
    assert kinds.index("asked") < kinds.index("answered") < kinds.index("end")
    assert stories.steps(key)["ask"].output == {
        "status": "completed",
        "answer": {},
        "note": "fine",
        "by": "ada",
    }


def test_an_answer_is_heard_by_a_worker_that_starts_later(stories: Stories) -> None:
    first = stories.start()
    key, task = asked(stories)
    first.kill()
    first.wait(30)
    reply(stories, task, answer={"gate": "two"})
    stories.start()
    stories.noted(key, "two")
    (stories.home / "go").touch()
    stories.until(key)
    assert stories.notes(key).count("one") == 1


def test_an_answer_that_is_rolled_back_wakes_nobody(stories: Stories) -> None:
    stories.start()
    key, task = asked(stories)
    with stories.database.get_session() as session:
        answer.done(session, str(task.id), "ada")
        session.rollback()
    assert stories.workflow(key).status is PAUSED
    assert stories.tasks(key)[0].status is TaskStatus.PENDING
    reply(stories, task)
    stories.until(key)


def test_a_refusal_is_an_answer(stories: Stories) -> None:
    stories.start()
    key, task = asked(stories)
    stories.within(lambda session: answer.reject(session, str(task.id), "ada", "Not on a Friday"))
    assert stories.until(key, FAILED).error_message == "Nobody allowed it: rejected."
    assert stories.events(key)[-1].data["error"]["hint"] == "Not on a Friday"


def test_the_second_answer_is_told_of_the_first(stories: Stories) -> None:
    stories.start()
    key, task = asked(stories)
    reply(stories, task)
    with pytest.raises(Conflict, match="closed: done by ada"):
        stories.within(lambda session: answer.reject(session, str(task.id), "bob", "No"))
    stories.until(key)


def test_time_that_passes_without_an_answer_is_one(stories: Stories) -> None:
    stories.start()
    key, task = asked(stories)
    past = datetime.now(UTC) - timedelta(seconds=1)
    stories.within(lambda session: session.execute(text("UPDATE tasks SET due_at = :at"), {"at": past}))
    assert stories.until(key, FAILED).error_message == "Nobody allowed it: expired."
    assert stories.tasks(key)[0].status is TaskStatus.EXPIRED
    assert task.id == stories.tasks(key)[0].id


def test_who_cancels_the_workflow_closes_its_task(stories: Stories) -> None:
    stories.start()
    key, _ = asked(stories)
    stories.control("cancel", key)
    stories.until(key, FAILED)
    assert stories.tasks(key)[0].status is TaskStatus.CANCELLED
    assert stories.notes(key)[-1] == "undone"


def test_a_workflow_that_waits_for_a_person_is_not_resumed(stories: Stories) -> None:
    stories.start()
    key, task = asked(stories)
    with pytest.raises(Conflict, match="waits for the answer") as caught:
        stories.control("resume", key)
    assert str(task.id) in caught.value.hint


def test_what_waits_does_not_hold_up_its_queue(stories: Stories) -> None:
    stories.start()
    key, task = asked(stories)
    other = stories.tell("five", queue="asks")
    stories.until(other)
    assert stories.workflow(key).status is PAUSED
    reply(stories, task)
    stories.until(key)


def test_a_retry_from_the_start_asks_again(stories: Stories) -> None:
    stories.start()
    key, task = asked(stories)
    stories.within(lambda session: answer.reject(session, str(task.id), "ada", "No"))
    stories.until(key, FAILED)
    stories.control("retry", key, start=True)
    stories.until(key, PAUSED)
    first, second = stories.tasks(key)
    assert (first.status, second.status) == (TaskStatus.REJECTED, TaskStatus.PENDING)
    reply(stories, second)
    stories.until(key)


def test_time_passes_without_a_process(stories: Stories) -> None:
    first = stories.start()
    key = stories.tell("waits", wait=1.0)
    row = stories.until(key, PAUSED)
    assert row.wake_at is not None
    first.kill()
    first.wait(30)
    stories.start()
    stories.until(key)
    assert stories.notes(key).count("one") == 1


def test_who_does_not_want_to_wait_resumes(stories: Stories) -> None:
    stories.start()
    key = stories.tell("waits", wait=100_000.0)
    stories.until(key, PAUSED)
    stories.control("resume", key)
    stories.until(key)
    assert poll(lambda: stories.workflow(key).wake_at is None)
