"""Table `workers`: the processes that run workflows."""

from datetime import datetime

from sqlalchemy import Index, String, func
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class Worker(Base):
    """One life of a worker process.

    Attributes:
        id: The engine's executor id; no other process life ever has it.
        seen_at: When it last said that it lives.
        ended_at: When it stopped in order.
        fenced_at: When others took its work over. It does nothing more from then on.
    """

    __tablename__ = "workers"
    __table_args__ = (Index("ix_workers_ended_at", "ended_at"),)

    id: Mapped[str] = mapped_column(String(255), primary_key=True)
    host: Mapped[str] = mapped_column(String(255))
    pid: Mapped[int]
    version: Mapped[str] = mapped_column(String(32))
    started_at: Mapped[datetime] = mapped_column(server_default=func.now())
    seen_at: Mapped[datetime] = mapped_column(server_default=func.now())
    ended_at: Mapped[datetime | None]
    fenced_at: Mapped[datetime | None]
