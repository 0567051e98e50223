"""The workflow `remove`: a service answers no more, and its files are gone."""

from typing import Any

from jarvis.deployments import record, steps
from jarvis.engine.step import bounded, workflow
from jarvis.errors import JarvisError
from jarvis.workflows.story import Step, Story

Json = dict[str, Any]

STEPS = {
    "unroute": Step("Taking it off its names"),
    "prove": Step("Asking for it from outside"),
    "delete": Step("Deleting its releases", deadline=600),
}


@workflow("remove")
def remove(workflow_id: str) -> Json:
    """Run one removal."""
    story = Story(workflow_id, STEPS)
    try:
        facts = story.begin(record.to_remove)
        story.tell("unroute", steps.unroute, facts)
        story.tell("prove", steps.prove_gone, facts)
        story.tell("delete", steps.delete, facts)
    except JarvisError as error:
        bounded("record failure", record.lost, workflow_id, error, shielded=True)
        return {"status": "failed", "error": error.message}
    done = story.last_done
    bounded("record", record.removed, workflow_id, facts["service"], facts["hosts"], done, shielded=True)
    return {"status": "completed"}
