"""What is set together with a deploy: in the transaction that asks for it, or not at all.

A plan can be made with it, too. A plan keeps no values: of each it keeps a mark, which tells it from others,
so that the deploy of the plan can be held to the same.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from jarvis import vault
from jarvis.deployments import first
from jarvis.deployments.request import ALONG
from jarvis.errors import InvalidInput
from jarvis.settings import keys, passwords, stored, typed, variables
from jarvis.settings.variables import Given
from models import Deployment

Json = dict[str, Any]

_SEALED = "sealed"


@dataclass(frozen=True)
class Along:
    """What is to be set.

    Attributes:
        given: Variables.
        unset: Names of variables that are taken back.
        settings: Settings, those of a table in an object of their own.
        text: Settings as people type them.
        taken_back: Names of settings.
    """

    given: Mapping[str, Given] = field(default_factory=dict[str, Given], repr=False)
    unset: Sequence[str] = ()
    settings: Json = field(default_factory=dict[str, Any], repr=False)
    text: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    taken_back: Sequence[str] = ()

    def __bool__(self) -> bool:
        return any((self.given, self.unset, self.settings, self.text, self.taken_back))


NOTHING = Along()


class Changes(NamedTuple):
    """What becomes different of the variables that are set now.

    Attributes:
        new: Name → whether it is a secret.
        gone: Names.
    """

    new: dict[str, bool]
    gone: set[str]


def keep(
    session: Session, deployment: Deployment, along: Along, by: str, planned: Json | None = None
) -> None:
    """Set it for the service, for this deploy and those after it, or nothing of it.

    Args:
        session: The transaction that asks for the deploy.
        deployment: What was asked for.
        along: What to set.
        by: Who asks.
        planned: What `plan` gave, where the deploy is one of a plan: the same checksums of passwords count.

    Raises:
        JarvisError: Something in it cannot be set.
    """
    if not along:
        return
    name = deployment.service_name
    wanted = _wanted(session, name, along)
    told = shown(_marked(along, wanted))
    given = json.loads(vault.unseal(str(planned[_SEALED]).encode())) if planned else passwords.sealed(wanted)
    _set(session, name, along, given, by)
    deployment.configuration = {**deployment.configuration, ALONG: told}


def plan(session: Session, name: str, along: Along, by: str) -> Json:
    """What a plan keeps of it, seen to be such that it can be set. Nothing is set.

    Args:
        session: Any session; what is tried in it is taken back.
        name: The service.
        along: What a deploy would set.
        by: Who asks.

    Raises:
        JarvisError: Something in it cannot be set.
    """
    if not along:
        return {}
    wanted = _wanted(session, name, along)
    given = passwords.sealed(wanted)
    trial = session.begin_nested()
    try:
        _set(session, name, along, given, by)
    finally:
        trial.rollback()
    return {**_marked(along, wanted), _SEALED: vault.seal(json.dumps(given)).decode()}


def _wanted(session: Session, name: str, along: Along) -> Json:
    before: Json = stored.kept(session, name).get("members", {})
    return {**along.settings, **typed.members(along.text, before)}


def _set(session: Session, name: str, along: Along, given: Json, by: str) -> None:
    service, _ = first.prepare(session, name)
    stored.change(service, given, along.taken_back, by)
    variables.change(session, name, given=along.given, unset=along.unset, by=by)


def _marked(along: Along, wanted: Json) -> Json:
    """The names, and what tells the values apart; the same words give the same."""
    found: Json = {
        "variables": {
            name: {"mark": vault.mark(f"{name}={one.value}"), "secret": one.secret, "phase": one.phase}
            for name, one in along.given.items()
        },
        "unset": sorted(along.unset),
        "settings": {
            name: vault.mark(f"{name}={json.dumps(value, sort_keys=True)}")
            for name, value in _values(along, wanted).items()
        },
        "taken_back": sorted(along.taken_back),
    }
    text = json.dumps(found, sort_keys=True, separators=(",", ":"))
    return {**found, "sha256": hashlib.sha256(text.encode()).hexdigest()}


def _values(along: Along, wanted: Json) -> Json:
    """The settings as they were named: what was typed as an entry of a table is one."""
    found, typed_ = stored.flat(along.settings), stored.flat(wanted)
    for name in along.text:
        top, _, inner = name.partition(".")
        table = keys.table(top)
        found[name] = (
            typed_[name] if table is None else next(row for row in wanted[top] if row[table.by] == inner)
        )
    return found


def shown(planned: Json) -> Json | None:
    """Only the names, and a checksum of the rest; None where nothing is set."""
    if not planned:
        return None
    return {
        "sha256": planned["sha256"],
        **{key: sorted(planned[key]) for key in ("variables", "unset", "settings", "taken_back")},
    }


def check(session: Session, name: str, planned: Json, along: Along, hashed: str) -> None:
    """See that a deploy sets what its plan said, and nothing else.

    Args:
        session: Any session; it is only read.
        name: The service.
        planned: What `plan` gave.
        along: What is to be set.
        hashed: The plan.

    Raises:
        InvalidInput: It sets something else.
    """
    said = _marked(along, _wanted(session, name, along)) if along else {}
    if said.get("sha256") == planned.get("sha256"):
        return
    before, after = _each(planned), _each(said)
    lacking = sorted(before.keys() - after.keys())
    more = sorted(after.keys() - before.keys())
    other = sorted(key for key in before.keys() & after.keys() if before[key] != after[key])
    told = [
        *([f"it was made with {', '.join(lacking)} as well"] if lacking else ()),
        *([f"it was made without {', '.join(more)}"] if more else ()),
        *([f"it was made with something else for {', '.join(other)}"] if other else ()),
    ]
    raise InvalidInput(
        f"The plan {hashed[:12]} does not say the same: {'; '.join(told)}.",
        "Set with the deploy what the plan was made with (a plan keeps no values), or make another plan.",
        {"field": "settings" if _is_of_settings([*lacking, *more, *other], planned, said) else "environment"},
    )


def _each(planned: Json) -> Json:
    """What is said of each name, in words that tell a variable that is set from one that is taken back."""
    if not planned:
        return {}
    return {
        **planned["variables"],
        **planned["settings"],
        **{f"“{name}” taken back": "" for key in ("unset", "taken_back") for name in planned[key]},
    }


def _is_of_settings(names: Sequence[str], *records: Json) -> bool:
    known = {name for one in records for name in one.get("settings", ())}
    return all(name in known for name in names)


def members(before: Json, planned: Json) -> Json:
    """The settings of the service once it is set.

    Raises:
        InvalidInput: Something in it cannot be set any more.
    """
    if not planned or not (planned["settings"] or planned["taken_back"]):
        return before
    given = json.loads(vault.unseal(str(planned[_SEALED]).encode()))
    return stored.merged(before, given, planned["taken_back"])


def changes(session: Session, service: str, planned: Json) -> Changes:
    """What becomes different of the variables of the service, as they are now."""
    if not planned:
        return Changes({}, set())
    now = variables.current(session, service)
    new: dict[str, bool] = {}
    for name, one in planned["variables"].items():
        row = now.get(name)
        sealed = row is not None and row.sealed is not None
        # As `variables.change` sees it: nobody compares secrets.
        if (
            row is not None
            and not sealed
            and not one["secret"]
            and one["phase"] in {None, row.phase}
            and vault.mark(f"{name}={row.value}") == one["mark"]
        ):
            continue
        new[name] = sealed if one["secret"] is None else bool(one["secret"])
    return Changes(new, {name for name in planned["unset"] if name in now})
