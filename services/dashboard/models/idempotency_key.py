"""Table `idempotency_keys`: requests that may be sent again, and what they were answered."""

from typing import Any

from sqlalchemy import Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Created


class IdempotencyKey(Created, Base):
    """One request that carried an `Idempotency-Key`.

    Attributes:
        caller: Whose key it is: the id of the access token.
        request_sha256: Over method, address and body; another one under the same key is refused.
        status: What it was answered with; None while it is worked on.
    """

    __tablename__ = "idempotency_keys"
    __table_args__ = (Index("ix_idempotency_keys_created_at", "created_at"),)

    caller: Mapped[str] = mapped_column(String(255), primary_key=True)
    key: Mapped[str] = mapped_column(String(255), primary_key=True)
    request_sha256: Mapped[str] = mapped_column(String(64))
    status: Mapped[int | None]
    headers: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default=text("'{}'::jsonb"))
    body: Mapped[bytes | None]
