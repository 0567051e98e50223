"""Which events there are, and who wants them."""

import pytest

from jarvis.errors import InvalidInput
from jarvis.webhooks.kinds import EVENTS, NOUNS, check, wants
from models import DeploymentStatus, WorkflowStatus


def test_it_works() -> None:
    assert wants(["workflow.failed"], "workflow.failed")
    assert not wants(["workflow.failed"], "workflow.completed")
    assert not wants(["workflow.failed"], "workflow.failed2")


def test_a_noun_stands_for_all_of_its_events() -> None:
    assert [event for event in EVENTS if wants(["task"], event)] == ["task.opened", "task.closed"]


def test_nothing_stands_for_everything() -> None:
    assert all(wants([], event) for event in EVENTS)


def test_repetitions_are_left_out() -> None:
    assert check(["task", "workflow.failed", "task"]) == ["task", "workflow.failed"]
    assert check([*NOUNS, *EVENTS]) == [*NOUNS, *EVENTS]


@pytest.mark.parametrize(
    "word", ["", "workflow.", "workflow.*", "Task", "webhook.test", "deploy", "task.opened "]
)
def test_an_event_that_is_never_told_is_refused(word: str) -> None:
    with pytest.raises(InvalidInput, match="There is no event") as caught:
        check(["task", word])
    assert "workflow.failed" in caught.value.facts["known"]


def test_the_events_are_named_as_the_statuses_are() -> None:
    statuses = {"workflow": set(WorkflowStatus), "deployment": set(DeploymentStatus)}
    for event in EVENTS:
        noun, _, word = event.partition(".")
        assert noun not in statuses or word in statuses[noun]
