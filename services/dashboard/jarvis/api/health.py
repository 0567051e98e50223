"""Whether Jarvis lives, can work, and what it counts."""

from flask import Blueprint, Response
from sqlalchemy import func, select

from jarvis import __version__
from jarvis.accounts.roles import Role
from jarvis.api.operation import RULES, answer, operation
from jarvis.api.shapes import Health
from models import Artifact, Deployment, Service, Task, Workflow
from services.db_service import db_service

probes = Blueprint("probes", __name__)


@operation(
    "GET",
    "/health",
    tag="health",
    summary="Whether Jarvis can work, and why not",
    role=Role.VIEWER,
    answers={200: Health},
)
def health() -> Response:
    """The database, the migrations and the version."""
    database = db_service.health_check()
    healthy = bool(database["healthy"])
    migrations = dict(db_service.get_migration_status()) if healthy else dict[str, object]()
    return answer(
        {"healthy": healthy, "version": __version__, "database": database, "migrations": migrations}
    )


@probes.get("/healthz")
def healthz() -> Response:
    """The process lives."""
    return Response("ok\n", mimetype="text/plain", headers={"X-Jarvis-Version": __version__})


@probes.get("/readyz")
def readyz() -> Response:
    """The process can work: the database answers."""
    database = db_service.health_check()
    return answer({"ready": database["healthy"]}, 200 if database["healthy"] else 503)


@probes.get("/metrics")
def metrics() -> Response:
    """Counts for Prometheus."""
    with db_service.get_session() as session:
        lines = [
            "# HELP jarvis_info The running version.",
            "# TYPE jarvis_info gauge",
            f'jarvis_info{{version="{__version__}"}} 1',
        ]
        for noun, model in (("workflows", Workflow), ("deployments", Deployment), ("tasks", Task)):
            lines += [f"# HELP jarvis_{noun} How many {noun} there are.", f"# TYPE jarvis_{noun} gauge"]
            query = select(model.status, func.count()).group_by(model.status)
            lines += [
                f'jarvis_{noun}{{status="{status.value}"}} {count}'
                for status, count in session.execute(query)
            ]
        for noun, model in (("services", Service), ("artifacts", Artifact)):
            lines += [f"# HELP jarvis_{noun} How many {noun} there are.", f"# TYPE jarvis_{noun} gauge"]
            lines.append(f"jarvis_{noun} {session.scalar(select(func.count()).select_from(model))}")
    return Response("\n".join(lines) + "\n", content_type="text/plain; version=0.0.4; charset=utf-8")


RULES["probes.healthz"] = Role.ANYONE
RULES["probes.readyz"] = Role.ANYONE
RULES["probes.metrics"] = Role.VIEWER
