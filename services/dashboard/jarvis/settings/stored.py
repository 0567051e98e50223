"""What a person set for a service. It stands above what the project says of itself, from the next deploy."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from jarvis.errors import NotFound
from jarvis.settings import check, keys
from jarvis.settings.service import KEY
from models import Service

Json = dict[str, Any]

CHANGES = 20
"""Changes that are remembered, with who made them and when."""


def members(service: Service) -> Json:
    """What was set, and nothing else."""
    return dict(service.settings.get(KEY, {}).get("members", {}))


def kept(session: Session, name: str) -> Json:
    """What was set for the service `name`, by whom and when; empty when it is new."""
    found = session.scalars(select(Service.settings).where(Service.name == name)).one_or_none()
    return dict((found or {}).get(KEY, {}))


def row(session: Session, name: str, *, lock: bool = False) -> Service:
    """The service `name`.

    Raises:
        NotFound: There is none.
    """
    query = select(Service).where(Service.name == name)
    found = session.scalars(query.with_for_update() if lock else query).one_or_none()
    if found is None:
        raise NotFound(
            f"There is no service “{name[:80]}”.",
            "See jarvis status for the services there are. For one that you deploy later: "
            "jarvis settings set NAME KEY=VALUE.",
        )
    return found


def shown(service: Service) -> Json:
    """What was set, by whom and when; no password."""
    told = service.settings.get(KEY, {})
    return {
        "version": int(told.get("version", 0)),
        "members": hidden(members(service)),
        "by": told.get("by"),
        "at": told.get("at"),
        "changes": list(told.get("changes", [])),
    }


def hidden(settings: Json) -> Json:
    """Settings without passwords."""
    logins: list[Json] = settings.get("logins", [])
    return {**settings, **({"logins": [{"user": one["user"]} for one in logins]} if logins else {})}


def change(service: Service, given: Mapping[str, Any], unset: Sequence[str], by: str) -> list[str]:
    """Set and take back members, all of them or none.

    Args:
        service: Its row, locked.
        given: What to set: tables within tables. What a table has besides stays; a list is replaced.
        unset: Names of what is taken back, such as `health.path`.
        by: Who does.

    Returns:
        The names of what changed.

    Raises:
        InvalidInput: Something in it cannot be set.
    """
    told = service.settings.get(KEY, {})
    before: Json = dict(told.get("members", {}))
    after = merged(before, given, unset)
    old, new = flat(before), flat(after)
    changed = sorted(name for name in old | new if old.get(name) != new.get(name))
    if not changed:
        return []
    now = datetime.now(UTC).isoformat()
    number = int(told.get("version", 0)) + 1
    note = {"version": number, "by": by, "at": now, "changed": changed}
    changes = [note, *told.get("changes", [])][:CHANGES]
    mine: Json = {"version": number, "members": after, "by": by, "at": now, "changes": changes}
    service.settings = {**service.settings, KEY: mine}
    return changed


def merged(before: Json, given: Mapping[str, Any], unset: Sequence[str]) -> Json:
    """What is set after such a change. Pure.

    Args:
        before: The members that are set.
        given: What to set, as `change` takes it.
        unset: Names of what is taken back.

    Raises:
        InvalidInput: Something in it cannot be set.
    """
    problems = [check.unknown((name,), name, keys.NAMES) for name in unset if not _is_known(name)]
    good, more = check.checked(_with_passwords(given, before))
    if problems := [*problems, *more]:
        raise check.refusal(problems)
    after = _merged(before, good)
    for name in unset:
        _drop(after, name)
    return after


def _is_known(name: str) -> bool:
    top, _, inner = name.partition(".")
    if inner and keys.table(top) is not None:
        return True
    return name in keys.NAMES or any(one.startswith(f"{name}.") for one in keys.NAMES)


def _with_passwords(given: Mapping[str, Any], before: Json) -> Mapping[str, Any]:
    """A login whose password is not said anew keeps the one that it has."""
    logins = given.get("logins")
    if not isinstance(logins, list):
        return given
    known = {one["user"]: one["password"] for one in before.get("logins", [])}
    return {**given, "logins": [_login(one, known) for one in cast("list[Any]", logins)]}


def _login(one: Any, known: Mapping[str, str]) -> Any:
    if isinstance(one, dict) and "password" not in one and cast("Json", one).get("user") in known:
        login = cast("Json", one)
        return {**login, "password": known[str(login["user"])]}
    return cast("Any", one)


def _merged(before: Json, good: Json) -> Json:
    after = dict(before)
    for name, value in good.items():
        after[name] = {**after.get(name, {}), **value} if isinstance(value, dict) else value
    return {name: value for name, value in after.items() if value not in ({}, [])}


def _drop(after: Json, name: str) -> None:
    top, _, inner = name.partition(".")
    table = keys.table(top)
    if not inner:
        after.pop(top, None)
    elif table is not None:
        after[top] = [one for one in after.get(top, []) if one.get(table.by) != inner]
        if not after[top]:
            del after[top]
    elif isinstance(after.get(top), dict):
        after[top] = {part: value for part, value in after[top].items() if part != inner}
        if not after[top]:
            del after[top]


def flat(settings: Mapping[str, Any]) -> Json:
    """Members by their whole names: `health.path`."""
    found: Json = {}
    for name, value in settings.items():
        if isinstance(value, Mapping):
            inner = cast("Mapping[str, Any]", value)
            found |= {f"{name}.{part}": each for part, each in inner.items()}
        else:
            found[name] = value
    return found
