"""Ask for the deploy that a plan showed, and for nothing else."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from jarvis.deployments import along as besides
from jarvis.deployments import request
from jarvis.deployments.along import NOTHING, Along
from jarvis.deployments.plans import find
from jarvis.deployments.plans.assemble import core
from jarvis.errors import Conflict, InvalidInput
from models import Artifact, Deployment


def deploy(
    session: Session,
    *,
    hashed: str,
    by: str,
    artifact_id: str = "",
    along: Along = NOTHING,
    others: Mapping[str, bool] | None = None,
) -> Deployment:
    """Ask for the deploy of a plan.

    Args:
        session: The caller's transaction.
        hashed: The hash of the plan, or how it begins.
        by: Who asks.
        artifact_id: What is to be deployed; the plan's own artifact when empty. The bytes must be the same.
        along: What is to be set with it: the same that the plan was made with, as a plan keeps no values.
        others: What was said besides; the plan says all of it already.

    Raises:
        NotFound: There is no such plan, or its artifact is gone.
        Conflict: Something that matters has changed since, or the artifact is another one.
        InvalidInput: More was said than the plan, or something else is to be set.
    """
    said = [name for name, given in (others or {}).items() if given]
    if said:
        raise InvalidInput(
            f"The plan says the {said[0]} already.", "Leave it out, or make another plan.", {"field": said[0]}
        )
    found = find.by_hash(session, hashed)
    told = found.row.workflow_metadata
    key = artifact_id or str(told["artifact_id"])
    if artifact_id and artifact_id != told["artifact_id"]:
        artifact = session.get(Artifact, UUID(artifact_id))
        if artifact is not None and artifact.checksum_sha256 != told["artifact_sha256"]:
            raise Conflict(
                f"The plan {found.plan['hash'][:12]} is of another artifact.",
                "Make a plan of this one: jarvis plan PATH.",
                {"planned": told["artifact_sha256"], "artifact": artifact.checksum_sha256},
            )
    name = str(told["service"])
    planned: dict[str, Any] = told.get(request.ALONG) or {}
    besides.check(session, name, planned, along, found.plan["hash"])
    find.check(found)
    made = request.deploy(
        session,
        artifact_id=key,
        name=name,
        domain=str(told["domain"]),
        by=by,
        correction=told["correction"],
        plan=core(found.plan),
    )
    besides.keep(session, made, along, by, planned)
    return made
