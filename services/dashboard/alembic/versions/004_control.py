"""Workflows that are watched and controlled: steps, workers, one feed of events, keys of requests, webhooks.

Revision ID: 004
Revises: 003
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "004"
down_revision = "003"
branch_labels = None
depends_on = None

FILTERS = ("status", "workflow_type", "service", "created_by")
TIME = sa.DateTime(timezone=True)


def _json(name: str) -> sa.Column[object]:
    return sa.Column(name, postgresql.JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False)


def _now(name: str) -> sa.Column[object]:
    return sa.Column(name, TIME, server_default=sa.func.now(), nullable=False)


def _id() -> sa.Column[object]:
    return sa.Column("id", sa.Uuid(), server_default=sa.func.gen_random_uuid(), nullable=False)


def upgrade() -> None:
    _workflows()
    _tasks()
    _steps()
    _workers()
    _events()
    _keys()
    _webhooks()


def downgrade() -> None:
    for table in ("webhook_deliveries", "webhooks", "idempotency_keys", "workers", "workflow_steps"):
        op.drop_table(table)
    op.drop_index("ix_workflow_events_transaction_id", "workflow_events")
    for column in ("transaction", "id"):
        op.drop_column("workflow_events", column)
    op.drop_index("ix_tasks_key", "tasks")
    op.drop_column("tasks", "answer")
    op.drop_column("tasks", "key")
    op.drop_index("ix_workflows_wake_at", "workflows")
    for column in reversed(FILTERS):
        op.drop_index(f"ix_workflows_{column}_created_at_id", "workflows")
    for column in ("status", "workflow_type"):
        op.create_index(f"ix_workflows_{column}_created_at", "workflows", [column, "created_at"])
    for column in ("service", "queue", "wish", "wished_by", "life", "wake_at"):
        op.drop_column("workflows", column)


def _workflows() -> None:
    op.add_column("workflows", sa.Column("service", sa.String(63)))
    op.add_column("workflows", sa.Column("queue", sa.String(255)))
    op.add_column("workflows", sa.Column("wish", sa.String(16)))
    op.add_column("workflows", sa.Column("wished_by", sa.String(255)))
    op.add_column("workflows", sa.Column("life", sa.Integer(), server_default="1", nullable=False))
    op.add_column("workflows", sa.Column("wake_at", TIME))
    op.execute("UPDATE workflows SET service = left(metadata ->> 'service', 63)")
    for column in ("status", "workflow_type"):
        op.drop_index(f"ix_workflows_{column}_created_at", "workflows")
    for column in FILTERS:
        op.create_index(f"ix_workflows_{column}_created_at_id", "workflows", [column, "created_at", "id"])
    op.create_index("ix_workflows_wake_at", "workflows", ["wake_at"])


def _tasks() -> None:
    op.add_column("tasks", sa.Column("key", sa.String(255)))
    op.add_column("tasks", sa.Column("answer", postgresql.JSONB()))
    op.execute("UPDATE tasks SET key = left(metadata ->> 'key', 255)")
    op.create_index("ix_tasks_key", "tasks", ["key"])


def _steps() -> None:
    op.create_table(
        "workflow_steps",
        sa.Column("workflow_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(255), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("life", sa.Integer(), server_default="1", nullable=False),
        sa.Column("attempt", sa.Integer(), server_default="1", nullable=False),
        sa.Column("worker", sa.String(255)),
        sa.Column("started_at", TIME),
        sa.Column("alive_at", TIME),
        sa.Column("deadline_at", TIME),
        sa.Column("ended_at", TIME),
        sa.Column("said", sa.Text()),
        sa.Column("output", postgresql.JSONB()),
        sa.Column("error", postgresql.JSONB()),
        sa.PrimaryKeyConstraint("workflow_id", "name", name=op.f("pk_workflow_steps")),
        sa.ForeignKeyConstraint(
            ["workflow_id"],
            ["workflows.id"],
            name=op.f("fk_workflow_steps_workflow_id_workflows"),
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_workflow_steps_status_deadline_at", "workflow_steps", ["status", "deadline_at"])


def _workers() -> None:
    op.create_table(
        "workers",
        sa.Column("id", sa.String(255), nullable=False),
        sa.Column("host", sa.String(255), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("version", sa.String(32), nullable=False),
        _now("started_at"),
        _now("seen_at"),
        sa.Column("ended_at", TIME),
        sa.Column("fenced_at", TIME),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workers")),
    )
    op.create_index("ix_workers_ended_at", "workers", ["ended_at"])


def _events() -> None:
    op.add_column(
        "workflow_events", sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False)
    )
    transaction = sa.text("((pg_current_xact_id())::text)::bigint")
    op.add_column(
        "workflow_events",
        sa.Column("transaction", sa.BigInteger(), server_default=transaction, nullable=False),
    )
    op.create_index("ix_workflow_events_transaction_id", "workflow_events", ["transaction", "id"])


def _keys() -> None:
    op.create_table(
        "idempotency_keys",
        sa.Column("caller", sa.String(255), nullable=False),
        sa.Column("key", sa.String(255), nullable=False),
        sa.Column("request_sha256", sa.String(64), nullable=False),
        sa.Column("status", sa.Integer()),
        _json("headers"),
        sa.Column("body", sa.LargeBinary()),
        _now("created_at"),
        sa.PrimaryKeyConstraint("caller", "key", name=op.f("pk_idempotency_keys")),
    )
    op.create_index("ix_idempotency_keys_created_at", "idempotency_keys", ["created_at"])


def _webhooks() -> None:
    op.create_table(
        "webhooks",
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("events", postgresql.JSONB(), server_default=sa.text("'[]'::jsonb"), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("created_by", sa.String(255), server_default="system", nullable=False),
        _id(),
        _now("updated_at"),
        _now("created_at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhooks")),
    )
    op.create_table(
        "webhook_deliveries",
        sa.Column("webhook_id", sa.Uuid(), nullable=False),
        sa.Column("workflow_id", sa.Uuid()),
        sa.Column("event", sa.String(64), nullable=False),
        sa.Column("payload", postgresql.JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False),
        sa.Column("status", sa.String(16), server_default="pending", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("answer_status", sa.Integer()),
        sa.Column("error", sa.Text()),
        sa.Column("delivered_at", TIME),
        _id(),
        _now("created_at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_deliveries")),
        sa.ForeignKeyConstraint(
            ["webhook_id"],
            ["webhooks.id"],
            name=op.f("fk_webhook_deliveries_webhook_id_webhooks"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workflow_id"],
            ["workflows.id"],
            name=op.f("fk_webhook_deliveries_workflow_id_workflows"),
            ondelete="SET NULL",
        ),
    )
    op.create_index(
        "ix_webhook_deliveries_webhook_id_created_at_id",
        "webhook_deliveries",
        ["webhook_id", "created_at", "id"],
    )
    op.create_index("ix_webhook_deliveries_workflow_id", "webhook_deliveries", ["workflow_id"])
