"""The workflow `rollback`: an older release answers again."""

from typing import Any

from jarvis.deployments import steps, way
from jarvis.deployments.deploy import PROVE, give_up, succeed, switch_and_prove, with_start
from jarvis.deployments.plans import settle
from jarvis.engine.step import workflow
from jarvis.errors import JarvisError
from jarvis.workflows.story import Step, Story

Json = dict[str, Any]

STEPS = {
    "switch": Step("Switching back", holds=steps.is_switched),
    "prove": PROVE,
}


@workflow("rollback")
def rollback(workflow_id: str) -> Json:
    """Run one rollback. It is proven like a deploy, and taken back like one."""
    story = Story(workflow_id, STEPS)
    facts: Json = {}
    try:
        facts = story.begin(steps.look_around)
        if way.runs(facts):
            story.steps = with_start(STEPS)
        facts = settle.settle(story, facts)
        seen = switch_and_prove(story, facts)
    except JarvisError as error:
        return give_up(story, facts, error)
    return succeed(story, facts, seen)
