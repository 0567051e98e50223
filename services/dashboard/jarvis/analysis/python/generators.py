"""Sites that a Python tool makes out of texts: Pelican, Nikola, Lektor, Jupyter Book."""

import re
from dataclasses import dataclass

from jarvis.analysis.candidate import Candidate
from jarvis.analysis.python import install
from jarvis.analysis.python.project import Project
from jarvis.analysis.tree import Tree


@dataclass(frozen=True, slots=True)
class Generator:
    """One tool: what it is known by, how it builds, and where the pages come out."""

    name: str
    distribution: str
    files: tuple[str, ...]
    mark: re.Pattern[str]
    build: str
    output: str


GENERATORS = (
    Generator(
        "pelican", "pelican[markdown]", ("pelicanconf.py",), re.compile(r"."),
        "pelican content -o output -s {settings}", "output",
    ),
    Generator(
        "nikola", "nikola[extras]", ("conf.py",), re.compile(r"\bPOSTS\s*=|\bBLOG_TITLE\s*="),
        "nikola build", "output",
    ),
    Generator(
        "jupyter-book", "jupyter-book", ("_toc.yml",),
        re.compile(r"^format:\s*jb-|^[ \t]*(?:-[ \t]*)?chapters:", re.MULTILINE),
        "jupyter-book build .", "_build/html",
    ),
    Generator(
        "jupyter-book", "jupyter-book", ("myst.yml",), re.compile(r"^site:", re.MULTILINE),
        "jupyter-book build --html", "_build/html",
    ),
)  # fmt: skip


def describe(tree: Tree, project: Project) -> Candidate | None:
    """The site; None when no generator is configured at the top."""
    for row in GENERATORS:
        path = tree.first(*row.files)
        if path and tree.search(path, row.mark):
            return site(tree, project, row, path)
    lektor = next((path for path in tree.top if path.endswith(".lektorproject")), "")
    if lektor:
        row = Generator(
            "lektor", "lektor", (lektor,), re.compile("."), "lektor build --output-path build", "build"
        )
        return site(tree, project, row, lektor)
    return None


def site(tree: Tree, project: Project, row: Generator, path: str) -> Candidate:
    """A candidate for what the generator makes."""
    made = Candidate("static", "python", 0.95, framework=row.name)
    why = f"{path} configures {row.name}"
    for fact in ("kind", "language", "framework"):
        made.because(fact, path, why)
    for item in project.wanted.values():
        made.dependencies[item.written] = (item.file, item.line)
    if project.manager != "none":
        made.package_manager = project.manager
        made.because("package_manager", project.lock or project.manifest, f"it is read by {project.manager}")
    made.install_command = install.words(project)
    known = row.distribution.partition("[")[0].partition(" ")[0]
    if not any(name.startswith(known) for name in (*project.wanted, *project.extra)):
        missing = f'"{row.distribution}"' if row.distribution.endswith("]") else row.distribution
        made.install_command = install.with_server(made.install_command, missing)
    made.because("install_command", project.manifest or path, f"{row.name} makes the pages")
    made.build_command = row.build.format(settings=tree.first("publishconf.py") or path, file=path)
    made.because("build_command", path, f"{row.name} is told so")
    made.static_dir = row.output
    made.because("static_dir", path, f"{row.name} puts the pages there")
    return made
