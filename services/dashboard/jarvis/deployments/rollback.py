"""The workflow `rollback`: an older release answers again."""

from typing import Any

from jarvis.deployments import steps
from jarvis.deployments.deploy import give_up, succeed
from jarvis.engine.step import step, workflow
from jarvis.errors import JarvisError
from jarvis.workflows.story import Story

Json = dict[str, Any]

TITLES = {"switch": "Switching back", "prove": "Asking for it from outside"}


@workflow("rollback")
def rollback(workflow_id: str) -> Json:
    """Run one rollback. It is proven like a deploy, and taken back like one."""
    story = Story(workflow_id, TITLES)
    story.begin()
    facts: Json = {}
    try:
        facts = step("look", steps.look_around, workflow_id)
        story.tell("switch", steps.switch, facts)
        seen = story.tell("prove", steps.prove, facts)
    except JarvisError as error:
        return give_up(workflow_id, facts, error)
    return succeed(facts, seen)
