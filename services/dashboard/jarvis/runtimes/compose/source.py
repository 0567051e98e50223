"""The files that a compose file reads, before docker-compose sees any: all must lie within the artifact."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

from jarvis.errors import InvalidInput

Json = dict[str, Any]
Load = Callable[[str], Any]

MOST = 50
"""Files that may take over one another."""
LARGEST = 128 * 1024
"""Bytes of one file."""


def check(tree: Path, file: Path, load: Load) -> list[Path]:
    """See that `file` and all that it takes over reads nothing outside of `tree`; returns these files.

    docker-compose would read any file of this machine, and fetch others from the internet.

    Args:
        tree: The unpacked artifact.
        file: The compose file in it.
        load: Reads YAML.

    Raises:
        InvalidInput: With the file, the key and the reason.
    """
    seen: list[Path] = []
    waiting = [file]
    while waiting:
        one = waiting.pop(0)
        if one in seen:
            continue
        seen.append(one)
        if len(seen) > MOST:
            raise InvalidInput(f"More than {MOST} compose files take over one another.", "Use fewer files.")
        document = _read(tree, one, load)
        base = one.parent
        for key, said, is_compose in _named(document):
            path = _inside(tree, base, key, said)
            if is_compose and path.is_file():
                waiting.append(path)
    return seen


def _read(tree: Path, file: Path, load: Load) -> Json:
    name = file.relative_to(tree)
    try:
        text = file.read_text(encoding="utf-8")
        document = load(text) if len(text) <= LARGEST else None
    except (OSError, ValueError, RecursionError) as error:
        raise InvalidInput(f"{name} cannot be read: {error}.", "It must be YAML in UTF-8.") from error
    if not isinstance(document, dict):
        raise InvalidInput(f"{name} is no compose file.", "It names services below services:.")
    return cast("Json", document)


def _named(document: Json) -> Iterator[tuple[str, object, bool]]:
    """Key, path, and whether that is a compose file itself."""
    for entry in _list(document.get("include")):
        if isinstance(entry, dict):
            inner = cast("Json", entry)
            yield from (("include", said, True) for said in _list(inner.get("path")))
            yield from (("include.env_file", said, False) for said in _list(inner.get("env_file")))
            if said := inner.get("project_directory"):
                yield "include.project_directory", said, False
        else:
            yield "include", entry, True
    for name, service in _mapping(document.get("services")).items():
        raw = _mapping(service)
        extends = raw.get("extends")
        if isinstance(extends, dict) and "file" in extends:
            yield f"services.{name}.extends", cast("Json", extends)["file"], True
        for key in ("env_file", "label_file"):
            for entry in _list(raw.get(key)):
                said = cast("Json", entry).get("path") if isinstance(entry, dict) else entry
                yield f"services.{name}.{key}", said, False
        if "provider" in raw:  # docker-compose starts a program of this machine for it, even to look
            raise InvalidInput(
                f"The service {name} says provider: that starts programs of this machine itself.",
                "Name an image or a build for it.",
                {"service": name, "key": "provider"},
            )


def _inside(tree: Path, base: Path, key: str, said: object) -> Path:
    text = said if isinstance(said, str) else ""
    if not text or "$" in text:
        raise InvalidInput(
            f"{key} is {_short(said)}: it must be a path that is written out.",
            "Write the path of a file in the project, without variables.",
            {"key": key},
        )
    path = (base / text).resolve()
    if "://" in text or ":" in text.split("/")[0] or not path.is_relative_to(tree.resolve()):
        raise InvalidInput(
            f"{key} is {_short(text)}, which is not in what was handed in.",
            "Put the file into the project, and name it by a path within it.",
            {"key": key, "path": text[:200]},
        )
    return path


def _short(said: object) -> str:
    return f"“{str(said)[:80]}”"


def _list(value: object) -> list[object]:
    if value is None:
        return []
    return list(cast("list[object]", value)) if isinstance(value, list) else [value]


def _mapping(value: object) -> Json:
    return cast("Json", value) if isinstance(value, dict) else {}
