"""Operations that say how a service is."""

from flask import Response

from jarvis.accounts.roles import Role
from jarvis.api.condition_shapes import ServiceHealth
from jarvis.api.operation import answer, operation
from jarvis.deployments.upkeep import condition
from services.db_service import db_service


@operation(
    "GET",
    "/services/<name>/health",
    tag="services",
    summary="Show how a service is, since when, and the last changes of that",
    role=Role.VIEWER,
    answers={200: ServiceHealth},
)
def service_health(name: str) -> Response:
    """How it is now, and how it was."""
    with db_service.get_session() as session:
        return answer(condition.history(session, name, condition.KEPT))
