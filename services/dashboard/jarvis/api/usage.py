"""Operations that say what services use of the machine."""

from flask import Response

from jarvis.accounts.roles import Role
from jarvis.api.operation import answer, operation
from jarvis.api.page import PAGE, between
from jarvis.api.usage_shapes import ServiceUsage, Usage
from jarvis.deployments.upkeep import usage
from models import UsageSample
from services.db_service import db_service


@operation(
    "GET",
    "/usage",
    tag="services",
    summary="Show what every service uses of processors and memory",
    role=Role.VIEWER,
    answers={200: Usage},
)
def list_usage() -> Response:
    """All of them, by name."""
    with db_service.get_session() as session:
        return answer({"items": usage.all_now(session)})


@operation(
    "GET",
    "/services/<name>/usage",
    tag="services",
    summary="Show what a service uses of processors and memory, and used during the last day",
    role=Role.VIEWER,
    parameters=PAGE[2:],
    answers={200: ServiceUsage},
)
def service_usage(name: str) -> Response:
    """Now, and about every minute before."""
    with db_service.get_session() as session:
        return answer(usage.shown(session, name, between(UsageSample.at)))
