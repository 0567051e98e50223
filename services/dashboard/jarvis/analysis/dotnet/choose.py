"""Which of several projects of .NET is the one to run."""

import re
from dataclasses import dataclass

from jarvis.analysis.dotnet.project import SUFFIXES, NetProject, join, read
from jarvis.analysis.dotnet.role import Role, role
from jarvis.analysis.tree import Tree

PROJECTS = 80
"""Project files that are read at most."""
_RANK = {"web": 7, "wasm": 6, "function": 5, "worker": 4, "script": 3, "library": 2, "old": 1, "desktop": 1}
_ASIDE = re.compile(
    r"(?:^|/)(?:tests?|samples?|examples?|benchmarks?|docs|tools|templates?|bin|obj)/", re.IGNORECASE
)
_MORE = re.compile(r"(?:^|[._-])(?:web|website|api|webapi|server|host|app|site|gateway)$", re.IGNORECASE)
_LISTED = re.compile(
    r"^Project\([^)]*\)\s*=\s*\"[^\"]*\",\s*\"([^\"]+)\"|<Project\s+Path=\"([^\"]+)\"", re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class Chosen:
    """The project to run.

    Attributes:
        others: Further projects that could be run as well.
        related: The project and all that it refers to.
    """

    project: NetProject
    role: Role
    others: list[NetProject]
    related: list[NetProject]


def choose(tree: Tree) -> Chosen | None:
    """The project to run, of those up to two folders down and those a solution lists; None without any."""
    files = tree.ending(*SUFFIXES, depth=2)
    for solution in tree.ending(".sln", ".slnx", depth=1):
        folder = solution[: solution.rfind("/") + 1]
        for match in _LISTED.finditer(tree.text(solution)):
            file = join(folder, match[1] or match[2])
            if file.endswith(SUFFIXES) and file in tree and file not in files:
                files.append(file)
    if not files:
        return None
    known = {file: read(tree, file) for file in files[:PROJECTS]}
    roles = {file: role(project) for file, project in known.items()}
    referred = {
        place for file, project in known.items() if roles[file].name != "test" for place in project.references
    }
    wanted = _deployment(tree)

    def rank(file: str) -> tuple[float, ...]:
        project, its = known[file], roles[file].name
        named = bool(wanted) and (file == wanted or project.folder.rstrip("/") == wanted.rstrip("/"))
        points = _RANK.get(its, 0)
        points -= 4 if _ASIDE.search(file) else 0
        top = not project.folder and its in ("web", "function", "worker", "script", "wasm")
        return (
            named, top, points, file not in referred, bool(_MORE.search(project.stem)),
            -file.count("/"), len(project.references),
        )  # fmt: skip

    best = max(files[:PROJECTS], key=rank)
    if _RANK.get(roles[best].name, 0) == 0:
        return None
    others = [
        known[file]
        for file in known
        if file != best and roles[file].name in ("web", "function", "worker") and not _ASIDE.search(file)
    ]
    return Chosen(known[best], roles[best], others, _related(tree, known, known[best]))


def _deployment(tree: Tree) -> str:
    """The project that a `.deployment` file names."""
    match = re.search(
        r"^[ \t]*project\s*=\s*(\S.*?)\s*$", tree.text(".deployment"), re.MULTILINE | re.IGNORECASE
    )
    return join("", match[1]) if match else ""


def _related(tree: Tree, known: dict[str, NetProject], project: NetProject) -> list[NetProject]:
    found = [project]
    seen = {project.file}
    for one in found:
        for file in one.references:
            if file not in seen and file in tree and len(found) < PROJECTS:
                seen.add(file)
                found.append(known.get(file) or read(tree, file))
    return found
