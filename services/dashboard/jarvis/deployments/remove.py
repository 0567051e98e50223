"""The workflow `remove`: a service answers no more, and its files are gone."""

from typing import Any

from jarvis.deployments import record, steps
from jarvis.engine.step import step, workflow
from jarvis.errors import JarvisError
from jarvis.workflows.story import Story

Json = dict[str, Any]

TITLES = {
    "unroute": "Taking it off its names",
    "prove": "Asking for it from outside",
    "delete": "Deleting its releases",
}


@workflow("remove")
def remove(workflow_id: str) -> Json:
    """Run one removal."""
    story = Story(workflow_id, TITLES)
    try:
        facts = story.begin(record.to_remove)
        story.tell("unroute", steps.unroute, facts)
        story.tell("prove", steps.prove_gone, facts)
        story.tell("delete", steps.delete, facts)
    except JarvisError as error:
        step("record failure", record.lost, workflow_id, error)
        return {"status": "failed", "error": error.message}
    step("record", record.removed, workflow_id, facts["service"], facts["hosts"], story.last_done)
    return {"status": "completed"}
