"""The workflow `rollback`: an older release answers again."""

from typing import Any

from jarvis.deployments import steps
from jarvis.deployments.deploy import give_up, succeed
from jarvis.engine.step import workflow
from jarvis.errors import JarvisError
from jarvis.workflows.story import Story

Json = dict[str, Any]

TITLES = {"switch": "Switching back", "prove": "Asking for it from outside"}


@workflow("rollback")
def rollback(workflow_id: str) -> Json:
    """Run one rollback. It is proven like a deploy, and taken back like one."""
    story = Story(workflow_id, TITLES)
    facts: Json = {}
    try:
        facts = story.begin(steps.look_around)
        story.tell("switch", steps.switch, facts)
        seen = story.tell("prove", steps.prove, facts)
    except JarvisError as error:
        return give_up(story, facts, error)
    return succeed(story, facts, seen)
