"""The five tables of the document.

Revision ID: 001
Revises:
"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "001"
down_revision = None
branch_labels = None
depends_on = None

ENUMS = {
    "workflow_status": ("pending", "running", "completed", "failed", "paused"),
    "task_type": ("dns_manual", "approval_required", "verification"),
    "task_status": ("pending", "in_progress", "completed", "rejected", "expired", "cancelled"),
    "task_priority": ("low", "medium", "high", "urgent"),
    "artifact_file_type": ("zip", "tar", "directory", "single_file"),
    "deployment_status": ("pending", "deploying", "running", "stopped", "failed", "removed"),
    "health_status": ("unknown", "healthy", "unhealthy"),
    "record_type": ("A", "CNAME", "TXT", "MX", "AAAA"),
    "record_status": ("pending", "active", "failed", "removed"),
}


def _enum(name: str) -> sa.types.TypeEngine[Any]:
    return postgresql.ENUM(*ENUMS[name], name=name, create_type=False)


def _id() -> sa.Column[object]:
    return sa.Column("id", sa.Uuid(), server_default=sa.func.gen_random_uuid(), nullable=False)


def _time(name: str, *, required: bool = False) -> sa.Column[object]:
    default = sa.func.now() if required else None
    return sa.Column(name, sa.DateTime(timezone=True), server_default=default, nullable=not required)


def _json(name: str) -> sa.Column[object]:
    return sa.Column(name, postgresql.JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False)


def upgrade() -> None:
    for name, values in ENUMS.items():
        op.execute(f"CREATE TYPE {name} AS ENUM {values}")
    _workflows()
    _tasks()
    _artifacts()
    _deployments()
    _domain_records()


def downgrade() -> None:
    for table in ("domain_records", "deployments", "artifacts", "tasks", "workflows"):
        op.drop_table(table)
    for name in reversed(ENUMS):
        op.execute(f"DROP TYPE {name}")


def _workflows() -> None:
    op.create_table(
        "workflows",
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("workflow_type", sa.String(64), nullable=False),
        sa.Column("status", _enum("workflow_status"), server_default="pending", nullable=False),
        sa.Column("current_step", sa.Integer(), server_default="0", nullable=False),
        sa.Column("total_steps", sa.Integer(), server_default="0", nullable=False),
        sa.Column("created_by", sa.String(255), server_default="system", nullable=False),
        _time("started_at"),
        _time("completed_at"),
        sa.Column("error_message", sa.Text()),
        _json("metadata"),
        _id(),
        _time("updated_at", required=True),
        _time("created_at", required=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workflows")),
        sa.CheckConstraint(
            "total_steps >= 0 AND current_step >= 0 AND current_step <= total_steps",
            name=op.f("ck_workflows_steps"),
        ),
    )
    op.create_index("ix_workflows_created_at_id", "workflows", ["created_at", "id"])
    op.create_index("ix_workflows_status_created_at", "workflows", ["status", "created_at"])
    op.create_index("ix_workflows_workflow_type_created_at", "workflows", ["workflow_type", "created_at"])


def _tasks() -> None:
    op.create_table(
        "tasks",
        sa.Column("workflow_id", sa.Uuid()),
        sa.Column("title", sa.String(255), nullable=False),
        sa.Column("description", sa.Text()),
        sa.Column("task_type", _enum("task_type"), nullable=False),
        sa.Column("status", _enum("task_status"), server_default="pending", nullable=False),
        sa.Column("priority", _enum("task_priority"), server_default="medium", nullable=False),
        _json("instructions"),
        sa.Column("assigned_to", sa.String(255)),
        _time("due_at"),
        _time("completed_at"),
        sa.Column("completed_by", sa.String(255)),
        _json("metadata"),
        _id(),
        _time("updated_at", required=True),
        _time("created_at", required=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tasks")),
        sa.ForeignKeyConstraint(
            ["workflow_id"],
            ["workflows.id"],
            name=op.f("fk_tasks_workflow_id_workflows"),
            ondelete="SET NULL",
        ),
    )
    op.create_index("ix_tasks_created_at_id", "tasks", ["created_at", "id"])
    op.create_index("ix_tasks_workflow_id", "tasks", ["workflow_id"])
    op.create_index("ix_tasks_status_priority_due_at", "tasks", ["status", "priority", "due_at"])
    op.create_index("ix_tasks_assigned_to_status", "tasks", ["assigned_to", "status"])


def _artifacts() -> None:
    op.create_table(
        "artifacts",
        sa.Column("filename", sa.String(255), nullable=False),
        sa.Column("original_filename", sa.String(255), nullable=False),
        sa.Column("file_type", _enum("artifact_file_type"), nullable=False),
        sa.Column("storage_path", sa.Text(), nullable=False),
        sa.Column("file_size", sa.BigInteger(), nullable=False),
        sa.Column("checksum_sha256", sa.String(64), nullable=False),
        sa.Column("detected_service_type", sa.String(64)),
        sa.Column("uploaded_by", sa.String(255), server_default="system", nullable=False),
        _time("uploaded_at", required=True),
        _json("metadata"),
        _id(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_artifacts")),
        sa.CheckConstraint("file_size >= 0", name=op.f("ck_artifacts_file_size")),
        sa.CheckConstraint("checksum_sha256 ~ '^[0-9a-f]{64}$'", name=op.f("ck_artifacts_checksum_sha256")),
    )
    op.create_index("ix_artifacts_uploaded_at_id", "artifacts", ["uploaded_at", "id"])
    op.create_index("ix_artifacts_checksum_sha256", "artifacts", ["checksum_sha256"])


def _deployments() -> None:
    op.create_table(
        "deployments",
        sa.Column("workflow_id", sa.Uuid(), nullable=False),
        sa.Column("artifact_id", sa.Uuid()),
        sa.Column("service_name", sa.String(63), nullable=False),
        sa.Column("service_type", sa.String(64)),
        sa.Column("domain", sa.String(253)),
        sa.Column("status", _enum("deployment_status"), server_default="pending", nullable=False),
        sa.Column("health_status", _enum("health_status"), server_default="unknown", nullable=False),
        _time("last_health_check"),
        _json("configuration"),
        _time("deployed_at"),
        _time("stopped_at"),
        _id(),
        _time("updated_at", required=True),
        _time("created_at", required=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deployments")),
        sa.ForeignKeyConstraint(
            ["workflow_id"],
            ["workflows.id"],
            name=op.f("fk_deployments_workflow_id_workflows"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["artifact_id"],
            ["artifacts.id"],
            name=op.f("fk_deployments_artifact_id_artifacts"),
            ondelete="SET NULL",
        ),
    )
    op.create_index("ix_deployments_created_at_id", "deployments", ["created_at", "id"])
    op.create_index("ix_deployments_service_name_created_at", "deployments", ["service_name", "created_at"])
    op.create_index("ix_deployments_workflow_id", "deployments", ["workflow_id"])
    op.create_index("ix_deployments_artifact_id", "deployments", ["artifact_id"])
    op.create_index("ix_deployments_status", "deployments", ["status"])


def _domain_records() -> None:
    op.create_table(
        "domain_records",
        sa.Column("deployment_id", sa.Uuid()),
        sa.Column("domain", sa.String(253), nullable=False),
        sa.Column("record_type", _enum("record_type"), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("ttl", sa.Integer(), server_default="300", nullable=False),
        sa.Column("priority", sa.Integer()),
        sa.Column("status", _enum("record_status"), server_default="pending", nullable=False),
        sa.Column("auto_managed", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        _time("verified_at"),
        _json("metadata"),
        _id(),
        _time("updated_at", required=True),
        _time("created_at", required=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_domain_records")),
        sa.ForeignKeyConstraint(
            ["deployment_id"],
            ["deployments.id"],
            name=op.f("fk_domain_records_deployment_id_deployments"),
            ondelete="SET NULL",
        ),
        sa.CheckConstraint("ttl BETWEEN 1 AND 2147483647", name=op.f("ck_domain_records_ttl")),
        sa.CheckConstraint(
            "priority IS NULL OR priority BETWEEN 0 AND 65535", name=op.f("ck_domain_records_priority")
        ),
    )
    op.create_index("ix_domain_records_created_at_id", "domain_records", ["created_at", "id"])
    op.create_index("ix_domain_records_deployment_id", "domain_records", ["deployment_id"])
    op.create_index("ix_domain_records_domain_record_type", "domain_records", ["domain", "record_type"])
    op.create_index(
        "ix_domain_records_auto_managed",
        "domain_records",
        ["auto_managed"],
        postgresql_where=sa.text("auto_managed"),
    )
