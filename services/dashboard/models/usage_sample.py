"""Table `usage_samples`: what each service used of the machine, about once a minute, for a day."""

import uuid
from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, func
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class UsageSample(Base):
    """One look at what a service uses.

    Attributes:
        deployment_id: The version that answered then; counters of two versions are not compared.
        cpu_seconds: Seconds of processors that it had used until then, since it was started.
        cpu: Percent of one processor since the sample before; None where there is none to compare with.
        memory: Bytes.
        memory_limit: Bytes that it may take; None for as much as there is.
    """

    __tablename__ = "usage_samples"
    __table_args__ = (Index("ix_usage_samples_at", "at"),)

    service_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("services.id", ondelete="CASCADE"), primary_key=True
    )
    at: Mapped[datetime] = mapped_column(server_default=func.now(), primary_key=True)
    deployment_id: Mapped[uuid.UUID]
    cpu_seconds: Mapped[float]
    cpu: Mapped[float | None]
    memory: Mapped[int] = mapped_column(BigInteger)
    memory_limit: Mapped[int | None] = mapped_column(BigInteger)
