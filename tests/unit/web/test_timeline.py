from typing import Any

from jarvis.web.timeline import tell


def story(*lines: tuple[Any, ...]) -> list[dict[str, Any]]:
    """Events from (kind, step, message, data)."""
    return [
        {"sequence": number, "kind": kind, "step": step, "message": message, "data": data, "time": ""}
        for number, (kind, step, message, data) in enumerate(lines, 1)
    ]


QUEUED = ("queued", None, "Deploy shop: waiting for a worker", {})
UNPACK = ("step", "unpack", "Unpacking", {"number": 1, "total": 2})
BUILD = ("step", "build", "Building", {"number": 2, "total": 2})


def test_it_works() -> None:
    told = tell(
        story(
            QUEUED,
            UNPACK,
            ("done", "unpack", "3 files", {"seconds": 0.2}),
            BUILD,
            ("done", "build", "release", {"seconds": 1}),
            ("end", None, "shop answers", {"status": "completed"}),
        )
    )
    assert [(step.title, step.number, step.state, step.said) for step in told.steps] == [
        ("Deploy shop: waiting for a worker", 0, "done", ""),
        ("Unpacking", 1, "done", "3 files"),
        ("Building", 2, "done", "release"),
    ]
    assert told.last == 6
    assert told.ending == {"status": "completed", "message": "shop answers"}


def test_a_step_that_waits_does_not_run_until_it_begins_again() -> None:
    paused = ("paused", None, "Waiting for a person", {})
    assert [step.waits for step in tell(story(UNPACK, paused)).steps] == [True]
    assert [step.waits for step in tell(story(UNPACK, paused, UNPACK)).steps] == [False]


def test_no_events_are_a_story_without_steps() -> None:
    told = tell([])
    assert (told.steps, told.last, told.ending) == ([], 0, None)


def test_the_step_that_runs_is_the_last_one() -> None:
    told = tell(story(QUEUED, UNPACK))
    assert [step.state for step in told.steps] == ["done", "now"]


def test_the_step_that_was_running_is_the_one_that_failed() -> None:
    told = tell(story(UNPACK, ("done", "unpack", "", {}), BUILD, ("end", None, "No", {"status": "failed"})))
    assert [step.state for step in told.steps] == ["done", "failed"]


def test_a_step_that_begins_again_after_a_crash_stays_one_line() -> None:
    told = tell(story(UNPACK, ("progress", "unpack", "", {"done": 1, "total": 2}), UNPACK))
    assert len(told.steps) == 1
    assert told.steps[0].progress is None


def test_notes_stand_with_the_step_they_speak_of() -> None:
    told = tell(story(UNPACK, BUILD, ("warning", "unpack", "odd", {}), ("line", None, "a line", {})))
    assert told.steps[0].notes == [("warning", "odd")]
    assert told.steps[1].notes == [("line", "a line")]


def test_a_kind_from_a_newer_worker_is_shown_as_a_line() -> None:
    assert tell(story(UNPACK, ("applause", None, "hear", {}))).steps[0].notes == [("line", "hear")]


def test_progress_is_shown_while_the_step_runs_and_gone_when_it_ended() -> None:
    half = ("progress", "unpack", "", {"done": 1, "total": 2, "unit": "files"})
    assert tell(story(UNPACK, half)).steps[0].progress == {"done": 1, "total": 2, "unit": "files"}
    assert tell(story(UNPACK, half, ("done", "unpack", "", {}))).steps[0].progress is None
    assert tell(story(UNPACK, half, BUILD)).steps[0].progress is None


def test_counts_that_are_no_numbers_break_nothing() -> None:
    told = tell(
        story(
            ("step", "unpack", "Unpacking", {"number": "<b>", "total": None}),
            ("progress", "unpack", "", {"done": "x", "total": [], "unit": 3}),
        )
    )
    assert (told.steps[0].number, told.steps[0].total) == (0, 0)
    assert told.steps[0].progress == {"done": 0, "total": 0, "unit": "3"}
