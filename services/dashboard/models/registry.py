"""Table `registries`: where images come from that not everybody may have."""

from typing import ClassVar

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Timed


class Registry(Timed, Base):
    """An account at a registry of images.

    Attributes:
        host: Its name, with a port where it has one.
        password: Or a token; encrypted.
    """

    __tablename__ = "registries"
    hidden: ClassVar[frozenset[str]] = frozenset({"password"})

    host: Mapped[str] = mapped_column(String(255), primary_key=True)
    username: Mapped[str] = mapped_column(String(255))
    password: Mapped[bytes]
    set_by: Mapped[str] = mapped_column(String(255))
