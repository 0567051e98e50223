"""Operations on the releases that a service keeps to go back to."""

from flask import Response, g
from sqlalchemy.orm import Session

from jarvis.accounts.roles import Role
from jarvis.api.operation import answer, identifier, operation
from jarvis.api.plan_shapes import Releases
from jarvis.deployments.upkeep import keep
from services.db_service import db_service


def _shown(session: Session, name: str) -> dict[str, object]:
    return {"items": keep.releases(session, name)}


@operation(
    "GET",
    "/services/<name>/releases",
    tag="services",
    summary="List the releases of a service that are kept",
    role=Role.VIEWER,
    answers={200: Releases},
)
def list_releases(name: str) -> Response:
    """The one that answers, those to go back to, and those that are pinned."""
    with db_service.get_session() as session:
        return answer(_shown(session, name))


@operation(
    "PUT",
    "/services/<name>/releases/<id>/pin",
    tag="services",
    summary="Never clean away the release of this deployment",
    role=Role.ADMIN,
    answers={200: Releases},
)
def pin_release(name: str, id: str) -> Response:  # noqa: A002 - the name in the address
    """Keep it, until the pin is taken away."""
    with db_service.get_session() as session:
        keep.pin(session, name, str(identifier(id, "deployment")), g.caller.name)
        return answer(_shown(session, name))


@operation(
    "DELETE",
    "/services/<name>/releases/<id>/pin",
    tag="services",
    summary="Let the release of this deployment go when its time comes",
    role=Role.ADMIN,
    answers={200: Releases},
)
def unpin_release(name: str, id: str) -> Response:  # noqa: A002 - the name in the address
    """Take the pin away."""
    with db_service.get_session() as session:
        keep.unpin(session, name, str(identifier(id, "deployment")))
        return answer(_shown(session, name))
