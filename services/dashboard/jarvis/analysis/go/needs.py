"""Databases that a Go program opens."""

import re

from jarvis.analysis.candidate import Candidate
from jarvis.analysis.dsn import SCHEMES, engine, settings
from jarvis.analysis.go.frameworks import DRIVERS, listed
from jarvis.analysis.go.sources import Source
from jarvis.analysis.tree import Tree

_SQL = frozenset({"postgres", "mysql", "sqlite", "mssql", "oracle"})
_OPEN = re.compile(
    r"\b(?:sql|sqlx|gorm|ent|otelsql|apmsql|nrsql)\.(?:Must)?(?:Open|Connect)(?:Context)?\(\s*(?:\w+\s*,\s*)?"
    r"(?:[\"`](\w+)[\"`]|(\w+)\.Open\b|dialect\.(\w+))"
)


def find(candidate: Candidate, tree: Tree, sources: list[Source]) -> None:
    """Add the databases whose drivers the program imports."""
    drivers: dict[str, tuple[str, int]] = {}
    for source in sources:
        for path, line in source.imports.items():
            if name := listed(path, DRIVERS):
                drivers.setdefault(name, (source.path, line))
    rivals = [name for name in drivers if name in _SQL]
    chosen = _chosen(tree, sources, rivals) if len(rivals) > 1 else set(rivals)
    for name, (file, line) in drivers.items():
        if name in _SQL and name not in chosen:
            candidate.need(
                name, "optional", file, f"Its driver is there, but another database is opened: {name}.", line
            )
        else:
            level = "embedded" if name == "sqlite" else "required"
            candidate.need(name, level, file, f"The program imports a driver for {name}.", line)


def _chosen(tree: Tree, sources: list[Source], rivals: list[str]) -> set[str]:
    """Which of several SQL databases is opened: by code, by settings, else the one without a server."""
    opened = {
        SCHEMES.get((match[1] or match[2] or match[3]).lower(), "")
        for source in sources
        for match in _OPEN.finditer(tree.text(source.path))
    }
    if found := opened & set(rivals):
        return found
    for _, value, _, _ in settings(tree):
        if (name := engine(value)) in rivals:
            return {name}
    return {"sqlite"} if "sqlite" in rivals else {rivals[0]}
