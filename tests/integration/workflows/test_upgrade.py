"""A newer Jarvis, whose workflows have other steps, carries on what the older one began."""

from jarvis.tasks import answer
from models import WorkflowStatus
from story_lab import Stories


def test_it_works(stories: Stories) -> None:
    """The old worker is killed in the middle; a step was removed and another one added before it."""
    old = stories.start()
    key = stories.tell("five", gate="step 4")
    stories.noted(key, "step 4")
    old.kill()
    old.wait(30)
    (stories.home / "go").touch()
    stories.start(LAB_NEWER="1")
    row = stories.until(key)
    notes = [word for word in stories.notes(key) if "ended" not in word]
    assert notes[:4] == ["step 1", "step 2", "step 3", "step 4"]
    assert sorted(notes[4:]) == ["new", "step 4", "step 5"], "what was done before is not done again"
    assert (row.current_step, row.total_steps) == (5, 5)


def test_what_was_paused_goes_on_with_the_new_steps(stories: Stories) -> None:
    old = stories.start()
    key = stories.tell("five", gate="step 2")
    stories.noted(key, "step 2")
    stories.control("pause", key)
    (stories.home / "go").touch()
    stories.until(key, WorkflowStatus.PAUSED)
    old.terminate()
    assert old.wait(60) == 0
    stories.start(LAB_NEWER="1")
    stories.control("resume", key)
    stories.until(key)
    notes = [word for word in stories.notes(key) if "ended" not in word]
    assert notes == ["step 1", "step 2", "new", "step 3", "step 4", "step 5"]


def test_what_waits_for_a_person_is_answered_after_the_upgrade(stories: Stories) -> None:
    old = stories.start()
    key = stories.tell("asks")
    stories.until(key, WorkflowStatus.PAUSED)
    old.terminate()
    assert old.wait(60) == 0
    stories.start(LAB_NEWER="1")
    (task,) = stories.tasks(key)
    stories.within(lambda session: answer.done(session, str(task.id), "ada"))
    stories.until(key)
    assert stories.notes(key).count("one") == 1
