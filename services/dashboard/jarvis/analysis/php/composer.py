"""composer.json: what a PHP project requires, and of which PHP."""

import re
from dataclasses import dataclass, field
from typing import Any, cast

from jarvis.analysis.toolchain import pinned
from jarvis.analysis.tree import Tree

FILE = "composer.json"

_LOWER = re.compile(r"(?<![\d.])(\d+(?:\.\d+)?)")

_BOUND = re.compile(r"~\s*\d+\.\d+\.\d|^[ \t]*\d+\.\d+\.[*x]")
"""Statements that allow one minor version alone."""


@dataclass
class Manifest:
    """What it says; all empty without one.

    Attributes:
        there: There is such a file.
        kind: Its `type`, for example `project` or `library`.
        requires: Package → line, for the program itself.
        develops: The same for its tests and tools.
        extra: The table for other tools.
        bins: Programs that it offers.
    """

    there: bool = False
    kind: str = ""
    requires: dict[str, int | None] = field(default_factory=dict[str, int | None])
    develops: dict[str, int | None] = field(default_factory=dict[str, int | None])
    extra: dict[str, Any] = field(default_factory=dict[str, Any])
    bins: tuple[str, ...] = ()

    @property
    def packages(self) -> list[str]:
        """What is installed: no PHP, no extensions."""
        return [name for name in self.requires if "/" in name]


def manifest(tree: Tree) -> Manifest:
    """The composer.json at the top."""
    if FILE not in tree:
        return Manifest()
    document = tree.json(FILE)
    bins = document.get("bin")
    listed = cast("list[object]", bins) if isinstance(bins, list) else [bins]
    return Manifest(
        there=True,
        kind=str(document.get("type") or ""),
        requires=_lines(tree, document.get("require")),
        develops=_lines(tree, document.get("require-dev")),
        extra=_table(document.get("extra")),
        bins=tuple(item for item in listed if isinstance(item, str)),
    )


def version(tree: Tree) -> tuple[str, str, int | None] | None:
    """PHP's version as the project states it, the file and the line."""
    document = tree.json(FILE) if FILE in tree else {}
    platform = _table(_table(document.get("config")).get("platform")).get("php")
    required = _table(document.get("require")).get("php")
    stated = tree.text(".php-version").strip()
    if stated and "\n" not in stated:
        return stated, ".php-version", 1
    if found := pinned(tree, "php"):
        return found
    for value in (platform, required):
        if isinstance(value, str) and value.strip(" *"):
            return value, FILE, tree.line_of(FILE, '"php"')
    return None


def judged(stated: str) -> str:
    """The newest PHP that a statement allows, as far as it is bound; empty when it is open upwards.

    `^8.1` means 8.1 and everything later of 8, which goes on; `^7.2` ends with 7.4, and so does `7.*`.
    """
    if ">" in stated and "<" not in stated:
        return ""
    numbers = _LOWER.findall(stated)
    if not numbers:
        return ""
    newest = max(numbers, key=lambda number: [int(part) for part in number.split(".")])
    if _BOUND.search(stated) and "|" not in stated:
        return newest
    if "^" in stated or "*" in stated or "~" in stated or "|" in stated or "." not in newest:
        return {"5": "5.6", "7": "7.4"}.get(newest.partition(".")[0], "")
    return newest


def _lines(tree: Tree, table: object) -> dict[str, int | None]:
    return {name.lower(): tree.line_of(FILE, f'"{name}"') for name in _table(table)}


def _table(value: object) -> dict[str, Any]:
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}
