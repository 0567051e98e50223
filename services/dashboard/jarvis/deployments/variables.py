"""The environment that a deployment runs with, for ever: what its project says, and above it what is set.

Of what is set, a deployment keeps the number of the version that it began with; of what the project says, all
of it, sealed.
"""

import secrets
from collections.abc import Iterable
from typing import Any, Literal
from uuid import UUID

from sqlalchemy.orm import Session

from jarvis import vault
from jarvis.analysis.secrecy import is_secret
from jarvis.settings import variables, versions, wishes
from jarvis.settings.variables import Given
from jarvis.settings.wishes import Wish
from jarvis.workflows import ledger
from models import Deployment

Json = dict[str, Any]

DEFAULTS = "defaults"
"""The member of a deployment's configuration with what its project says, by name."""
LENGTH = 32
"""Bytes of a secret that is generated; it is written as twice as many signs."""
STAND_IN = "generated"
"""What stands for a secret until it is generated."""


def of_release(facts: Json, *, at: Literal["build", "run"]) -> dict[str, str]:
    """Names and values, secrets opened: for a program, never for a story.

    Args:
        facts: Of the deployment.
        at: `build` or `run`.
    """
    version = _version(facts)
    if not version:
        return _defaults(facts)

    def work(session: Session) -> tuple[dict[str, str], set[str]]:
        found = variables.resolve(session, facts["service"], version, at=at)
        return found, variables.names(session, facts["service"], version)

    found, there = ledger.patiently(work)
    # One that is set for the other of the two stands above the file, too: it is not for this one.
    return {**{name: value for name, value in _defaults(facts).items() if name not in there}, **found}


def secrets_of(facts: Json) -> list[str]:
    """The values that must not be written down anywhere."""
    version = _version(facts)

    def work(session: Session) -> list[str]:
        return list(variables.secrets_of(session, facts["service"], version))

    own = [value for name, value in _defaults(facts).items() if _kept(facts)[name]["secret"]]
    return [*(ledger.patiently(work) if version else []), *own]


def _version(facts: Json) -> int:
    return int(facts["configuration"].get("environment") or 0)


def _kept(facts: Json) -> dict[str, Json]:
    return dict(facts["configuration"].get(DEFAULTS) or {})


def _defaults(facts: Json) -> dict[str, str]:
    return {name: vault.unseal(str(one["sealed"]).encode()) for name, one in _kept(facts).items()}


def defaults(wanted: Iterable[Wish]) -> dict[str, Json]:
    """What a project says, as a deployment keeps it: whoever may see deployments may not see values."""
    return {wish.name: _sealed(wish.name, wish.value) for wish in wanted if wish.value is not None}


def _sealed(name: str, value: str) -> Json:
    sealed = vault.seal(value).decode()
    return {"sealed": sealed, "mark": vault.mark(f"{name}={value}"), "secret": is_secret(name)}


def supposed(wanted: Iterable[Wish]) -> dict[str, Json]:
    """The same for a look, with something in the place of what the deploy will generate."""
    found = list(wanted)
    return {
        **{wish.name: _sealed(wish.name, STAND_IN) for wish in found if wish.generated},
        **defaults(found),
    }


def generate(facts: Json, wishes_: Iterable[Wish]) -> tuple[Json, list[str]]:
    """Make the secrets that the project wants to be made and that are not there yet: once for the service.

    Args:
        facts: Of the deployment, which takes the version that has them.
        wishes_: What the project wants.

    Returns:
        The facts with that version, and what people should know.
    """
    wanted = [wish for wish in wishes_ if wish.generated]
    if not wanted:
        return facts, []
    service = facts["service"]

    def work(session: Session) -> tuple[int, list[str]]:
        row = session.get_one(Deployment, UUID(facts["deployment_id"]), with_for_update=True)
        version = int(row.configuration.get("environment") or 0)
        if all(wish.name in variables.names(session, service, version) for wish in wanted):
            return version, []
        versions.lock(session, service)
        newest = versions.newest(session, service)
        there = variables.names(session, service, newest.number if newest else 0)
        new = {wish.name: wish for wish in wanted if wish.name not in there}
        given = {name: Given(secrets.token_hex(LENGTH), secret=True) for name in new}
        variables.change(session, service, given=given, unset=(), by="jarvis")
        newest = versions.newest(session, service)
        version = newest.number if newest else 0
        row.configuration = {**row.configuration, "environment": version}
        return version, [
            f"{name}: a secret was made for it, as {wish.source} wants." for name, wish in new.items()
        ]

    version, said = ledger.patiently(work)
    return {**facts, "configuration": {**facts["configuration"], "environment": version}}, said


def check(facts: Json, wanted: Iterable[Wish]) -> None:
    """See that all is set that the project does not do without.

    Raises:
        InvalidInput: Something is not.
    """
    needed = [wish for wish in wanted if wish.required]
    if not needed:
        return
    service, version = facts["service"], _version(facts)
    there = ledger.patiently(lambda session: variables.names(session, service, version))
    if lacking := wishes.missing(needed, there):
        raise wishes.refusal(service, lacking)
