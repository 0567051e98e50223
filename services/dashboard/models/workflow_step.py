"""Table `workflow_steps`: how far a workflow is, and what each of its steps came to."""

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class StepStatus(StrEnum):
    """Where a step stands."""

    RUNNING = "running"
    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"


class WorkflowStep(Base):
    """The newest run of one step.

    Attributes:
        life: The life of the workflow in which it ran.
        attempt: How often it was begun in that life.
        worker: Who runs it.
        alive_at: When it last said that it goes on.
        deadline_at: When it is given up.
        output: What it returned; a later life takes it instead of running the step again.
        error: Why it failed, as a problem object.
    """

    __tablename__ = "workflow_steps"
    __table_args__ = (Index("ix_workflow_steps_status_deadline_at", "status", "deadline_at"),)
    hidden: ClassVar[frozenset[str]] = frozenset({"output"})

    workflow_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("workflows.id", ondelete="CASCADE"), primary_key=True
    )
    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(255))
    status: Mapped[str] = mapped_column(String(16))
    life: Mapped[int] = mapped_column(default=1, server_default="1")
    attempt: Mapped[int] = mapped_column(default=1, server_default="1")
    worker: Mapped[str | None] = mapped_column(String(255))
    started_at: Mapped[datetime | None]
    alive_at: Mapped[datetime | None]
    deadline_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    said: Mapped[str | None] = mapped_column(Text)
    output: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    error: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
