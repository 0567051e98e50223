"""Pause, resume, cancel, retry: what a person wishes reaches the work, wherever it is."""

from pathlib import Path

import pytest

from caddy_lab import poll
from jarvis.errors import Conflict, NotFound
from models import WorkflowStatus
from story_lab import Stories

FAILED, PAUSED, RUNNING = WorkflowStatus.FAILED, WorkflowStatus.PAUSED, WorkflowStatus.RUNNING
ALL = [f"step {number}" for number in range(1, 6)]


def begun(stories: Stories, key: str) -> list[str]:
    return [word for word in stories.notes(key) if "ended" not in word]


def runs(file: Path) -> bool:
    """Does the process whose number stands in the file still live?"""
    try:
        state = Path(f"/proc/{int(file.read_text())}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state.rpartition(")")[2].split()[0] != "Z"


def test_it_works(stories: Stories) -> None:
    stories.start()
    key = stories.tell("five")
    row = stories.until(key)
    assert (row.current_step, row.total_steps, row.life) == (5, 5, 1)
    assert row.started_at is not None
    assert row.completed_at is not None
    steps = stories.steps(key)
    assert list(steps) == ["begin", *ALL]
    assert {step.status for step in steps.values()} == {"done"}
    assert steps["step 3"].said == "step 3 said"
    assert steps["step 3"].worker
    assert begun(stories, key) == ALL


def test_a_paused_workflow_stops_after_the_step_in_hand_and_goes_on_where_it_was(stories: Stories) -> None:
    stories.start()
    key = stories.tell("five", gate="step 2")
    stories.noted(key, "step 2")
    stories.control("pause", key)
    (stories.home / "go").touch()
    assert stories.until(key, PAUSED).wish is None
    assert begun(stories, key) == ["step 1", "step 2"]
    assert stories.steps(key)["step 2"].status == "done"
    stories.control("resume", key)
    assert stories.until(key).life == 2
    assert begun(stories, key) == ALL


def test_a_workflow_that_was_paused_before_it_began_does_nothing(stories: Stories) -> None:
    key = stories.tell("five")
    stories.control("pause", key)
    stories.start()
    after = stories.tell("five")
    stories.until(after)
    assert stories.workflow(key).status is PAUSED
    assert stories.notes(key) == []
    stories.control("resume", key)
    stories.until(key)
    assert begun(stories, key) == ALL


def test_cancelling_kills_the_program_and_all_it_started(stories: Stories) -> None:
    stories.start()
    key = stories.tell("program")
    pids = [stories.home / "program", stories.home / "grandchild"]
    assert poll(lambda: all(pid.exists() and pid.read_text().strip() for pid in pids)), stories.log()
    stories.control("cancel", key)
    row = stories.until(key, FAILED)
    assert row.error_message == "Cancelled by kim."
    assert stories.events(key)[-1].data["error"]["code"] == "cancelled"
    assert poll(lambda: not any(runs(pid) for pid in pids))
    assert stories.notes(key) == ["undone"]


def test_cancelling_ends_what_asks_whether_to_go_on(stories: Stories) -> None:
    stories.start()
    key = stories.tell("five", gate="step 4")
    stories.noted(key, "step 4")
    stories.control("cancel", key)
    stories.until(key, FAILED)
    assert stories.notes(key)[-1] == "undone"
    assert "step 5" not in stories.notes(key)
    assert stories.steps(key)["step 4"].status == "failed"


def test_what_waits_in_line_is_cancelled_at_once(stories: Stories) -> None:
    stories.start()
    first = stories.tell("five", gate="step 1")
    stories.noted(first, "step 1")
    second = stories.tell("five")
    stories.control("cancel", second)
    assert stories.until(second, FAILED).error_message == "Cancelled by kim."
    assert stories.workflow(first).status is RUNNING
    (stories.home / "go").touch()
    stories.until(first)
    assert begun(stories, second) == ["undone"]


def test_retry_takes_up_the_step_that_failed(stories: Stories) -> None:
    stories.start()
    key = stories.tell("five", fails="step 3")
    assert stories.until(key, FAILED).error_message == "It cannot be used."
    assert (stories.steps(key)["step 3"].error or {})["code"] == "invalid_input"
    (stories.home / "mended").touch()
    stories.control("retry", key)
    row = stories.until(key)
    assert (row.error_message, row.life, row.current_step) == (None, 2, 5)
    assert begun(stories, key) == ["step 1", "step 2", "step 3", "undone", "step 3", "step 4", "step 5"]


def test_retry_from_the_start_does_everything_again(stories: Stories) -> None:
    stories.start()
    key = stories.tell("five", fails="step 2")
    stories.until(key, FAILED)
    (stories.home / "mended").touch()
    stories.control("retry", key, start=True)
    stories.until(key)
    assert begun(stories, key) == ["step 1", "step 2", "undone", *ALL]


@pytest.mark.parametrize("verb", ["pause", "resume", "cancel", "retry"])
def test_what_has_ended_well_takes_no_wish(stories: Stories, verb: str) -> None:
    stories.start()
    key = stories.tell("five")
    stories.until(key)
    with pytest.raises(Conflict, match=f"Cannot {verb} a completed workflow."):
        stories.control(verb, key)


@pytest.mark.parametrize("verb", ["pause", "resume", "cancel", "retry"])
def test_what_is_not_there_takes_no_wish(stories: Stories, verb: str) -> None:
    with pytest.raises(NotFound, match="There is no workflow"):
        stories.control(verb, "0d4c5f0e-3d0a-4f43-9d0c-7a1a5b0d9a11")


def test_a_step_that_takes_too_long_is_called_off(stories: Stories) -> None:
    stories.start(LAB_DEADLINE="1")
    key = stories.tell("program")
    assert "did not end within 1 seconds" in str(stories.until(key, FAILED).error_message)
    assert poll(lambda: not runs(stories.home / "grandchild"))


def test_a_worker_whose_step_cannot_be_ended_gives_itself_up(stories: Stories) -> None:
    first = stories.start()
    key = stories.tell("stubborn")
    stories.noted(key, "stubborn")
    assert first.wait(60) == 70
    (stories.home / "go").touch()
    stories.start()
    stories.until(key, WorkflowStatus.COMPLETED)
    assert stories.steps(key)["stubborn"].attempt == 2
