"""How sure one can be, what speaks against it, and what should be looked at before publishing."""

import re

from jarvis.analysis.candidate import Candidate
from jarvis.analysis.procfile import processes
from jarvis.analysis.python import install, versions
from jarvis.analysis.python.look import Look
from jarvis.analysis.python.start import Start
from jarvis.analysis.support import end_of_life

OTHERS = (
    "package.json", "go.mod", "Cargo.toml", "pom.xml", "build.gradle", "build.gradle.kts", "Gemfile",
    "composer.json", "mix.exs", "deno.json", "pubspec.yaml", "Package.swift", "build.sbt", "project.clj",
    "hugo.toml", "config.ru",
)  # fmt: skip
"""Manifests of others: beside one of them a list of Python packages may be there for a tool only."""
_DEBUG = re.compile(r"\brunserver\b|\bflask\s+(?:--\S+\s+\S+\s+)*run\b|--reload\b|\bfastapi\s+dev\b")


def confidence(look: Look, kind: str) -> float:
    """How sure the kind, the language and the framework are together."""
    project, choice = look.project, look.choice
    at_top = any("/" not in path for path in look.sources.everything)
    other = look.tree.first(*OTHERS)
    if kind == "library":
        sure = 0.9 if project.described and look.sources.files else 0.6
        return sure - (0.2 if other and not project.described else 0.0)
    if choice is not None:
        if project.manifest and choice.confirmed:
            return 0.97
        sure = 0.93 if project.manifest else 0.75 if choice.file.count("/") == 0 or look.django else 0.6
        return sure - (0.3 if other and not project.manifest else 0.0)
    if project.manifest and project.manifest != project.misspelt:
        if not look.sources.everything:
            return 0.5
        if other and not at_top and not project.described:
            return 0.45
        return 0.65 if other and not project.described else 0.92
    if not at_top:
        return 0.3
    if look.program is None:
        return 0.4
    sure = 0.65 if look.program.sure or look.program.serves else 0.58
    sure = 0.75 if project.misspelt else sure
    return sure - (0.25 if other else 0.0)


def fill(made: Candidate, look: Look, start: Start | None) -> None:
    """Write down doubts and findings."""
    project, tree = look.project, look.tree
    other = look.tree.first(*OTHERS)
    if other:
        made.against.append(f"{other} belongs to something else than Python")
    if project.misspelt:
        made.find(
            "misspelt-manifest", "warning", project.misspelt,
            f"pip reads requirements.txt: rename {project.misspelt}.",
        )  # fmt: skip
    elif not project.manifest and look.choice is not None:
        made.find(
            "missing-manifest", "warning", look.first,
            "Nothing lists what the program needs; add a requirements.txt.",
        )  # fmt: skip
    if made.kind not in ("library", "monorepo") and install.unpinned(project):
        made.find(
            "missing-lock-file", "warning", project.manifest,
            f"{project.manifest} does not pin every version. Pin them, or add a lock file.",
        )  # fmt: skip
    own = processes(tree).get("web")
    debug = _DEBUG.search(own[0]) is not None if own else start is not None and start.debug
    if start is not None and debug and made.kind == "web":
        made.find(
            "debug-server", "warning", start.file,
            "It is started by a server for developing; add gunicorn or uvicorn to what it needs.", start.line,
        )  # fmt: skip
    stated = versions.stated(tree, project)
    pinned = versions.pinned(stated[0]) if stated else ""
    ended = end_of_life("python", pinned) if pinned else None
    if stated is not None and ended:
        made.find(
            "end-of-life", "warning", stated[1],
            f"Python {pinned} has had no security fixes since {ended}; ask for a later one.", stated[2],
        )  # fmt: skip
