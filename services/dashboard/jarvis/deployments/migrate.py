"""The release command of a service (most often: migrations of its database), run once before the switch.

It runs in the new version while the one before still answers, so it has to leave a database that both can
work with. A worker that is killed in the middle of it runs it again.
"""

import shlex
from typing import Any

from jarvis.deployments import settings, way
from jarvis.deployments.variables import secrets_of
from jarvis.workflows.redact import Redactor
from jarvis.workflows.segments import Lines
from jarvis.workflows.story import Step

Json = dict[str, Any]

NAME = "release"
SECONDS = 3600
STEP = Step("Running its release command", deadline=SECONDS + 60, attempts=1)


def wanted(facts: Json) -> bool:
    """Is there one, and a program that it belongs to?"""
    return bool(settings.of(facts).release) and way.runs(facts)


def run(facts: Json) -> Json:
    """Run it, told in the story.

    Raises:
        DeployFailed: It ended with an error: nothing is switched.
    """
    said = settings.of(facts).release
    redactor = Redactor(secrets_of(facts))
    with Lines(facts["workflow_id"], NAME, redactor) as lines:
        lines.add(f"$ {said}")
        way.of(facts).run(facts, shlex.split(said), say=lines.add, seconds=SECONDS, hide=redactor.text)
    return {"said": f"{said} ended well"}
