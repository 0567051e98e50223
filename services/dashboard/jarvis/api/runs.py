"""The operation that runs a command beside a service's program."""

from flask import Response, g

from jarvis.accounts.roles import Role
from jarvis.api.operation import answer, operation, read_body
from jarvis.api.service_shapes import RunRequest
from jarvis.api.shapes import Accepted
from jarvis.deployments import command
from services.db_service import db_service


@operation(
    "POST",
    "/services/<name>/runs",
    tag="services",
    summary="Run a command beside the program of a service, with its files, environment and user",
    role=Role.ADMIN,
    body=RunRequest,
    example={"command": ["python3", "manage.py", "migrate"]},
    answers={202: Accepted},
)
def run_command(name: str) -> Response:
    """Enqueue it; what it says is in the story of the workflow."""
    body = read_body(RunRequest)
    with db_service.get_session() as session:
        workflow = command.ask(session, name, body.command, by=g.caller.name, seconds=body.seconds)
        accepted = {"workflow_id": str(workflow.id)}
    return answer(accepted, 202)
