"""Table `workflows`: what Jarvis is doing, step by step."""

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import CheckConstraint, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Identified, Timed, enumeration

if TYPE_CHECKING:
    from models.deployment import Deployment
    from models.task import Task


class WorkflowStatus(StrEnum):
    """Where a workflow stands."""

    PENDING = "pending"
    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"
    PAUSED = "paused"


class Workflow(Identified, Timed, Base):
    """One run of a procedure (deployment, rollback, remove …).

    Attributes:
        service: What it is about, where it is about one.
        queue: The work of one queue runs one after the other.
        wish: `pause` or `cancel`, from the moment somebody asks for it until it is done.
        life: How often it was given to the durable engine. A new life begins when it goes on after a wait, a
            pause or a failure; what its steps came to before is kept.
        wake_at: When a workflow that waits is to go on by itself.
    """

    __tablename__ = "workflows"
    __table_args__ = (
        CheckConstraint(
            "total_steps >= 0 AND current_step >= 0 AND current_step <= total_steps", name="steps"
        ),
        Index("ix_workflows_created_at_id", "created_at", "id"),
        Index("ix_workflows_status_created_at_id", "status", "created_at", "id"),
        Index("ix_workflows_workflow_type_created_at_id", "workflow_type", "created_at", "id"),
        Index("ix_workflows_service_created_at_id", "service", "created_at", "id"),
        Index("ix_workflows_created_by_created_at_id", "created_by", "created_at", "id"),
        Index("ix_workflows_wake_at", "wake_at"),
    )

    name: Mapped[str] = mapped_column(String(255))
    workflow_type: Mapped[str] = mapped_column(String(64))
    status: Mapped[WorkflowStatus] = mapped_column(
        enumeration(WorkflowStatus, "workflow_status"),
        default=WorkflowStatus.PENDING,
        server_default=WorkflowStatus.PENDING.value,
    )
    current_step: Mapped[int] = mapped_column(default=0, server_default="0")
    total_steps: Mapped[int] = mapped_column(default=0, server_default="0")
    created_by: Mapped[str] = mapped_column(String(255), default="system", server_default="system")
    started_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
    error_message: Mapped[str | None] = mapped_column(Text)
    workflow_metadata: Mapped[dict[str, Any]] = mapped_column(
        "metadata", default=dict, server_default=text("'{}'::jsonb")
    )

    service: Mapped[str | None] = mapped_column(String(63))
    queue: Mapped[str | None] = mapped_column(String(255))
    wish: Mapped[str | None] = mapped_column(String(16))
    wished_by: Mapped[str | None] = mapped_column(String(255))
    life: Mapped[int] = mapped_column(default=1, server_default="1")
    wake_at: Mapped[datetime | None]

    tasks: Mapped[list["Task"]] = relationship(back_populates="workflow", passive_deletes=True)
    deployments: Mapped[list["Deployment"]] = relationship(
        back_populates="workflow", cascade="all, delete-orphan", passive_deletes=True
    )
