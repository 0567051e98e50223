"""Which program of a Cargo project is the one to start, and what it is made of."""

import re
from dataclasses import dataclass

from jarvis.analysis.rust.crates import AMBIGUOUS, FRAMEWORKS
from jarvis.analysis.rust.manifest import Crate, Package
from jarvis.analysis.tree import Tree

SOURCES_AT_MOST = 25
"""Sources of one program that are searched."""

_USUAL = ("server", "api", "web", "app", "main", "backend", "service")


@dataclass(frozen=True, slots=True)
class Program:
    """A program of a package.

    Attributes:
        package: The package that makes it.
        name: What the program is called.
        main: Its source.
        parts: The package, and those of the project that it depends on.
        others: Names of the programs that were not chosen.
        framework: Its web framework: the crate, its name, its port, and the manifest that names it.
    """

    package: Package
    name: str
    main: str
    parts: tuple[Package, ...]
    others: tuple[str, ...]
    framework: tuple[str, str, int, str] | None

    def sources(self, tree: Tree) -> list[str]:
        """Its sources, the main one first."""
        return _sources(tree, self.main, self.parts)

    def crates(self) -> list[tuple[str, Crate, str]]:
        """Name, facts and manifest of all it depends on, also through packages of the project."""
        return [(name, crate, part.file) for part in self.parts for name, crate in part.crates.items()]


def choose(tree: Tree, found: list[Package], wanted: str) -> Program | None:
    """The program to start; None where there is none.

    Args:
        tree: The project.
        found: Its packages, the one at the top first.
        wanted: The name that the project's own start command calls; empty for none.
    """
    ready: list[tuple[tuple[bool, bool, int, bool, int], Program]] = []
    for place, package in enumerate(found):
        if not package.bins:
            continue
        parts = _parts(package, found)
        name = _run(package, wanted)
        main = package.bins[name]
        framework = _framework(tree, parts, _sources(tree, main, parts))
        usual = _USUAL.index(package.name) if package.name in _USUAL else len(_USUAL)
        aside = bool(
            re.search(r"(?:^|/)(?:examples?|xtask|tools?|benches|tests?|fuzz)(?:/|$)", package.folder)
        )
        rank = (
            name != wanted if wanted else False,
            aside,
            framework is None,
            bool(package.folder) and place > 0,
            usual,
        )
        others = tuple(other for item in found for other in item.bins if other != name)
        ready.append((rank, Program(package, name, main, parts, others, framework)))
    return min(ready, key=lambda item: item[0])[1] if ready else None


def _run(package: Package, wanted: str) -> str:
    names = list(package.bins)
    usual = next((name for word in _USUAL for name in names if _is(name.lower(), word)), "")
    return next(name for name in (wanted, package.run, package.name, usual, *names) if name in package.bins)


def _is(name: str, word: str) -> bool:
    return name == word or name.endswith((f"-{word}", f"_{word}"))


def _parts(package: Package, found: list[Package]) -> tuple[Package, ...]:
    by_name = {item.name: item for item in found}
    parts, waiting = [package], [package]
    while waiting:
        for name, crate in waiting.pop().crates.items():
            inner = by_name.get(name) if crate.path else None
            if inner is not None and inner not in parts:
                parts.append(inner)
                waiting.append(inner)
    return tuple(parts)


def _sources(tree: Tree, main: str, parts: tuple[Package, ...]) -> list[str]:
    found = {main: None} if main in tree else {}
    for part in parts:
        inside = part.at("src/")
        for path in tree.ending(".rs") if inside[:-1] in tree.folders else ():
            if len(found) >= SOURCES_AT_MOST:
                break
            if path.startswith(inside):
                found[path] = None
    return list(found)


def _framework(
    tree: Tree, parts: tuple[Package, ...], sources: list[str]
) -> tuple[str, str, int, str] | None:
    ranked = [
        (row[0], name, row[1], row[2], part.file)
        for part in parts
        for name in part.crates
        if (row := FRAMEWORKS.get(name))
    ]
    for _, crate, name, port, file in sorted(ranked):
        said = AMBIGUOUS.get(crate)
        if said is None or any(re.search(said, tree.text(source)) for source in sources):
            return crate, name, port, file
    return None
