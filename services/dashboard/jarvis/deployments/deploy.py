"""The workflow `deploy`: from an artifact to a site that was seen to answer."""

from typing import Any

import config
from jarvis.deployments import names, record, steps
from jarvis.engine.step import step, workflow
from jarvis.errors import JarvisError
from jarvis.workflows.story import Story

Json = dict[str, Any]

TITLES = {
    "unpack": "Unpacking the artifact",
    "analyse": "Working out what it is",
    "build": "Making the release",
    "switch": "Switching to it",
    "prove": "Asking for it from outside",
}


@workflow("deploy")
def deploy(workflow_id: str) -> Json:
    """Run one deploy. The old version is not touched before `switch`, and answers again if `prove` fails."""
    story = Story(workflow_id, TITLES)
    story.begin()
    facts: Json = {}
    try:
        facts = step("look", steps.look_around, workflow_id)
        story.tell("unpack", steps.unpack, facts)
        verdict = story.tell("analyse", steps.analyse, facts)
        story.tell("build", steps.build, facts, verdict["root"])
        story.tell("switch", steps.switch, facts)
        seen = story.tell("prove", steps.prove, facts)
    except JarvisError as error:
        return give_up(workflow_id, facts, error)
    return succeed(facts, seen)


def succeed(facts: Json, seen: Json) -> Json:
    """Write what was seen, then tidy up."""
    address = names.url(facts["domain"], config.settings())
    step("record", record.live, facts, address, seen["reached"])
    step("clean", steps.clean, facts)
    return {"status": "completed", "url": address}


def give_up(workflow_id: str, facts: Json, error: JarvisError) -> Json:
    """Put things back as they were and say what went wrong."""
    if facts:
        step("undo", steps.undo, facts)
        step("record failure", record.failed, facts, error)
    else:
        step("record failure", record.lost, workflow_id, error)
    return {"status": "failed", "error": error.message}
