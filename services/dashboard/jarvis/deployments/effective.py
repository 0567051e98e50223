"""The settings that a deployment will run with, and where each of them comes from.

Later ones stand above earlier ones: the defaults, what files of other platforms say, the project's own
`jarvis.toml`, what a person set for the service.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jarvis.errors import InvalidInput
from jarvis.settings import foreign, stored, toml, wishes
from jarvis.settings.service import ServiceSettings, read
from jarvis.settings.toml import Said
from jarvis.settings.wishes import Wish

Json = dict[str, Any]


@dataclass(frozen=True)
class Effective:
    """What counts.

    Attributes:
        settings: All of them.
        sources: Name of each that is not a default → where it comes from.
        build: What `jarvis.toml` says better than the analysis would find.
        remarks: What was left aside, for people.
        wishes: Variables that the project wants.
    """

    settings: ServiceSettings
    sources: dict[str, str]
    build: Json
    remarks: tuple[str, ...]
    wishes: tuple[Wish, ...] = ()


def settle(tree: Path, person: Mapping[str, Any]) -> Effective:
    """What counts for the unpacked artifact in `tree`.

    Args:
        tree: The artifact.
        person: What was set for the service: `members`, `by`, `at`.

    Raises:
        InvalidInput: `jarvis.toml` is wrong; all that is wrong is told.
    """
    others = foreign.read(tree)
    own = _own(tree)
    mine: Json = person.get("members") or {}
    merged: Json = {}
    sources: dict[str, str] = {}
    set_by = f"set by {person.get('by')}, {str(person.get('at'))[:10]}"
    for members in (others.settings, own.settings, mine):
        for name, value in members.items():
            merged[name] = {**merged.get(name, {}), **value} if isinstance(value, dict) else value
    sources |= {name: others.sources[name.partition(".")[0]] for name in stored.flat(others.settings)}
    sources |= {name: f"{toml.FILE}, line {_line(own, name)}" for name in stored.flat(own.settings)}
    sources |= dict.fromkeys(stored.flat(mine), set_by)
    wanted = wishes.merged(others.env, own.env)
    remarks = (*_aside(tree / toml.FILE), *others.remarks, *wishes.remarks(wanted))
    return Effective(read(merged), sources, own.build, remarks, wanted)


def _aside(file: Path) -> tuple[str, ...]:
    """What is called like the file and is none."""
    what = "a link, which is not followed" if file.is_symlink() else "a folder" if file.is_dir() else ""
    return (f"{file.name} is {what}: it is left aside.",) if what else ()


def _own(tree: Path) -> Said:
    file = tree / toml.FILE
    if file.is_symlink() or not file.is_file():
        return Said()
    with file.open("rb") as opened:
        content = opened.read(toml.LARGEST + 1)
    try:
        return toml.read(content)
    except InvalidInput as error:
        error.facts = {**error.facts, "file": toml.FILE}
        raise


def _line(own: Said, name: str) -> int:
    place = tuple(name.split("."))
    return own.lines.get(place) or own.lines.get((*place, 0)) or 1
