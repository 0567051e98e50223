"""Databases that a Rust program opens."""

import re

from jarvis.analysis.candidate import Candidate
from jarvis.analysis.dsn import engine, settings
from jarvis.analysis.rust.crates import BY_FEATURE, DRIVERS, FEATURES
from jarvis.analysis.rust.program import Program
from jarvis.analysis.tree import Tree

_SQL = frozenset({"postgres", "mysql", "sqlite", "mssql", "oracle"})
_ADDRESS = re.compile(
    r"\"((?:postgres(?:ql)?|mysql|sqlite):[^\"\s]*)\"|\b(Pg|MySql|Sqlite)(?:Pool|Connect|Connection)"
)
_TYPES = {"Pg": "postgres", "MySql": "mysql", "Sqlite": "sqlite"}


def find(candidate: Candidate, tree: Tree, program: Program) -> None:
    """Add the databases whose drivers the program depends on."""
    found: dict[str, tuple[str, int | None, str, bool]] = {}
    for name, crate, file in program.crates():
        engines = [DRIVERS[name]] if name in DRIVERS else []
        if name in BY_FEATURE:
            engines += [known for feature in crate.features for part, known in FEATURES if part in feature]
        for known in engines:
            if known not in found or found[known][3]:
                found[known] = (file, crate.line, name, crate.optional)
    rivals = [name for name in found if name in _SQL]
    chosen = _chosen(tree, program, rivals) if len(rivals) > 1 else set(rivals)
    for name, (file, line, crate, optional) in found.items():
        if optional or (name in _SQL and name not in chosen):
            candidate.need(name, "optional", file, f"The crate {crate} can use {name}.", line)
        else:
            level = "embedded" if name == "sqlite" else "required"
            candidate.need(name, level, file, f"The crate {crate} is there for {name}.", line)


def _chosen(tree: Tree, program: Program, rivals: list[str]) -> set[str]:
    """Which of several SQL databases is opened: by settings, by code, else the one without a server."""
    for _, value, _, _ in settings(tree):
        if (name := engine(value)) in rivals:
            return {name}
    said = {
        engine(match[1]) if match[1] else _TYPES[match[2]]
        for source in program.sources(tree)
        for match in _ADDRESS.finditer(tree.text(source))
    }
    if named := said & set(rivals):
        return named
    return {"sqlite"} if "sqlite" in rivals else {rivals[0]}
