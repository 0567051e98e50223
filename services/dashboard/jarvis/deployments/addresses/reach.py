"""Does a name lead visitors here? Asked by the name itself, not by an address that we know."""

from datetime import UTC, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

import config
from jarvis.builds.release import MARKER
from jarvis.dns.names import is_local
from jarvis.dns.resolve import addresses
from jarvis.errors import Unavailable
from jarvis.proxy.probe import probe
from jarvis.tasks.ask import ask, settle
from jarvis.workflows import events
from models import Deployment, DomainRecord, RecordStatus, TaskStatus, TaskType

WAIT = 2.0
"""Seconds for the resolver, and for each address it gives."""


def key(host: str) -> str:
    """The key of the task that asks for this host's records."""
    return f"dns:{host}"


def leads_here(host: str, release: str) -> bool:
    """True when a request to `host`, found by its name, is answered by the release `release`."""
    settings = config.settings()
    port = settings.public_port or settings.http_port
    for address in addresses(host, WAIT)[:4]:
        try:
            answer = probe(host, port, f"/{MARKER}", address=address, timeout=WAIT)
        except Unavailable:
            continue
        if answer.status == 200 and answer.body.decode("ascii", "replace") == release:
            return True
    return False


def note(session: Session, deployment: Deployment, host: str, reached: bool) -> None:
    """Write what was seen of a host; where a person has to act, ask. In the caller's transaction."""
    record = _record(session, host)
    record.deployment_id = deployment.id
    if is_local(host):
        record.value = "127.0.0.1"
        record.domain_metadata = {"by": "RFC 6761: names below localhost mean this machine"}
    if reached or is_local(host):
        record.status, record.verified_at = RecordStatus.ACTIVE, datetime.now(UTC)
        settle(session, key(host), TaskStatus.COMPLETED, "jarvis")
        return
    record.status = RecordStatus.PENDING
    sentence = f"{host} does not lead to this machine yet"
    ask(
        session,
        key=key(host),
        kind=TaskType.DNS_MANUAL,
        title=f"Point {host} at this machine",
        description=f"{sentence}. Where its DNS is kept, add the record below. This task closes by itself.",
        instructions={
            "records": [
                {"type": "A", "host": host, "value": "the public IPv4 address of this machine"},
                {"type": "AAAA", "host": host, "value": "its public IPv6 address, if it has one"},
            ],
            "port": config.settings().public_port or config.settings().http_port,
        },
        workflow_id=str(deployment.workflow_id),
    )
    events.append(
        session,
        str(deployment.workflow_id),
        "warning",
        f"{sentence}: a task says what to do (jarvis tasks list).",
    )


def _record(session: Session, host: str) -> DomainRecord:
    query = select(DomainRecord).where(
        DomainRecord.domain == host, DomainRecord.status != RecordStatus.REMOVED
    )
    found = session.scalars(query.limit(1)).first()
    if found is None:
        found = DomainRecord(domain=host, record_type="A", value="this machine")
        session.add(found)
    return found


def forget(session: Session, hosts: list[str]) -> None:
    """The service is gone: its records say so, and nobody is asked for them any more."""
    for host in hosts:
        settle(session, key(host), TaskStatus.CANCELLED, "jarvis")
    session.execute(
        update(DomainRecord).where(DomainRecord.domain.in_(hosts)).values(status=RecordStatus.REMOVED)
    )
