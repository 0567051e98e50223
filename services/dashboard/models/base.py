"""What every table has in common: the declarative base, its naming rules, ids, times and `to_dict()`."""

import uuid
from datetime import datetime
from enum import Enum
from typing import Any, ClassVar

from sqlalchemy import DateTime, MetaData, Uuid, func, inspect
from sqlalchemy import Enum as SqlEnum
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

NAMES = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


def plain(value: Any) -> Any:
    """`value` as JSON knows it: ids and times as text, enums by their value."""
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    return value


class Base(DeclarativeBase):
    """Declarative base of all Jarvis tables."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: DateTime(timezone=True),
        dict[str, Any]: JSONB,
        uuid.UUID: Uuid(),
    }
    __mapper_args__ = {"eager_defaults": True}  # noqa: RUF012 - SQLAlchemy declares it as an instance's
    """Values made by the database are fetched with the write: a row can be shown after its session."""
    hidden: ClassVar[frozenset[str]] = frozenset()
    """Columns that `to_dict()` leaves out."""

    def to_dict(self) -> dict[str, Any]:
        """The row by its column names, ready for JSON. The column `metadata` keeps its name."""
        pairs = ((attribute.key, attribute.columns[0].name) for attribute in inspect(type(self)).column_attrs)
        return {column: plain(getattr(self, key)) for key, column in pairs if column not in self.hidden}


class Identified:
    """A UUID primary key, made by the application so that a row can be named before it is written."""

    id: Mapped[uuid.UUID] = mapped_column(
        primary_key=True, default=uuid.uuid4, server_default=func.gen_random_uuid()
    )


class Created:
    """When the row was made, by the database's clock."""

    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Timed(Created):
    """When the row was made and last changed, by the database's clock."""

    updated_at: Mapped[datetime] = mapped_column(server_default=func.now(), onupdate=func.now())


def _values(kind: type[Enum]) -> list[str]:
    return [member.value for member in kind]


def enumeration(kind: type[Enum], name: str) -> SqlEnum:
    """A PostgreSQL enum type `name` with the values (not the Python names) of `kind`."""
    return SqlEnum(kind, name=name, values_callable=_values)
