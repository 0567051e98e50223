"""Table `domain_records`: the names that point at deployments."""

import uuid
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Identified, Timed, enumeration

if TYPE_CHECKING:
    from models.deployment import Deployment


class RecordType(StrEnum):
    """The DNS types that Jarvis writes."""

    A = "A"
    CNAME = "CNAME"
    TXT = "TXT"
    MX = "MX"
    AAAA = "AAAA"


class RecordStatus(StrEnum):
    """Where a record stands. `active` is written only after a nameserver was seen to answer it."""

    PENDING = "pending"
    ACTIVE = "active"
    FAILED = "failed"
    REMOVED = "removed"


class DomainRecord(Identified, Timed, Base):
    """One DNS record that Jarvis keeps, or asks a person to keep. It outlives its deployment."""

    __tablename__ = "domain_records"
    __table_args__ = (
        CheckConstraint("ttl BETWEEN 1 AND 2147483647", name="ttl"),
        CheckConstraint("priority IS NULL OR priority BETWEEN 0 AND 65535", name="priority"),
        Index("ix_domain_records_created_at_id", "created_at", "id"),
        Index("ix_domain_records_deployment_id", "deployment_id"),
        Index("ix_domain_records_domain_record_type", "domain", "record_type"),
        Index("ix_domain_records_auto_managed", "auto_managed", postgresql_where=text("auto_managed")),
    )

    deployment_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("deployments.id", ondelete="SET NULL"))
    domain: Mapped[str] = mapped_column(String(253))
    record_type: Mapped[RecordType] = mapped_column(enumeration(RecordType, "record_type"))
    value: Mapped[str] = mapped_column(Text)
    ttl: Mapped[int] = mapped_column(default=300, server_default="300")
    priority: Mapped[int | None]
    status: Mapped[RecordStatus] = mapped_column(
        enumeration(RecordStatus, "record_status"),
        default=RecordStatus.PENDING,
        server_default=RecordStatus.PENDING.value,
    )
    auto_managed: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    verified_at: Mapped[datetime | None]
    domain_metadata: Mapped[dict[str, Any]] = mapped_column(
        "metadata", default=dict, server_default=text("'{}'::jsonb")
    )

    deployment: Mapped["Deployment | None"] = relationship(back_populates="domain_records")
