"""Services and deployments as API, pages and command line show them."""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

import config
from jarvis.deployments.addresses import names
from models import Deployment, DeploymentStatus, Service, WorkflowEvent

Json = dict[str, Any]

UNDEPLOYED = "undeployed"
"""The state of a service that no deploy was ever asked for."""


def deployment(row: Deployment) -> Json:
    """One deployment, with its address."""
    address = names.address(row.domain, row.configuration, config.settings()) if row.domain else ""
    return {**row.to_dict(), "url": address}


def service(session: Session, row: Service) -> Json:
    """One service. Its status is that of the deployment that answers, else of the last that was asked for."""
    query = select(Deployment).where(Deployment.service_name == row.name)
    current = session.get(Deployment, row.deployment_id) if row.deployment_id else None
    shown = current or session.scalars(query.order_by(Deployment.created_at.desc()).limit(1)).first()
    count = select(func.count(func.distinct(Deployment.configuration["release"].astext))).where(
        Deployment.service_name == row.name,
        Deployment.deployed_at.is_not(None),
        Deployment.status != DeploymentStatus.REMOVED,
    )
    hosts = [item.host for item in row.hosts]
    return {
        "name": row.name,
        "hosts": hosts,
        "urls": [
            names.address(host, shown.configuration if shown else {}, config.settings()) for host in hosts
        ],
        "deployment_id": str(row.deployment_id) if row.deployment_id else None,
        "status": shown.status.value if shown else UNDEPLOYED,
        "health_status": shown.health_status.value if shown else "unknown",
        "deployed_at": shown.deployed_at.isoformat() if shown and shown.deployed_at else None,
        "releases": session.scalar(count) or 0,
    }


def recent(session: Session, name: str, count: int) -> list[Deployment]:
    """The last deployments of a service, newest first."""
    query = select(Deployment).where(Deployment.service_name == name)
    return list(session.scalars(query.order_by(Deployment.created_at.desc(), Deployment.id).limit(count)))


def story(session: Session, name: str, count: int) -> list[Json]:
    """The last `count` event lines of a service's deployments, oldest first."""
    query = (
        select(WorkflowEvent, Deployment.id)
        .join(Deployment, Deployment.workflow_id == WorkflowEvent.workflow_id)
        .where(Deployment.service_name == name)
        .order_by(WorkflowEvent.created_at.desc(), WorkflowEvent.sequence.desc())
        .limit(count)
    )
    lines = [
        {
            "time": event.created_at.isoformat(),
            "deployment_id": str(key),
            "sequence": event.sequence,
            "kind": event.kind,
            "step": event.step,
            "message": event.message,
            "data": event.data,
        }
        for event, key in session.execute(query)
    ]
    return lines[::-1]
