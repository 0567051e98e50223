"""No workflow stays in progress for ever: what nobody owns goes on, or ends and a person is told."""

import signal

import pytest
from sqlalchemy import text

from caddy_lab import poll
from jarvis.engine.terms import SCHEMA
from models import TaskType, WorkflowStatus
from story_lab import Stories

FAILED, PAUSED = WorkflowStatus.FAILED, WorkflowStatus.PAUSED


def sql(stories: Stories, statement: str, **values: object) -> None:
    stories.within(lambda session: session.execute(text(statement), values))


def test_it_works(stories: Stories) -> None:
    """A workflow whose function has a bug outside of its steps ends for the engine, but not for its row."""
    stories.start()
    key = stories.tell("bug")
    row = stories.until(key, FAILED)
    assert row.life == 3
    assert "broke off 3 times" in str(row.error_message)
    (task,) = stories.tasks(key)
    assert (task.task_type, task.title) == (TaskType.VERIFICATION, "Look at what became of: bug")
    assert stories.notes(key).count("one") <= 3, "only the step in hand runs again"


def test_what_broke_goes_on_once_it_is_mended(stories: Stories) -> None:
    stories.start(LAB_LIVES="1000")
    key = stories.tell("bug")
    assert poll(lambda: stories.workflow(key).life > 1), stories.log()
    (stories.home / "mended").touch()
    stories.until(key)


def test_a_row_that_the_engine_does_not_know_is_begun_again(stories: Stories) -> None:
    key = stories.tell("five")
    sql(stories, f"DELETE FROM {SCHEMA}.workflow_status WHERE workflow_uuid = :key", key=key)
    stories.start()
    assert stories.until(key).life == 2


def test_a_kind_that_nobody_knows_ends_and_frees_its_queue(stories: Stories) -> None:
    key = stories.tell("brew_tea", queue="kitchen")
    behind = stories.tell("five", queue="kitchen")
    stories.start()
    assert "no workflow of the kind “brew_tea”" in str(stories.until(key, FAILED).error_message)
    stories.until(behind)
    assert len(stories.tasks(key)) == 1


def test_a_row_that_says_it_runs_after_a_cut_is_mended(stories: Stories) -> None:
    stories.start()
    key = stories.tell("five")
    stories.until(key)
    sql(
        stories,
        "UPDATE workflows SET status = 'running', completed_at = NULL, updated_at = now() - interval '1 hour'"
        " WHERE id = CAST(:key AS uuid)",
        key=key,
    )
    assert stories.until(key).life == 2
    assert stories.notes(key).count("step 1") == 1


def test_a_worker_that_stands_still_loses_its_work_and_does_no_harm(stories: Stories) -> None:
    first = stories.start()
    key = stories.tell("five", gate="step 2")
    stories.noted(key, "step 2")
    first.send_signal(signal.SIGSTOP)
    stories.start(LAB_SILENT="1")
    stories.noted(key, "step 2", 2)
    (stories.home / "go").touch()
    stories.until(key)
    first.send_signal(signal.SIGCONT)
    assert first.wait(60) == 70, "it saw that it was given up"
    notes = stories.notes(key)
    assert notes.count("step 3") == 1
    assert notes.count("step 5 ended") == 1
    assert stories.workflow(key).status is WorkflowStatus.COMPLETED
    assert [event.kind for event in stories.events(key)].count("end") == 1


def test_another_worker_goes_on_where_a_killed_one_was(stories: Stories) -> None:
    first = stories.start()
    key = stories.tell("five", gate="step 3")
    stories.noted(key, "step 3")
    stories.start()
    first.kill()
    first.wait(30)
    (stories.home / "go").touch()
    stories.until(key)
    assert stories.notes(key).count("step 1") == 1
    assert stories.notes(key).count("step 3") == 2
    assert stories.workflow(key).life == 1
    assert stories.steps(key)["step 3"].attempt == 2


def test_a_step_that_failed_is_not_run_again_by_the_worker_that_takes_over(stories: Stories) -> None:
    first = stories.start()
    (stories.home / "hold undo").touch()
    key = stories.tell("five", fails="step 2")
    stories.noted(key, "undoing")
    assert stories.steps(key)["step 2"].status == "failed"
    first.kill()
    first.wait(30)
    (stories.home / "hold undo").unlink()
    (stories.home / "mended").touch()
    stories.start()
    row = stories.until(key, WorkflowStatus.FAILED)
    assert row.error_message == "It cannot be used."
    assert stories.notes(key).count("step 2") == 1
    assert stories.notes(key)[-1] == "undone"


def test_a_worker_that_lost_its_claim_neither_goes_on_nor_writes_the_end(stories: Stories) -> None:
    stories.start()
    key = stories.tell("five", gate="step 2")
    stories.noted(key, "step 2")
    taken = text("UPDATE jarvis_dbos.workflow_status SET owner_xid = 'another' WHERE workflow_uuid = :key")
    stories.within(lambda session: session.execute(taken, {"key": key}))
    (stories.home / "go").touch()
    stories.noted(key, "step 2 ended")
    after = stories.tell("five", queue="other")
    stories.until(after)
    assert "step 3" not in stories.notes(key)
    assert stories.steps(key)["step 2"].status == "running", "only its owner keeps what a step came to"
    assert stories.workflow(key).status is WorkflowStatus.RUNNING


@pytest.mark.parametrize("name", ["step 2", "step 5"])
def test_what_a_step_came_to_is_kept_though_the_database_lost_its_beginning(
    stories: Stories, name: str
) -> None:
    stories.start()
    key = stories.tell("five", gate=name)
    stories.noted(key, name)
    lost = text("DELETE FROM workflow_steps WHERE workflow_id = :key AND name = :name")
    stories.within(lambda session: session.execute(lost, {"key": key, "name": name}))
    (stories.home / "go").touch()
    stories.until(key)
    step = stories.steps(key)[name]
    assert step.status == "done"
    assert (step.output or {})["said"] == f"{name} said"
    assert step.number == int(name[-1])


def test_a_worker_that_leaves_in_order_says_so(stories: Stories) -> None:
    first = stories.start()
    first.terminate()
    assert first.wait(60) == 0
    ended = "SELECT count(*) FROM workers WHERE ended_at IS NOT NULL AND fenced_at IS NULL"
    assert stories.within(lambda session: session.execute(text(ended)).scalar()) == 1


def test_a_paused_workflow_is_left_alone(stories: Stories) -> None:
    stories.start()
    key = stories.tell("five", gate="step 1")
    stories.noted(key, "step 1")
    stories.control("pause", key)
    (stories.home / "go").touch()
    stories.until(key, PAUSED)
    other = stories.tell("bug")
    stories.until(other, FAILED)
    assert stories.workflow(key).status is PAUSED
    assert poll(lambda: stories.workflow(key).life == 1, 1)
