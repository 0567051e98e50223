"""Settings as people type them, `limits.memory=512MB` or `cron.tidy=@daily tidy.py`, as members. Pure."""

from collections.abc import Mapping
from typing import Any

from jarvis.settings import check, keys, values
from jarvis.settings.check import Problem

Json = dict[str, Any]

_WORDS_OF_TIMES = 5


def members(texts: Mapping[str, str], before: Mapping[str, Any]) -> Json:
    """What they mean, as `check.checked` takes it.

    Args:
        texts: Name → what was typed. What lies in a table is called `TABLE.ENTRY`.
        before: What is set now: an entry is put beside the others of its table.

    Raises:
        InvalidInput: A name is none of a setting.
    """
    found: Json = {}
    problems: list[Problem] = []
    for name, text in texts.items():
        top, _, inner = name.partition(".")
        if (table := keys.table(top)) is not None and inner:
            rows: list[Json] = found.get(top) or list(before.get(top, []))
            entry = {table.by: inner, **_entry(top, text)}
            found[top] = [*(row for row in rows if row[table.by] != inner), entry]
        elif (one := keys.key(name)) is not None:
            value = values.typed(one, text)
            if inner:
                found.setdefault(top, {})[inner] = value
            else:
                found[name] = value
        else:
            problems.append(check.unknown((name,), name, keys.NAMES))
    if problems:
        raise check.refusal(problems)
    return found


def _entry(table: str, text: str) -> Json:
    match table:
        case "volumes":
            return {"path": text.strip()}
        case "routes":
            service, _, more = text.strip().partition(" ")
            return {"service": service, **({"strip": True} if more.strip() == "strip" else {})}
        case "logins":
            return {"password": text}
        case _:
            count = 1 if text.lstrip().startswith("@") else _WORDS_OF_TIMES
            words = text.split(None, count)
            return {"schedule": " ".join(words[:count]), "command": " ".join(words[count:])}
