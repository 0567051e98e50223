"""What was seen of the HTTPS of hosts: kept with them, looked at again in time, told to who can help."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from jarvis.tasks.ask import ask, settle
from models import (
    Deployment,
    DomainRecord,
    RecordStatus,
    Service,
    ServiceHost,
    TaskStatus,
    TaskType,
)

Json = dict[str, Any]

AGAIN = timedelta(hours=1)
"""After a failure. Let's Encrypt allows five an hour and host."""
DAILY = timedelta(days=1)


def key(host: str) -> str:
    """The key of the task that asks for what stands between a host and its certificate."""
    return f"https:{host}"


def is_due(seen: Mapping[str, Any] | None, now: datetime, *, reached: bool) -> bool:
    """Is it time to look at a host again? Pure.

    Args:
        seen: What was seen the last time.
        now: The time.
        reached: Its name leads here.
    """
    if not seen:
        return True
    if "waits" in seen:
        return reached
    last = datetime.fromisoformat(seen["seen"])
    return last + (AGAIN if "error" in seen else DAILY) <= now


def keep(session: Session, deployment: Deployment, found: Mapping[str, Json], workflow_id: str) -> None:
    """Write what was seen of its hosts; ask a person where only that helps. In the caller's transaction."""
    kept = {**deployment.configuration.get("https", {}), **found}
    deployment.configuration = {**deployment.configuration, "https": kept}
    records = session.scalars(
        select(DomainRecord).where(
            DomainRecord.domain.in_(found), DomainRecord.status != RecordStatus.REMOVED
        )
    )
    for record in records:
        record.domain_metadata = {**record.domain_metadata, "https": found[record.domain]}
    for host, seen in found.items():
        if seen.get("asks"):
            _ask(session, host, seen["error"], workflow_id)
        elif "error" not in seen:
            settle(session, key(host), TaskStatus.COMPLETED, "jarvis")


def _ask(session: Session, host: str, why: str, workflow_id: str) -> None:
    ask(
        session,
        key=key(host),
        kind=TaskType.VERIFICATION,
        title=f"Let {host} have a certificate",
        description=f"{why} The site answers by HTTP. This task closes by itself when HTTPS answers, too.",
        instructions={
            "steps": [
                f"See that {host} leads to this machine from everywhere, by IPv6 too if it has AAAA.",
                "Let the ports 80 and 443 of this machine be reached from outside.",
                f"Or give it one of your own: jarvis certificates add {host} --cert FILE --key FILE",
            ]
        },
        workflow_id=workflow_id,
    )


def again(session: Session, name: str) -> None:
    """Look at the hosts of this name soon, as it got another certificate. `*.` stands for one label."""
    below = name.removeprefix("*")
    query = (
        select(ServiceHost.host, Deployment)
        .join(Service, Service.id == ServiceHost.service_id)
        .join(Deployment, Deployment.id == Service.deployment_id)
    )
    for host, row in session.execute(query):
        if host == name or (name != below and f".{host.partition('.')[2]}" == below):
            seen = {each: kept for each, kept in row.configuration.get("https", {}).items() if each != host}
            row.configuration = {**row.configuration, "https": seen}


def settle_all(session: Session, hosts: list[str]) -> None:
    """Nobody is asked for certificates of these hosts any more."""
    for host in hosts:
        settle(session, key(host), TaskStatus.CANCELLED, "jarvis")
