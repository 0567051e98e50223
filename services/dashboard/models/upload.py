"""Table `uploads`: what is being handed in piece by piece, and what came of it."""

import uuid
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Identified, Timed


class Upload(Identified, Timed, Base):
    """One upload that may go on after a broken connection. How much of it came is the size of its file."""

    __tablename__ = "uploads"
    __table_args__ = (
        CheckConstraint("size > 0", name="size"),
        Index("ix_uploads_updated_at", "updated_at"),
        Index("ix_uploads_artifact_id", "artifact_id"),
    )

    filename: Mapped[str] = mapped_column(String(255))
    declared_type: Mapped[str] = mapped_column(String(32), default="", server_default="")
    size: Mapped[int] = mapped_column(BigInteger)
    checksum_sha256: Mapped[str | None] = mapped_column(String(64))
    uploaded_by: Mapped[str] = mapped_column(String(255), default="system", server_default="system")
    upload_metadata: Mapped[dict[str, Any]] = mapped_column(
        "metadata", default=dict, server_default=text("'{}'::jsonb")
    )
    artifact_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("artifacts.id", ondelete="CASCADE"))
