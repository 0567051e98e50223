"""Tables `service_variables` and `environment_versions`: what a service's programs find in their environment.

Both name the service and do not point at its row: that row goes when a first deploy fails, and what a person
set must be there for the next one.
"""

from typing import ClassVar

from sqlalchemy import CheckConstraint, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Created


class ServiceVariable(Created, Base):
    """One value of one variable, and the versions of the environment that have it.

    Attributes:
        since: The first version that has it.
        until: The first version that does not have it any more; None while it counts.
        phase: `build`, `run` or `both`.
        value: What a plain variable holds.
        sealed: What a secret holds, encrypted.
        size: Bytes of the value, for the limits.
    """

    __tablename__ = "service_variables"
    __table_args__ = (
        CheckConstraint("num_nonnulls(value, sealed) = 1", name="plain_or_sealed"),
        CheckConstraint("until > since", name="until"),
    )
    hidden: ClassVar[frozenset[str]] = frozenset({"sealed"})

    service: Mapped[str] = mapped_column(String(63), primary_key=True)
    name: Mapped[str] = mapped_column(String(255), primary_key=True)
    since: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    until: Mapped[int | None]
    phase: Mapped[str] = mapped_column(String(8), default="both", server_default="both")
    value: Mapped[str | None] = mapped_column(Text)
    sealed: Mapped[bytes | None]
    size: Mapped[int]
    set_by: Mapped[str] = mapped_column(String(255))


class EnvironmentVersion(Created, Base):
    """One state of a service's environment: every change makes the next number."""

    __tablename__ = "environment_versions"

    service: Mapped[str] = mapped_column(String(63), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    created_by: Mapped[str] = mapped_column(String(255))
