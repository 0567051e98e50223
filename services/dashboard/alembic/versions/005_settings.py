"""Settings of services, with versions: environment variables and secrets.

Revision ID: 005
Revises: 004
"""

import sqlalchemy as sa
from alembic import op

revision = "005"
down_revision = "004"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "environment_versions",
        sa.Column("service", sa.String(63), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.String(255), nullable=False),
        sa.Column("created_at", TIME, server_default=sa.func.now(), nullable=False),
        sa.PrimaryKeyConstraint("service", "number", name=op.f("pk_environment_versions")),
    )
    op.create_table(
        "service_variables",
        sa.Column("service", sa.String(63), nullable=False),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("since", sa.Integer(), nullable=False),
        sa.Column("until", sa.Integer()),
        sa.Column("phase", sa.String(8), server_default="both", nullable=False),
        sa.Column("value", sa.Text()),
        sa.Column("sealed", sa.LargeBinary()),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("set_by", sa.String(255), nullable=False),
        sa.Column("created_at", TIME, server_default=sa.func.now(), nullable=False),
        sa.PrimaryKeyConstraint("service", "name", "since", name=op.f("pk_service_variables")),
        sa.CheckConstraint(
            "num_nonnulls(value, sealed) = 1", name=op.f("ck_service_variables_plain_or_sealed")
        ),
        sa.CheckConstraint("until > since", name=op.f("ck_service_variables_until")),
    )


def downgrade() -> None:
    for table in ("service_variables", "environment_versions"):
        op.drop_table(table)
