"""Table `tasks`: what only a person can do."""

import uuid
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Identified, Timed, enumeration

if TYPE_CHECKING:
    from models.workflow import Workflow


class TaskType(StrEnum):
    """What kind of thing is asked of the person."""

    DNS_MANUAL = "dns_manual"
    APPROVAL_REQUIRED = "approval_required"
    VERIFICATION = "verification"


class TaskStatus(StrEnum):
    """Where a task stands."""

    PENDING = "pending"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    REJECTED = "rejected"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


class TaskPriority(StrEnum):
    """How urgent a task is."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    URGENT = "urgent"


class Task(Identified, Timed, Base):
    """One thing that a workflow, or a person, asks a person to do. It outlives its workflow.

    Attributes:
        key: What it is about, for whoever asked; one open task a key.
        answer: What the person said, when it is closed.
    """

    __tablename__ = "tasks"
    __table_args__ = (
        Index("ix_tasks_created_at_id", "created_at", "id"),
        Index("ix_tasks_workflow_id", "workflow_id"),
        Index("ix_tasks_status_priority_due_at", "status", "priority", "due_at"),
        Index("ix_tasks_key", "key"),
        Index("ix_tasks_assigned_to_status", "assigned_to", "status"),
    )

    workflow_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("workflows.id", ondelete="SET NULL"))
    title: Mapped[str] = mapped_column(String(255))
    description: Mapped[str | None] = mapped_column(Text)
    task_type: Mapped[TaskType] = mapped_column(enumeration(TaskType, "task_type"))
    status: Mapped[TaskStatus] = mapped_column(
        enumeration(TaskStatus, "task_status"),
        default=TaskStatus.PENDING,
        server_default=TaskStatus.PENDING.value,
    )
    priority: Mapped[TaskPriority] = mapped_column(
        enumeration(TaskPriority, "task_priority"),
        default=TaskPriority.MEDIUM,
        server_default=TaskPriority.MEDIUM.value,
    )
    instructions: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default=text("'{}'::jsonb"))
    assigned_to: Mapped[str | None] = mapped_column(String(255))
    due_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
    completed_by: Mapped[str | None] = mapped_column(String(255))
    task_metadata: Mapped[dict[str, Any]] = mapped_column(
        "metadata", default=dict, server_default=text("'{}'::jsonb")
    )

    key: Mapped[str | None] = mapped_column(String(255))
    answer: Mapped[dict[str, Any] | None] = mapped_column(JSONB)

    workflow: Mapped["Workflow | None"] = relationship(back_populates="tasks")
