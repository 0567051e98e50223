"""The environments of two releases beside each other: names, never values. Pure."""

from typing import Any, NamedTuple

from jarvis.deployments.plans.members import each, part
from jarvis.deployments.plans.situation import Situation

Json = dict[str, Any]


def compared(new: Json, now: Json | None, situation: Situation) -> Json:
    """Which variables are new, changed, and gone since what runs."""
    version = int(new.get("environment") or 0)
    before = int((now or {}).get("environment") or 0)
    after_, before_ = _all(new, version, situation), _all(now or {}, before, situation)
    return {
        "version": version,
        "before": before if now is not None else None,
        "added": sorted(after_.keys() - before_.keys()),
        "changed": sorted(
            name for name in after_.keys() & before_.keys() if after_[name].what != before_[name].what
        ),
        "removed": sorted(before_.keys() - after_.keys()),
        "secrets": sorted(name for name, one in after_.items() if one.secret),
    }


class _One(NamedTuple):
    """A variable of a release: what tells its value from others, and whether it is a secret."""

    what: int | str
    secret: bool


def _all(configuration: Json, version: int, situation: Situation) -> dict[str, _One]:
    """What is set, above what the project says."""
    own = part(configuration, "defaults")
    said = {name: _One(str(one["mark"]), bool(one["secret"])) for name, one in own.items()}
    there = situation.variables.get(version, {})
    return {**said, **{name: _One(one.since, one.secret) for name, one in there.items()}}


def missing(new: Json, situation: Situation) -> list[str]:
    """Variables without which it does not do, and that nobody has set."""
    there = {*situation.variables.get(int(new.get("environment") or 0), {}), *part(new, "defaults")}
    wanted: list[Json] = each(part(new, "verdict"), "environment")
    if new.get("runtime") == "static":
        return []
    needed = {*(one["name"] for one in wanted if one["required"]), *each(new, "needs")}
    return sorted(needed - there)
