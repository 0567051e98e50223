"""Table `deployments`: the history and the state of what runs."""

import uuid
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Identified, Timed, enumeration

if TYPE_CHECKING:
    from models.artifact import Artifact
    from models.domain_record import DomainRecord
    from models.workflow import Workflow


class DeploymentStatus(StrEnum):
    """Where a deployment stands. `running` is written only after it was seen from outside."""

    PENDING = "pending"
    DEPLOYING = "deploying"
    RUNNING = "running"
    STOPPED = "stopped"
    FAILED = "failed"
    REMOVED = "removed"


class HealthStatus(StrEnum):
    """What the last look at a deployment saw."""

    UNKNOWN = "unknown"
    HEALTHY = "healthy"
    UNHEALTHY = "unhealthy"


class Deployment(Identified, Timed, Base):
    """One version of one service: what it was made of, how it runs, and what became of it."""

    __tablename__ = "deployments"
    __table_args__ = (
        Index("ix_deployments_created_at_id", "created_at", "id"),
        Index("ix_deployments_service_name_created_at", "service_name", "created_at"),
        Index("ix_deployments_workflow_id", "workflow_id"),
        Index("ix_deployments_artifact_id", "artifact_id"),
        Index("ix_deployments_status", "status"),
    )

    workflow_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("workflows.id", ondelete="CASCADE"))
    artifact_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("artifacts.id", ondelete="SET NULL"))
    service_name: Mapped[str] = mapped_column(String(63))
    service_type: Mapped[str | None] = mapped_column(String(64))
    domain: Mapped[str | None] = mapped_column(String(253))
    status: Mapped[DeploymentStatus] = mapped_column(
        enumeration(DeploymentStatus, "deployment_status"),
        default=DeploymentStatus.PENDING,
        server_default=DeploymentStatus.PENDING.value,
    )
    health_status: Mapped[HealthStatus] = mapped_column(
        enumeration(HealthStatus, "health_status"),
        default=HealthStatus.UNKNOWN,
        server_default=HealthStatus.UNKNOWN.value,
    )
    last_health_check: Mapped[datetime | None]
    configuration: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default=text("'{}'::jsonb"))
    deployed_at: Mapped[datetime | None]
    stopped_at: Mapped[datetime | None]

    workflow: Mapped["Workflow"] = relationship(back_populates="deployments")
    artifact: Mapped["Artifact | None"] = relationship(back_populates="deployments")
    domain_records: Mapped[list["DomainRecord"]] = relationship(
        back_populates="deployment", passive_deletes=True
    )
