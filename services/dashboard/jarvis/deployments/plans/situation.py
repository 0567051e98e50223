"""What is now, as far as a plan needs it: read from the tables, nothing is written."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from jarvis.deployments.plans.members import part
from jarvis.deployments.upkeep import keep
from jarvis.dns.names import is_local
from models import Deployment, DomainRecord, RecordStatus, Service, ServiceHost, ServiceVariable

Json = dict[str, Any]


class Variable(NamedTuple):
    """A variable: since which version it has its value, and whether it is a secret."""

    since: int
    secret: bool


@dataclass(frozen=True)
class Situation:
    """What is now.

    Attributes:
        service: Its name.
        domain: The host that is meant.
        is_new: There is no such service yet.
        replaces: The deployment that answers.
        running: Its configuration.
        hosts: Host → the service that has it, for the hosts that were asked about.
        leading: The hosts that are known to lead here.
        variables: Version of the environment → name → the variable.
        ran: The releases that ever answered, newest first.
        kept: How many older ones are kept now.
        pinned: Those that are never cleaned away.
        usual: How many are kept where no setting says so.
    """

    service: str
    domain: str
    is_new: bool = True
    replaces: str | None = None
    running: Json | None = None
    hosts: Mapping[str, str] = field(default_factory=dict[str, str])
    leading: frozenset[str] = frozenset()
    variables: Mapping[int, Mapping[str, Variable]] = field(default_factory=dict[int, Mapping[str, Variable]])
    ran: tuple[str, ...] = ()
    kept: int = 0
    pinned: frozenset[str] = frozenset()
    usual: int = 5

    def owners(self, hosts: Collection[str]) -> dict[str, str]:
        """Those of `hosts` that belong to another service."""
        return {
            host: self.hosts[host] for host in hosts if self.hosts.get(host, self.service) != self.service
        }

    def removes(self, new: Json) -> list[str]:
        """The releases that are deleted once `new` answers."""
        wanted = int(part(new, "settings").get("keep", 0) or self.usual)
        coming = new.get("release")
        before = self.ran[: self.kept + 1]
        after = [one for one in self.ran if one != coming][:wanted]
        return [one for one in before if one not in {*after, *self.pinned, coming}]


def look(session: Session, service: str, domain: str, hosts: Collection[str], environment: int) -> Situation:
    """What is now.

    Args:
        session: Any session; it is only read.
        service: The service's name.
        domain: The host that is meant.
        hosts: All hosts that the new version wants.
        environment: The version of the environment that it would have.
    """
    row = session.scalars(select(Service).where(Service.name == service)).one_or_none()
    now = session.get(Deployment, row.deployment_id) if row and row.deployment_id else None
    running = {**now.configuration, "domain": now.domain} if now else None
    wanted = {*hosts, *((running or {}).get("hosts") or ())}
    taken = session.execute(
        select(ServiceHost.host, Service.name).join(Service).where(ServiceHost.host.in_(wanted))
    )
    numbers = {environment, int((running or {}).get("environment") or 0)}
    return Situation(
        service=service,
        domain=domain,
        is_new=row is None or row.deployment_id is None,
        replaces=str(now.id) if now else None,
        running=running,
        hosts={row.host: row.name for row in taken},
        leading=_leading(session, wanted),
        variables={number: _variables(session, service, number) for number in numbers},
        ran=tuple(keep.ran(session, service)),
        kept=keep.count(session, service),
        pinned=frozenset(keep.pinned(session, service)),
        usual=keep.count_of({}),
    )


def _leading(session: Session, hosts: Collection[str]) -> frozenset[str]:
    query = select(DomainRecord.domain).where(
        DomainRecord.domain.in_(hosts), DomainRecord.status == RecordStatus.ACTIVE
    )
    return frozenset((*(host for host in hosts if is_local(host)), *session.scalars(query)))


def _variables(session: Session, service: str, number: int) -> dict[str, Variable]:
    query = select(ServiceVariable).where(
        ServiceVariable.service == service,
        ServiceVariable.since <= number,
        or_(ServiceVariable.until.is_(None), ServiceVariable.until > number),
    )
    return {row.name: Variable(row.since, row.sealed is not None) for row in session.scalars(query)}
