"""Values of a document that somebody wrote by hand: what is not of the expected kind counts as missing."""

from typing import Any, cast


def mapping(value: object) -> dict[str, Any]:
    """A mapping; empty when it is none."""
    return (
        {str(key): item for key, item in cast("dict[Any, Any]", value).items()}
        if isinstance(value, dict)
        else {}
    )


def text(value: object) -> str:
    """A text without space around it; empty when it is none."""
    return value.strip() if isinstance(value, str) else ""


def texts(value: object) -> dict[str, str]:
    """The texts of a mapping, empty ones too."""
    return {name: item for name, item in mapping(value).items() if isinstance(item, str)}


def words(value: object) -> list[str]:
    """The texts of a list, or the one text itself."""
    if isinstance(value, str):
        return [value]
    return (
        [item for item in cast("list[Any]", value) if isinstance(item, str)]
        if isinstance(value, list)
        else []
    )


def items(value: object) -> list[Any]:
    """A list; empty when it is none."""
    return cast("list[Any]", value) if isinstance(value, list) else []


def dig(value: object, *path: str) -> Any:
    """What lies at `path` in mappings within mappings; None for nothing."""
    for name in path:
        value = mapping(value).get(name)
    return value
