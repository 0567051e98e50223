"""Go: modules, workspaces, the tools before them, and lone programs."""

from jarvis.analysis.candidate import Candidate
from jarvis.analysis.claim import claim
from jarvis.analysis.go import needs
from jarvis.analysis.go.commands import command, wanted
from jarvis.analysis.go.function import framework, function
from jarvis.analysis.go.module import MANAGERS, Module, elsewhere, members, module, version
from jarvis.analysis.go.program import Program, choose, owner
from jarvis.analysis.go.serve import serve
from jarvis.analysis.go.sources import Source, aside, paths, read
from jarvis.analysis.support import end_of_life
from jarvis.analysis.tree import Tree

DEPTH = 2
"""Folders above a go.mod that still speaks for the whole."""


def detect(tree: Tree) -> Candidate | None:
    """A program, a function or a library in Go."""
    files = paths(tree)
    manifests = [path for path in tree.named("go.mod", depth=DEPTH) if not elsewhere(path)]
    if not files and not manifests:
        return None
    manifest = tree.first("go.mod", "go.work", *MANAGERS) or (manifests[0] if manifests else "")
    sources = read(tree, files)
    if not manifest and not sources:
        return None
    modules = [module(tree, path) for path in manifests]
    inside = _inside(tree, sources, modules)
    program = choose(inside, modules, wanted(tree)) or choose(sources, modules, wanted(tree))
    called = function(tree, sources, program)
    if called is not None:
        return _function(tree, called, sources, manifest)
    top = [source for source in sources if "/" not in source.path and source.package != "main"]
    if program is None or (aside(program.main.path) and top):
        return _without_program(tree, sources, manifest, modules)
    return _program(tree, program, manifest, modules)


def _inside(tree: Tree, sources: list[Source], modules: list[Module]) -> list[Source]:
    """The sources of the modules that the top speaks for; not those of a module of its own further down."""
    top = {item.folder for item in modules if not item.folder}
    top = top or {path.rpartition("/")[0] for path in members(tree)}
    return [item for item in sources if not top or owner(item.path, modules).folder in top]


def _candidate(tree: Tree, kind: str, manifest: str, sources: list[Source]) -> Candidate:
    candidate = Candidate(kind, "go", _confidence(tree, manifest, sources))
    shown = manifest or sources[0].path
    candidate.because(
        "language", shown, "A manifest of Go." if manifest else "Go sources without a manifest."
    )
    if manifest:
        why = "Its manifest lists what is required."
        claim(candidate, manifest, why, package_manager=MANAGERS.get(manifest, "go"))
    else:
        candidate.against.append("No go.mod says what belongs to it.")
    return candidate


def _confidence(tree: Tree, manifest: str, sources: list[Source]) -> float:
    if manifest:
        deep = manifest.count("/") if manifest.endswith("go.mod") else 0
        return round(0.85 - 0.05 * deep, 2) if deep else 0.92
    shallow = min(source.path.count("/") for source in sources)
    others = tree.named(
        "package.json", "pyproject.toml", "requirements.txt", "Gemfile", "Cargo.toml", depth=0
    )
    return round((0.68, 0.5, 0.45)[min(shallow, 2)] - (0.15 if others else 0), 2)


def _function(tree: Tree, called: Source, sources: list[Source], manifest: str) -> Candidate:
    candidate = _candidate(tree, "function", manifest, sources)
    candidate.because("kind", called.path, "A function that a platform calls; it does not listen itself.")
    if answered := framework(sources, called):
        name, source, line = answered
        claim(candidate, source.path, f"The function answers with {name}.", line, framework=name)
    return candidate


def _without_program(
    tree: Tree, sources: list[Source], manifest: str, modules: list[Module]
) -> Candidate | None:
    """A library, a set of modules, or an app whose `main` the platform brings along."""
    served = next((item for item in sources if "http.Handle" in tree.text(item.path)), None)
    if served is not None and "runtime: go" in tree.text("app.yaml"):
        candidate = _candidate(tree, "web", manifest, sources)
        candidate.because("kind", "app.yaml", "An app whose main function the platform brings along.")
        line = tree.line_of(served.path, "http.Handle")
        claim(candidate, served.path, "It handles requests of net/http.", line, framework="net/http")
        return candidate
    if manifest == "go.work" and len(members(tree)) > 1:
        candidate = _candidate(tree, "monorepo", manifest, sources)
        candidate.because("kind", manifest, "A workspace of several modules.")
    else:
        candidate = _candidate(tree, "library", manifest, sources)
        candidate.because("kind", manifest or sources[0].path, "No package has a main function.")
        candidate.confidence = round(candidate.confidence - 0.02, 2)
    _depend(candidate, modules)
    return candidate


def _program(tree: Tree, program: Program, manifest: str, modules: list[Module]) -> Candidate:
    candidate = _candidate(tree, "script", manifest, [program.main])
    serve(candidate, tree, program)
    if candidate.kind == "web" and manifest:
        candidate.confidence = 0.97 if candidate.confidence > 0.9 else candidate.confidence
    if manifest == "go.work" and any(item.main and item.http for item in program.others):
        claim(candidate, manifest, "A workspace with several servers.", kind="monorepo")
    _depend(candidate, [program.module] if program.module.file else modules)
    command(candidate, tree, program, manifest)
    needs.find(candidate, tree, program.sources)
    _version(candidate, tree, program.module.file or manifest, program.main.path)
    candidate.against += [f"{other.path} is a program as well." for other in program.others]
    return candidate


def _depend(candidate: Candidate, modules: list[Module]) -> None:
    for item in modules:
        candidate.dependencies.update(item.requires)


def _version(candidate: Candidate, tree: Tree, manifest: str, main: str) -> None:
    stated = version(tree, manifest, main)
    if stated is None:
        return
    number, file, line, exact = stated
    claim(candidate, file, "It states the version.", line, language_version=number)
    # The `go` line of a module is the least it needs: a newer toolchain builds it as well.
    if exact and (ended := end_of_life("go", number)):
        candidate.find("end-of-life", "warning", file, f"Go {number} has had no fixes since {ended}.", line)
