"""Table `workflow_events`: everything a workflow said, in order, append-only."""

import uuid
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Created


class WorkflowEvent(Created, Base):
    """One line of a workflow's story. `sequence` begins at 1 and has no holes within a workflow.

    Attributes:
        id: A number in the feed of all events; rises, with holes.
        transaction: The transaction that wrote it. Read in the order (transaction, id) and only below the
            oldest transaction that still runs, a feed misses nothing.
    """

    __tablename__ = "workflow_events"
    __table_args__ = (Index("ix_workflow_events_transaction_id", "transaction", "id"),)

    workflow_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("workflows.id", ondelete="CASCADE"), primary_key=True
    )
    sequence: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(32))
    step: Mapped[str | None] = mapped_column(String(64))
    message: Mapped[str] = mapped_column(Text)
    data: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default=text("'{}'::jsonb"))
    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True))
    transaction: Mapped[int] = mapped_column(
        BigInteger, server_default=text("((pg_current_xact_id())::text)::bigint")
    )
