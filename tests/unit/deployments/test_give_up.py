"""A failed deploy is closed, even when what it left behind cannot be undone."""

from collections.abc import Callable
from typing import Any

import pytest

from jarvis.deployments import deploy
from jarvis.errors import JarvisError, NotProven, StorageFull
from jarvis.workflows.story import Story


@pytest.mark.parametrize("broken", [None, StorageFull("The disk is full.")])
def test_the_failure_is_recorded_whatever_becomes_of_the_undoing(
    monkeypatch: pytest.MonkeyPatch, broken: JarvisError | None
) -> None:
    ran: list[str] = []

    def step(name: str, function: Callable[..., Any], *arguments: Any, shielded: bool) -> None:
        assert callable(function)
        assert arguments
        assert shielded, "nobody's wish stops what puts things in order"
        ran.append(name)
        if name == "undo" and broken is not None:
            raise broken

    monkeypatch.setattr(deploy, "bounded", step)
    story = Story("0d4c5f0e-3d0a-4f43-9d0c-7a1a5b0d9a11", deploy.STEPS)
    facts = {"deployment_id": "d", "service": "s"}
    told = deploy.give_up(story, facts, NotProven("It does not answer."))
    assert ran == ["undo", "record failure"]
    assert told == {"status": "failed", "error": "It does not answer."}
