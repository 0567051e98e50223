"""Ask for an artifact to be fetched or analysed."""

import logging

from sqlalchemy.orm import Session

from jarvis.artifacts import git
from jarvis.errors import Unavailable
from jarvis.workflows.request import ask
from models import Artifact, Workflow

log = logging.getLogger(__name__)


def analyse(session: Session, artifact: Artifact, *, service: str = "", by: str) -> Workflow:
    """Ask for `artifact` to be unpacked and looked at.

    Args:
        session: The caller's transaction.
        artifact: Which.
        service: The service that it is for: what a person said of that one counts. Empty: as it was uploaded.
        by: Who asks.
    """
    name = service or str(artifact.artifact_metadata.get("service") or "")
    return ask(
        session,
        "analyse",
        type="analysis",
        title=f"Analyse {artifact.original_filename}",
        queue=f"artifact:{artifact.id}",
        by=by,
        facts={"artifact_id": str(artifact.id), "service": name},
    )


def analyse_soon(session: Session, artifact: Artifact, *, by: str) -> None:
    """The same for an artifact that was just kept. Before a first worker, it is left to a later wish."""
    try:
        with session.begin_nested():
            analyse(session, artifact, by=by)
    except Unavailable:
        log.warning("Artifact %s is not analysed: no worker has prepared the database yet", artifact.id)


def fetch(session: Session, *, url: str, ref: str, service: str, analyse: bool, by: str) -> Workflow:
    """Ask for a git repository to become an artifact.

    Raises:
        InvalidInput: The address or the ref cannot be used.
    """
    git.check(url, ref)
    return ask(
        session,
        "fetch",
        type="fetch",
        title=f"Fetch {url}",
        queue=f"fetch:{url[:200]}",
        by=by,
        facts={"url": url, "ref": ref, "service": service, "analyse": analyse, "by": by},
    )
