"""Values of JSON, TOML and YAML whose shape nobody promised."""

from typing import Any, cast


def mapping(value: object) -> dict[str, Any]:
    """The value when it is a mapping, its keys as text; else an empty one."""
    known = cast("dict[Any, Any]", value) if isinstance(value, dict) else {}
    return {str(key): item for key, item in known.items()}


def listing(value: object) -> list[Any]:
    """The value when it is a list; else an empty one."""
    return cast("list[Any]", value) if isinstance(value, list) else []
