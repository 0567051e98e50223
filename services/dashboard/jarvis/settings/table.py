"""All settings of a service as a table for people: value, source, and whether it runs already. Pure."""

from collections.abc import Mapping
from typing import Any, cast

from jarvis.settings import keys, values
from jarvis.settings.service import read
from jarvis.settings.stored import flat, hidden

Json = dict[str, Any]

DEFAULT = "default"


def rows(
    set_: Mapping[str, Any], set_by: str, runs: Mapping[str, Any], sources: Mapping[str, str]
) -> list[Json]:
    """One row for each setting that there is.

    Args:
        set_: What a person set.
        set_by: Who, as the end of a sentence.
        runs: What the deployment runs with that answers now.
        sources: Where each of these came from.
    """
    mine, live = flat(hidden(dict(set_))), flat(hidden(dict(runs)))
    found: list[Json] = []
    for name in keys.NAMES:
        other = keys.key(name) or keys.table(name)
        if other is None:
            continue
        from_file = live.get(name) if name in sources and not sources[name].startswith("set by") else None
        value = mine.get(name, from_file)
        source = set_by if name in mine else sources[name] if from_file is not None else DEFAULT
        found.append(
            {
                "name": name,
                "title": other.title,
                "help": other.help,
                "value": value,
                "shown": shown(name, value if value is not None else _default(name)),
                "source": source,
                "runs": live.get(name),
                "pending": value != live.get(name),
            }
        )
    return found


def _default(name: str) -> Any:
    """What counts where nobody says anything; None where it is worked out or nothing."""
    value: Any = read({})
    for part in name.split("."):
        value = getattr(value, part)
    return None if value in ("", (), None, 0) and not isinstance(value, bool) else value


def shown(name: str, value: Any) -> str:
    """A value as people write it; empty for the default."""
    if value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(_entry(name, one) for one in cast("list[Any]", value))
    one = keys.key(name)
    if isinstance(value, bool):
        return "true" if value else "false"
    return values.amount(one, value) if one and isinstance(value, int | float) else str(value)


def _entry(name: str, one: Any) -> str:
    """An entry as it is typed, in the order of its table: JSON from the database has another one."""
    table = keys.table(name)
    if table is None:
        return str(one)
    row = cast("Json", one)
    rest = [
        member if row[member] is True else str(row[member]) for member in table.members if row.get(member)
    ]
    return f"{row[table.by]}={' '.join(rest)}" if rest else str(row[table.by])
