"""The environments of two releases beside each other: names, never values. Pure."""

from typing import Any

from jarvis.deployments.plans.members import each, part
from jarvis.deployments.plans.situation import Situation

Json = dict[str, Any]


def compared(new: Json, now: Json | None, situation: Situation) -> Json:
    """Which variables are new, changed, and gone since what runs."""
    version = int(new.get("environment") or 0)
    before = int((now or {}).get("environment") or 0)
    after_, before_ = situation.variables.get(version, {}), situation.variables.get(before, {})
    return {
        "version": version,
        "before": before if now is not None else None,
        "added": sorted(after_.keys() - before_.keys()),
        "changed": sorted(
            name for name in after_.keys() & before_.keys() if after_[name].since != before_[name].since
        ),
        "removed": sorted(before_.keys() - after_.keys()),
        "secrets": sorted(name for name, one in after_.items() if one.secret),
    }


def missing(new: Json, situation: Situation) -> list[str]:
    """Variables without which it does not do, and that nobody has set."""
    there = situation.variables.get(int(new.get("environment") or 0), {})
    wanted: list[Json] = each(part(new, "verdict"), "environment")
    if new.get("runtime") == "static":
        return []
    return sorted(one["name"] for one in wanted if one["required"] and one["name"] not in there)
