"""Uploads that go on after a broken connection, and the indexes behind the filters of artifacts.

Revision ID: 003
Revises: 002
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "003"
down_revision = "002"
branch_labels = None
depends_on = None

FILTERS = ("file_type", "detected_service_type", "uploaded_by")


def upgrade() -> None:
    op.create_table(
        "uploads",
        sa.Column("filename", sa.String(255), nullable=False),
        sa.Column("declared_type", sa.String(32), server_default="", nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("checksum_sha256", sa.String(64)),
        sa.Column("uploaded_by", sa.String(255), server_default="system", nullable=False),
        sa.Column("metadata", postgresql.JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False),
        sa.Column("artifact_id", sa.Uuid()),
        sa.Column("id", sa.Uuid(), server_default=sa.func.gen_random_uuid(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_uploads")),
        sa.CheckConstraint("size > 0", name=op.f("ck_uploads_size")),
        sa.ForeignKeyConstraint(
            ["artifact_id"],
            ["artifacts.id"],
            name=op.f("fk_uploads_artifact_id_artifacts"),
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_uploads_updated_at", "uploads", ["updated_at"])
    op.create_index("ix_uploads_artifact_id", "uploads", ["artifact_id"])
    for column in FILTERS:
        name = f"ix_artifacts_{column}_uploaded_at_id"
        op.create_index(name, "artifacts", [column, "uploaded_at", "id"])


def downgrade() -> None:
    for column in reversed(FILTERS):
        op.drop_index(f"ix_artifacts_{column}_uploaded_at_id", "artifacts")
    op.drop_table("uploads")
