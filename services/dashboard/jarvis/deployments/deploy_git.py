"""The workflow `deploy_git`: a commit of a git repository becomes an artifact, and that a site that answers.

It is one workflow, so that whoever asked for the deployment follows one story from the fetching to the proof.
After the fetching come the steps of `deploy`.
"""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from jarvis.artifacts import fetch
from jarvis.deployments import deploy, steps
from jarvis.engine.step import workflow
from jarvis.errors import JarvisError
from jarvis.workflows import ledger
from jarvis.workflows.story import Step, Story
from models import Artifact, Deployment, Workflow

Json = dict[str, Any]


def _is_fetched(facts: Json) -> bool:
    """Is its artifact still there from an earlier life?"""
    return ledger.patiently(lambda session: _artifact_of(session, facts) is not None)


def _artifact_of(session: Session, facts: Json) -> Artifact | None:
    return session.get_one(Deployment, UUID(facts["deployment_id"])).artifact


STEPS = {
    "fetch": Step(fetch.STEPS["fetch"].title, deadline=fetch.STEPS["fetch"].deadline, holds=_is_fetched),
    **deploy.STEPS,
}


@workflow("deploy_git")
def deploy_git(workflow_id: str) -> Json:
    """Run one deploy from git. Nothing that answers is touched before `switch`, as in `deploy`."""
    story = Story(workflow_id, STEPS)
    facts: Json = {}
    try:
        facts = story.begin(_look)
        story.tell("fetch", _fetch, facts)
        story.tell("unpack", steps.unpack, facts)
        seen = deploy.make_and_prove(story, facts)
    except JarvisError as error:
        return deploy.give_up(story, facts, error)
    return deploy.succeed(story, facts, seen)


def _look(session: Session, workflow_id: str) -> Json:
    facts = steps.look_around(session, workflow_id)
    by = session.get_one(Workflow, UUID(workflow_id)).created_by
    return {**facts, **facts["configuration"]["git"], "analyse": False, "by": by}


def _fetch(facts: Json) -> Json:
    """The repository as an artifact; the deployment has it from the transaction on that writes its row."""

    def belongs(session: Session, artifact: Artifact) -> None:
        deployment = session.get_one(Deployment, UUID(facts["deployment_id"]), with_for_update=True)
        deployment.artifact_id = artifact.id
        git = artifact.artifact_metadata["git"]
        checksum = artifact.checksum_sha256
        deployment.configuration = {**deployment.configuration, "git": git, "artifact_sha256": checksum}

    return fetch.take(facts, belongs)
