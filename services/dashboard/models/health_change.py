"""Table `health_changes`: when a deployment began to answer as it should, or no longer did, and why."""

import uuid
from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, String, Text, func
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class HealthChange(Base):
    """One change; looks that saw what the one before saw leave no row.

    Attributes:
        why: What was wrong, or what was seen; a sentence without its full stop.
    """

    __tablename__ = "health_changes"
    __table_args__ = (Index("ix_health_changes_deployment_id_id", "deployment_id", "id"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    deployment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("deployments.id", ondelete="CASCADE"))
    at: Mapped[datetime] = mapped_column(server_default=func.now())
    before: Mapped[str] = mapped_column(String(16))
    after: Mapped[str] = mapped_column(String(16))
    why: Mapped[str] = mapped_column(Text, default="", server_default="")
