"""The DNS records of a release: those of its names, as they were when it was last seen from outside."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Deployment, DomainRecord, RecordStatus

Json = dict[str, Any]

KEY = "records"
"""The member of a deployment's configuration that holds them."""


def of(session: Session, hosts: Collection[str]) -> list[Json]:
    """The records of these names that are kept, or that a person was asked for."""
    query = select(DomainRecord).where(
        DomainRecord.domain.in_(hosts), DomainRecord.status != RecordStatus.REMOVED
    )
    found: list[Json] = [
        {
            "domain": row.domain,
            "type": row.record_type.value,
            "value": row.value,
            "ttl": row.ttl,
            "priority": row.priority,
            "auto_managed": row.auto_managed,
        }
        for row in session.scalars(query)
    ]
    return sorted(found, key=lambda row: (row["domain"], row["type"], row["value"]))


def note(session: Session, deployment: Deployment, hosts: Collection[str]) -> None:
    """Write them into the record of the release, in the caller's transaction."""
    session.flush()
    deployment.configuration = {**deployment.configuration, KEY: of(session, hosts)}


def line(record: Json) -> str:
    """A record as people write it."""
    return f"{record['domain']} {record['type']} {record['value']}"
