"""The workflow `deploy`: from an artifact to a site that was seen to answer."""

import logging
from collections.abc import Mapping
from typing import Any

import config
from jarvis.deployments import look, migrate, record, restore, soak, steps, unset, way
from jarvis.deployments.addresses import names
from jarvis.deployments.plans import settle
from jarvis.deployments.upkeep import size
from jarvis.engine.step import bounded, workflow
from jarvis.errors import JarvisError
from jarvis.workflows.story import Step, Story

log = logging.getLogger(__name__)

Json = dict[str, Any]

PROVE = Step("Asking for it from outside", holds=steps.is_proven)
STEPS = {
    "unpack": Step("Unpacking the artifact", deadline=1800, holds=steps.is_unpacked),
    "analyse": Step("Working out what it is", deadline=120, holds=steps.is_unpacked),
    "build": Step("Making the release", deadline=1800, holds=steps.is_built),
    "switch": Step("Switching to it", holds=steps.is_switched),
    "prove": PROVE,
}
START = Step("Starting the program", deadline=900, holds=way.is_started)
"""What comes before the switch where a program runs."""


def with_start(steps_: Mapping[str, Step]) -> dict[str, Step]:
    """`steps_` with the start of a program before the switch."""
    return before(steps_, "switch", "start", START)


def before(steps_: Mapping[str, Step], place: str, name: str, step: Step) -> dict[str, Step]:
    """`steps_` with one more, before the one at `place`."""
    names = list(steps_)
    names.insert(names.index(place), name)
    return {each: {**steps_, name: step}[each] for each in names}


@workflow("deploy")
def deploy(workflow_id: str) -> Json:
    """Run one deploy. The old version is not touched before `switch`, and answers again if `prove` fails."""
    story = Story(workflow_id, STEPS)
    facts: Json = {}
    try:
        facts = story.begin(steps.look_around)
        story.tell("unpack", steps.unpack, facts)
        seen = make_and_prove(story, facts)
    except JarvisError as error:
        return give_up(story, facts, error)
    return succeed(story, facts, seen)


def make_and_prove(story: Story, facts: Json) -> Json:
    """What comes after the unpacking, whatever it is that was handed in."""
    verdict = story.tell("analyse", steps.analyse, facts)
    facts = steps.known(facts, verdict)
    if way.runs(facts):
        story.steps = with_start(story.steps)
    if migrate.wanted(facts):
        story.steps = before(story.steps, "start", migrate.NAME, migrate.STEP)
    facts = settle.settle(story, facts)
    story.tell("build", steps.build, facts, verdict)
    if migrate.wanted(facts):
        story.tell(migrate.NAME, migrate.run, facts)
    return switch_and_prove(story, facts)


def switch_and_prove(story: Story, facts: Json) -> Json:
    """What comes after the making, also where an older version is gone back to."""
    story.steps = {**story.steps, **soak.step_of(facts)}
    if "start" in story.steps:
        story.tell("start", way.of(facts).start, facts)
    story.tell("switch", steps.switch, facts)
    seen = story.tell("prove", steps.prove, facts)
    if soak.NAME in story.steps:
        story.tell(soak.NAME, soak.watch, facts)
    return seen


def succeed(story: Story, facts: Json, seen: Json) -> Json:
    """Write what was seen, then tidy up."""
    secure = seen.get("https", {})
    address = names.address(facts["domain"], {"https": secure}, config.settings())
    bounded("record", record.live, facts, address, seen, story.last_done, shielded=True)
    try:
        facts = bounded("look again", look.configured, facts, shielded=True)
        bounded("clean", steps.clean, facts, shielded=True)
        bounded("supersede", settle.supersede, facts, shielded=True)
        bounded("measure", size.note, facts, shielded=True)
    except JarvisError as error:
        # The site answers: what could not be tidied up is tidied up by the next deploy.
        log.warning("Old releases of %s could not be deleted: %s", facts["service"], error.message)
    return {"status": "completed", "url": address}


def give_up(story: Story, facts: Json, error: JarvisError) -> Json:
    """Put things back as they were, see that they are, and say what went wrong."""
    if facts:
        error = unset.told(error, facts["service"])
        try:
            facts = bounded("look again", settle.fresh, facts, shielded=True)
            bounded("undo", steps.undo, facts, shielded=True)
            back = bounded("restore", restore.again, facts, deadline=restore.DEADLINE, shielded=True)
            error = restore.told(error, back)
        except JarvisError as second:
            # The failure must still be told: a deploy that nobody closes would look as if it went on.
            log.error("What %s left behind could not be undone: %s", facts["deployment_id"], second.message)  # noqa: TRY400 - the step logged it
        bounded("record failure", record.failed, facts, error, story.last_done, shielded=True)
    else:
        bounded("record failure", record.lost, story.workflow_id, error, shielded=True)
    return {"status": "failed", "error": error.message}
