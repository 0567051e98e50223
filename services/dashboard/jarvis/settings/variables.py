"""Keeps the environment variables of services. Secrets go in sealed; only the worker opens them.

A value has the versions that have it, from `since` until before `until`, so that a version costs as much as
it changes and any of them can be read again.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from jarvis import vault
from jarvis.errors import Conflict, InvalidInput, NotFound, TooLarge
from jarvis.settings import versions
from jarvis.settings.names import check_name, check_value
from models import EnvironmentVersion, ServiceVariable

MOST = 500
"""Variables of one service."""
LARGEST = 1024 * 1024
"""Bytes of all names and values of one service: Linux hands no more than 2 MiB to a program."""

Phase = Literal["both", "build", "run"]


@dataclass(frozen=True)
class Given:
    """What a person gives for one variable. None leaves it as it was; new variables are plain, for both.

    Attributes:
        secret: Sealed, and never shown again.
        phase: Whether the build sees it, the running program, or both.
    """

    value: str
    secret: bool | None = None
    phase: Phase | None = None

    def __repr__(self) -> str:
        return f"Given(secret={self.secret}, phase={self.phase})"


def _having(service: str, version: int) -> Any:
    return (
        select(ServiceVariable)
        .where(
            ServiceVariable.service == service,
            ServiceVariable.since <= version,
            or_(ServiceVariable.until.is_(None), ServiceVariable.until > version),
        )
        .order_by(ServiceVariable.name)
    )


def current(session: Session, service: str) -> dict[str, ServiceVariable]:
    """The variables that are set now, by name."""
    query = select(ServiceVariable).where(ServiceVariable.service == service, ServiceVariable.until.is_(None))
    return {row.name: row for row in session.scalars(query.order_by(ServiceVariable.name))}


def shown(session: Session, service: str) -> dict[str, Any]:
    """The environment as people see it; of a secret only that it is there, since when, and by whom."""
    row = versions.newest(session, service)
    return {
        "service": service,
        "version": row.number if row else 0,
        "changed_by": row.created_by if row else None,
        "changed_at": _time(row.created_at) if row else None,
        "items": [
            {
                "name": each.name,
                "secret": each.sealed is not None,
                "value": each.value,
                "phase": each.phase,
                "version": each.since,
                "set_by": each.set_by,
                "set_at": _time(each.created_at),
            }
            for each in current(session, service).values()
        ],
    }


def _time(moment: datetime) -> str:
    return moment.isoformat()


def change(
    session: Session, service: str, *, given: Mapping[str, Given], unset: Collection[str], by: str
) -> list[str]:
    """Make the next version of the environment: all of what is asked, or nothing.

    Args:
        session: The caller's transaction.
        service: The service's name. It need not have been deployed yet.
        given: Name → what it is to hold.
        unset: Names that are to go.
        by: Who asks.

    Returns:
        The names that changed; none when everything was so already, and then there is no new version.

    Raises:
        InvalidInput: A name or a value cannot be used.
        NotFound: One that is to go is not there.
        Conflict: There would be too many.
        TooLarge: Together they would be too large.
        Sealed: A secret cannot be sealed.
    """
    sizes = {check_name(name): check_value(name, each.value) for name, each in given.items()}
    versions.lock(session, service)
    now = current(session, service)
    going = _going(service, now, given, unset)
    news = {name: each for name, each in given.items() if not _same(now.get(name), each)}
    kept = {name: row.size for name, row in now.items() if name not in going} | sizes
    if len(kept) > MOST:
        raise Conflict(
            f"“{service}” would have {len(kept)} variables; {MOST} are allowed.",
            "Put what belongs together into one, or into a file of the service.",
        )
    if sum(map(len, kept)) + sum(kept.values()) > LARGEST:
        raise TooLarge(
            f"The variables of “{service}” would have more than {LARGEST:,} bytes together.",
            "Put what is large into a file that the program reads.",
        )
    if not news and not going:
        return []
    before = versions.newest(session, service)
    number = (before.number if before else 0) + 1
    session.add(EnvironmentVersion(service=service, number=number, created_by=by))
    for name in {*going, *news} & set(now):
        now[name].until = number
    for name, each in news.items():
        row = _row(name, each, now.get(name))
        row.service, row.since, row.size, row.set_by = service, number, sizes[name], by
        session.add(row)
    session.flush()
    return sorted({*news, *going})


def _going(
    service: str, now: Mapping[str, ServiceVariable], given: Mapping[str, Given], unset: Collection[str]
) -> set[str]:
    for name in unset:
        if name in given:
            raise InvalidInput(
                f"{name} is to be set and to go in the same request.", "Decide for one.", {"field": name}
            )
        if name not in now:
            raise NotFound(
                f"“{service}” has no variable “{name[:80]}”.",
                f"See the ones it has: jarvis env list {service}.",
            )
    return set(unset)


def _same(row: ServiceVariable | None, given: Given) -> bool:
    """Whether nothing would change. Of a secret nobody but the worker can say, so it counts as new."""
    return (
        row is not None
        and row.sealed is None
        and not given.secret
        and row.value == given.value
        and given.phase in {None, row.phase}
    )


def _row(name: str, given: Given, before: ServiceVariable | None) -> ServiceVariable:
    secret = given.secret if given.secret is not None else before is not None and before.sealed is not None
    return ServiceVariable(
        name=name,
        phase=given.phase or (before.phase if before else "both"),
        value=None if secret else given.value,
        sealed=vault.seal(given.value) if secret else None,
    )


def names(session: Session, service: str, version: int) -> set[str]:
    """The names of all variables that a version has."""
    return set(session.scalars(_having(service, version).with_only_columns(ServiceVariable.name)))


def snapshot(session: Session, service: str) -> dict[str, Any]:
    """What a new deployment keeps of the environment: `{"version": n}`, 0 when nothing was ever set."""
    versions.lock(session, service)
    row = versions.newest(session, service)
    return {"version": row.number if row else 0}


def resolve(session: Session, service: str, version: int, *, at: Literal["build", "run"]) -> dict[str, str]:
    """What a program of `service` finds in its environment. For the worker: it opens the secrets.

    Args:
        session: Any session.
        service: The service's name.
        version: What `snapshot` gave when the deployment began.
        at: For the build, or for the running program.

    Raises:
        Conflict: This version is not kept any more.
        Sealed: A secret cannot be opened.
    """
    _check_kept(session, service, version)
    rows = session.scalars(_having(service, version).where(ServiceVariable.phase.in_(("both", at))))
    return {row.name: _opened(row) for row in rows}


def secrets_of(session: Session, service: str, version: int) -> list[str]:
    """The values that nothing may show which runs with this version: for the redactor.

    Raises:
        Conflict: This version is not kept any more.
        Sealed: A secret cannot be opened.
    """
    _check_kept(session, service, version)
    rows = session.scalars(_having(service, version).where(ServiceVariable.sealed.is_not(None)))
    return [_opened(row) for row in rows]


def _opened(row: ServiceVariable) -> str:
    return vault.unseal(row.sealed) if row.sealed is not None else row.value or ""


def _check_kept(session: Session, service: str, version: int) -> None:
    if version and session.get(EnvironmentVersion, (service, version)) is None:
        raise Conflict(
            f"Version {version} of the environment of “{service}” is not kept any more.",
            f"Deploy again, with the variables that count now: jarvis env list {service}.",
        )
