"""What comes after a deploy: changes of health, and notices to people.

Revision ID: 006
Revises: 005
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "006"
down_revision = "005"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "health_changes",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("deployment_id", sa.Uuid(), nullable=False),
        sa.Column("at", TIME, server_default=sa.func.now(), nullable=False),
        sa.Column("before", sa.String(16), nullable=False),
        sa.Column("after", sa.String(16), nullable=False),
        sa.Column("why", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_health_changes")),
        sa.ForeignKeyConstraint(
            ["deployment_id"],
            ["deployments.id"],
            name=op.f("fk_health_changes_deployment_id_deployments"),
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_health_changes_deployment_id_id", "health_changes", ["deployment_id", "id"])
    op.add_column("webhooks", sa.Column("kind", sa.String(16), server_default="webhook", nullable=False))
    op.add_column(
        "webhooks",
        sa.Column("settings", postgresql.JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False),
    )


def downgrade() -> None:
    # What an older version would take for a webhook goes: it would send it what it is not meant for.
    op.execute("DELETE FROM webhooks WHERE kind <> 'webhook'")
    for column in ("settings", "kind"):
        op.drop_column("webhooks", column)
    op.drop_table("health_changes")
