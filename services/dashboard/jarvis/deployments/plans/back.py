"""What a rollback would change: all of it stands in the records of the two releases."""

from typing import Any

from sqlalchemy.orm import Session

from jarvis.deployments import request
from jarvis.deployments.plans import course, situation
from jarvis.deployments.plans.assemble import plan
from jarvis.deployments.plans.find import changed
from models import Deployment

Json = dict[str, Any]


def back(session: Session, name: str, deployment_id: str = "") -> tuple[Json, Deployment]:
    """The plan of a rollback, and the deployment that it goes back to.

    Args:
        session: Any session; nothing is written.
        name: The service.
        deployment_id: Where to; empty for the version before.

    Raises:
        NotFound: No such service.
        Conflict: There is no such version.
    """
    target = request.target(session, name, deployment_id)
    new = request.restored(target)
    version = int(new.get("environment") or 0)
    now = situation.look(session, name, target.domain or "", new.get("hosts") or (), version)
    steps = course.steps(session, name, new, "rollback")
    return plan(new, now, action="rollback", steps=steps), target


def check(session: Session, name: str, deployment_id: str, hashed: str) -> Json:
    """The plan of a rollback, where it still is the one that somebody saw.

    Raises:
        Conflict: It is another one by now.
    """
    made, _ = back(session, name, deployment_id)
    if not hashed or not made["hash"].startswith(hashed.strip().lower()):
        raise changed({"hash": hashed}, made)
    return made
