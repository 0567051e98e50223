"""One lock for each content: whoever keeps or deletes its bytes holds it until the end of the transaction."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session


def hold(session: Session, sha256: str) -> None:
    """Wait for, then hold, the lock of these bytes. What is read afterwards is what others committed."""
    session.execute(select(func.pg_advisory_xact_lock(_key(sha256))))


def _key(sha256: str) -> int:
    return int.from_bytes(bytes.fromhex(sha256[:16]), signed=True)
