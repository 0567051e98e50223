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
    hints: list[str] = []

    def step(
        name: str, function: Callable[..., Any], *arguments: Any, shielded: bool, deadline: float = 0
    ) -> dict[str, Any]:
        assert callable(function)
        assert arguments
        assert shielded, "nobody's wish stops what puts things in order"
        ran.append(name)
        if name == "undo" and broken is not None:
            raise broken
        if name == "look again":
            return dict(arguments[0])
        if name == "restore":
            return {"said": "What answered before answers again.", "answers": True}
        if name == "record failure":
            hints.append(arguments[1].hint)
        return {}

    monkeypatch.setattr(deploy, "bounded", step)
    story = Story("0d4c5f0e-3d0a-4f43-9d0c-7a1a5b0d9a11", deploy.STEPS)
    facts = {"deployment_id": "d", "service": "s"}
    told = deploy.give_up(story, facts, NotProven("It does not answer."))
    assert ran == ["look again", "undo", *([] if broken else ["restore"]), "record failure"]
    assert hints == ["" if broken else "What answered before answers again."]
    assert told == {"status": "failed", "error": "It does not answer."}
