"""Services and their hosts, the events of workflows, and access tokens.

Revision ID: 002
Revises: 001
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "002"
down_revision = "001"
branch_labels = None
depends_on = None


def _id() -> sa.Column[object]:
    return sa.Column("id", sa.Uuid(), server_default=sa.func.gen_random_uuid(), nullable=False)


def _now(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False)


def _json(name: str) -> sa.Column[object]:
    return sa.Column(name, postgresql.JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False)


def upgrade() -> None:
    _services()
    _service_hosts()
    _workflow_events()
    _access_tokens()


def downgrade() -> None:
    for table in ("access_tokens", "workflow_events", "service_hosts", "services"):
        op.drop_table(table)


def _services() -> None:
    op.create_table(
        "services",
        sa.Column("name", sa.String(63), nullable=False),
        sa.Column("deployment_id", sa.Uuid()),
        _json("settings"),
        _id(),
        _now("updated_at"),
        _now("created_at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_services")),
        sa.UniqueConstraint("name", name=op.f("uq_services_name")),
        sa.ForeignKeyConstraint(
            ["deployment_id"],
            ["deployments.id"],
            name=op.f("fk_services_deployment_id_deployments"),
            ondelete="SET NULL",
        ),
    )
    op.create_index("ix_services_deployment_id", "services", ["deployment_id"])


def _service_hosts() -> None:
    op.create_table(
        "service_hosts",
        sa.Column("host", sa.String(253), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        _now("created_at"),
        sa.PrimaryKeyConstraint("host", name=op.f("pk_service_hosts")),
        sa.ForeignKeyConstraint(
            ["service_id"],
            ["services.id"],
            name=op.f("fk_service_hosts_service_id_services"),
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_service_hosts_service_id", "service_hosts", ["service_id"])


def _workflow_events() -> None:
    op.create_table(
        "workflow_events",
        sa.Column("workflow_id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("step", sa.String(64)),
        sa.Column("message", sa.Text(), nullable=False),
        _json("data"),
        _now("created_at"),
        sa.PrimaryKeyConstraint("workflow_id", "sequence", name=op.f("pk_workflow_events")),
        sa.ForeignKeyConstraint(
            ["workflow_id"],
            ["workflows.id"],
            name=op.f("fk_workflow_events_workflow_id_workflows"),
            ondelete="CASCADE",
        ),
    )


def _access_tokens() -> None:
    op.create_table(
        "access_tokens",
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("role", sa.String(32), nullable=False),
        sa.Column("token_sha256", sa.String(64), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True)),
        sa.Column("revoked_at", sa.DateTime(timezone=True)),
        _id(),
        _now("created_at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_tokens")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_access_tokens_token_sha256")),
    )
