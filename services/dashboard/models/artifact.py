"""Table `artifacts`: what people hand in."""

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, CheckConstraint, Index, String, Text, func, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Identified, enumeration

if TYPE_CHECKING:
    from models.deployment import Deployment


class FileType(StrEnum):
    """The shape in which an artifact was handed in."""

    ZIP = "zip"
    TAR = "tar"
    DIRECTORY = "directory"
    SINGLE_FILE = "single_file"


class Artifact(Identified, Base):
    """One upload. Its bytes are stored once by their checksum, however often they are handed in."""

    __tablename__ = "artifacts"
    __table_args__ = (
        CheckConstraint("file_size >= 0", name="file_size"),
        CheckConstraint("checksum_sha256 ~ '^[0-9a-f]{64}$'", name="checksum_sha256"),
        Index("ix_artifacts_uploaded_at_id", "uploaded_at", "id"),
        Index("ix_artifacts_checksum_sha256", "checksum_sha256"),
        Index("ix_artifacts_file_type_uploaded_at_id", "file_type", "uploaded_at", "id"),
        Index(
            "ix_artifacts_detected_service_type_uploaded_at_id", "detected_service_type", "uploaded_at", "id"
        ),
        Index("ix_artifacts_uploaded_by_uploaded_at_id", "uploaded_by", "uploaded_at", "id"),
    )

    filename: Mapped[str] = mapped_column(String(255))
    original_filename: Mapped[str] = mapped_column(String(255))
    file_type: Mapped[FileType] = mapped_column(enumeration(FileType, "artifact_file_type"))
    storage_path: Mapped[str] = mapped_column(Text)
    file_size: Mapped[int] = mapped_column(BigInteger)
    checksum_sha256: Mapped[str] = mapped_column(String(64))
    detected_service_type: Mapped[str | None] = mapped_column(String(64))
    uploaded_by: Mapped[str] = mapped_column(String(255), default="system", server_default="system")
    uploaded_at: Mapped[datetime] = mapped_column(server_default=func.now())
    artifact_metadata: Mapped[dict[str, Any]] = mapped_column(
        "metadata", default=dict, server_default=text("'{}'::jsonb")
    )

    deployments: Mapped[list["Deployment"]] = relationship(back_populates="artifact", passive_deletes=True)
