"""Members of two configurations beside each other. Pure."""

from collections.abc import Mapping
from typing import Any, cast

from jarvis.settings.service import ServiceSettings, read, written

Json = dict[str, Any]

SECRET = ("logins",)
"""Of these only who is named is shown."""


def part(configuration: Mapping[str, Any] | None, key: str) -> Json:
    """A member that is an object; an empty one where it is not there."""
    value: Any = (configuration or {}).get(key)
    return cast("Json", value) if isinstance(value, dict) else {}


def each(configuration: Mapping[str, Any] | None, key: str) -> list[Any]:
    """A member that is a list; an empty one where it is not there."""
    value: Any = (configuration or {}).get(key)
    return cast("list[Any]", value) if isinstance(value, list) else []


def differences(new: Json, now: Json | None) -> list[Json]:
    """The settings that differ, by name; the defaults count where nothing runs yet."""
    after, before = _flat(new), _flat(now or {})
    usual = _flat({})
    names = sorted({*after, *before, *usual})
    sources = part(new, "settings_from")
    return [
        {
            "name": name,
            "before": before.get(name, usual.get(name)),
            "after": after.get(name, usual.get(name)),
            "source": sources.get(name),
        }
        for name in names
        if after.get(name, usual.get(name)) != before.get(name, usual.get(name))
    ]


def _flat(configuration: Json) -> Json:
    """Settings as `limits.memory` → value, all of them, defaults too."""
    settings = read(configuration.get("settings"))
    found: Json = {}
    given = written(settings)
    for name in ServiceSettings.__struct_fields__:
        value: Any = getattr(settings, name)
        if name in SECRET:
            found[name] = [one["user"] for one in given.get(name, ())]
            continue
        fields = getattr(value, "__struct_fields__", None)
        if fields:
            found |= {f"{name}.{field}": getattr(value, field) for field in fields}
        elif isinstance(value, tuple):
            found[name] = list(given.get(name, ()))
        else:
            found[name] = value
    return found


def volumes(new: Json, now: Json | None) -> list[Json]:
    """The folders that outlive deploys: which are new, which are kept, which nobody uses any more."""
    after = {one.name: one.path for one in read(new.get("settings")).volumes}
    before = {one.name: one.path for one in read((now or {}).get("settings")).volumes}
    return [
        {
            "name": name,
            "path": after.get(name, before.get(name)),
            "state": "unused" if name not in after else "kept" if name in before else "new",
        }
        for name in sorted({*after, *before})
    ]


def paths(configuration: Json) -> list[str]:
    """Parts of its names that other services answer, as `/api → shop-api`."""
    return [f"{one.path} → {one.service}" for one in read(configuration.get("settings")).routes]


def files(new: dict[str, str], now: dict[str, str] | None, named: int) -> Json:
    """How the files differ: counts, and the first names of each sort.

    Args:
        new: Path → checksum of what comes.
        now: Of what runs; None where that is not known.
        named: Names of each sort, at most.
    """
    if now is None:
        return {"count": len(new), "added": None, "changed": None, "removed": None, "names": {}}
    sorts = {
        "added": sorted(new.keys() - now.keys()),
        "changed": sorted(path for path in new.keys() & now.keys() if new[path] != now[path]),
        "removed": sorted(now.keys() - new.keys()),
    }
    return {
        "count": len(new),
        **{sort: len(found) for sort, found in sorts.items()},
        "names": cast("Json", {sort: found[:named] for sort, found in sorts.items()}),
    }
