"""Table `access_tokens`: who may talk to the API."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Created, Identified


class AccessToken(Identified, Created, Base):
    """A bearer token. Only its SHA-256 is kept: a token has 256 random bits, so a slow hash adds nothing."""

    __tablename__ = "access_tokens"
    hidden: ClassVar[frozenset[str]] = frozenset({"token_sha256"})

    name: Mapped[str] = mapped_column(String(255))
    role: Mapped[str] = mapped_column(String(32))
    token_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
