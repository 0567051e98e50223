"""What services use of the machine, for a day.

Revision ID: 008
Revises: 007
"""

import sqlalchemy as sa
from alembic import op

revision = "008"
down_revision = "007"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "usage_samples",
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("at", TIME, server_default=sa.func.now(), nullable=False),
        sa.Column("deployment_id", sa.Uuid(), nullable=False),
        sa.Column("cpu_seconds", sa.Float(), nullable=False),
        sa.Column("cpu", sa.Float(), nullable=True),
        sa.Column("memory", sa.BigInteger(), nullable=False),
        sa.Column("memory_limit", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("service_id", "at", name=op.f("pk_usage_samples")),
        sa.ForeignKeyConstraint(
            ["service_id"],
            ["services.id"],
            name=op.f("fk_usage_samples_service_id_services"),
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_usage_samples_at", "usage_samples", ["at"])


def downgrade() -> None:
    op.drop_table("usage_samples")
