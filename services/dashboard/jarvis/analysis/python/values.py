"""Reading documents whose shape nobody promised: a wrong type counts as missing."""

from typing import Any, cast


def table(data: object, *keys: str) -> dict[str, Any]:
    """The table at the end of the path `keys`; empty when there is none."""
    for key in keys:
        data = cast("dict[str, Any]", data).get(key) if isinstance(data, dict) else None
    return cast("dict[str, Any]", data) if isinstance(data, dict) else {}


def items(data: object) -> list[object]:
    """The members of a list; empty when it is none."""
    return cast("list[object]", data) if isinstance(data, list) else []


def strings(data: object) -> list[str]:
    """The strings in a list, or a string by itself."""
    if isinstance(data, str):
        return [data]
    return [item for item in items(data) if isinstance(item, str)]


def word(data: object) -> str:
    """A string, without blanks around it; numbers as written; empty for anything else."""
    if isinstance(data, str):
        return data.strip()
    return str(data) if isinstance(data, (int, float)) and not isinstance(data, bool) else ""
