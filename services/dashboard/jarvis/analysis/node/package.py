"""A package, described: every member of the candidate, each with the reason for it."""

import re

from jarvis.analysis.candidate import Candidate
from jarvis.analysis.claim import claim
from jarvis.analysis.health import health_route
from jarvis.analysis.node import (
    beside,
    build,
    kind,
    needs,
    output,
    package_manager,
    rendering,
    start,
    typescript,
    version,
)
from jarvis.analysis.node.config import Fact
from jarvis.analysis.node.manifest import Manifest
from jarvis.analysis.node.package_manager import Manager
from jarvis.analysis.node.recognise import Choice, called, recognise
from jarvis.analysis.node.source import Sources
from jarvis.analysis.support import end_of_life
from jarvis.analysis.tree import Tree

_HEALTHY = ("health", "healthz", "healthcheck", "status", "ping", "up", "livez", "readyz")
_ROUTE_FILES = tuple(
    f"{name}{ending}"
    for name in (*_HEALTHY, *(f"{name}.get" for name in _HEALTHY), "route", "+server", "index")
    for ending in (".ts", ".js", ".tsx", ".mjs")
)
_ROUTE = re.compile(
    rf"(?:^|/)(?:app|pages|routes|server)/((?:api/|routes/)?(?:{'|'.join(_HEALTHY)}))"
    r"(?:/route|/\+server|/index)?(?:\.get)?\.[cm]?[jt]sx?$"
)
_INVOKER = "@google-cloud/functions-framework"


def describe(tree: Tree, manifest: Manifest, chosen: Choice | None = None) -> Candidate:
    """The package whose manifest lies at the top of `tree`; `chosen` is its framework when that is known."""
    sources = _sources(tree, manifest)
    manager = package_manager.choose(tree, manifest)
    choice = chosen or recognise(manifest, sources)
    found = Candidate("script", "node", 0.93)
    claim(found, manifest.file, "The manifest of a Node project is at the top.", language="node")
    handed = kind.function(tree, manifest, choice, sources)
    if handed:
        claim(found, handed[1].file, handed[1].why, handed[1].line, kind="function")
        if handed[0] != "none":
            claim(found, handed[1].file, handed[1].why, handed[1].line, framework=handed[0])
    elif reason := kind.unsupported(manifest, choice, sources):
        claim(found, reason.file, reason.why, reason.line, kind="unsupported")
    else:
        what, fact = kind.decide(tree, manifest, choice, sources)
        claim(found, fact.file, fact.why, fact.line, kind=what)
    if choice and found.framework == "none":
        claim(found, choice.fact.file, choice.fact.why, choice.fact.line, framework=choice.framework.name)
    if fact := version.stated(tree, manifest):
        claim(found, fact.file, fact.why, fact.line, language_version=fact.value)
    claim(found, manager.fact.file, manager.fact.why, manager.fact.line, package_manager=manager.name)
    _depend(found, manifest, manager)
    if found.kind != "unsupported":
        _run(found, tree, manifest, manager, choice, sources)
    if found.kind in ("web", "worker", "script", "function", "monorepo"):
        needs.fill(found, manifest, sources)
    _look_out(found, tree, manifest, manager, choice)
    _weigh(found, tree, manifest, choice, sources)
    return found


def _sources(tree: Tree, manifest: Manifest) -> Sources:
    first = [
        start.resolve(tree, item.entry)
        for item in called(manifest, "start")
        if item.entry and not item.folder
    ]
    if manifest.main:
        first.append(start.resolve(tree, manifest.main))
    return Sources(tree, filter(None, first))


def _depend(found: Candidate, manifest: Manifest, manager: Manager) -> None:
    for name in (*manifest.runtime, *manifest.development):
        found.dependencies[name.lower()] = (manifest.file, manifest.line_of(name))
    if found.dependencies or manager.lock or "workspaces" in manifest.data:
        file = manager.lock or manifest.file
        why = (
            "The lock file says exactly what is installed."
            if manager.lock
            else "Its dependencies are listed there."
        )
        claim(found, file, why, install_command=manager.install)


def _run(
    found: Candidate,
    tree: Tree,
    manifest: Manifest,
    manager: Manager,
    choice: Choice | None,
    sources: Sources,
) -> None:
    """Build, output, start, port."""
    own = found.kind in ("web", "script", "worker") and "start" not in manifest.scripts
    file = start.entry(tree, manifest, sources) if own and typescript.has_compiler(manifest) else None
    if found.kind != "function" and (fact := build.command(manifest, manager, choice, found.kind, file)):
        claim(found, fact.file, fact.why, fact.line, build_command=fact.value)
    if found.kind == "static":
        _pages(found, manifest, choice)
    fact = start.command(tree, manifest, manager, choice, found.kind, found.static_dir, sources)
    if found.kind == "function" and found.framework == "azure-functions" and "start" not in manifest.scripts:
        fact = Fact("func start", manifest.file, "Azure's own tool serves the functions.")
    if found.kind == "function" and manifest.has(_INVOKER) and "start" not in manifest.scripts:
        fact = Fact(manager.execute("functions-framework"), manifest.file, "It serves the functions.")
    if fact and found.kind not in ("library", "monorepo"):
        claim(found, fact.file, fact.why, fact.line, start_command=fact.value)
    if fact := _port(found, manifest, choice, sources):
        claim(found, fact.file, fact.why, fact.line, port=int(fact.value))
    if found.kind == "web":
        route = _health_file(tree) or health_route(tree, sources.files)
        if route:
            claim(
                found,
                route[1],
                "A route with this name answers when it is well.",
                route[2],
                health_path=route[0],
            )


def _pages(found: Candidate, manifest: Manifest, choice: Choice | None) -> None:
    if choice is None:
        served = start.pages_served(manifest)
        if served:
            claim(found, served[1].file, served[1].why, served[1].line, static_dir=served[0])
        return
    fact = output.folder(manifest, choice)
    claim(found, fact.file, fact.why, fact.line, static_dir=fact.value)
    if fact := rendering.browser_router(manifest, choice):
        claim(found, fact.file, fact.why, fact.line, spa=True)


def _port(found: Candidate, manifest: Manifest, choice: Choice | None, sources: Sources) -> Fact | None:
    if found.kind not in ("web", "static"):
        return None
    line = manifest.line("scripts", "start")
    match = re.search(
        r"(?:\bPORT=|(?:--port|-p|--listen|-l)[ =])[\"']?(\d{2,5})\b", manifest.scripts.get("start", "")
    )
    if match:
        return Fact(match[1], manifest.file, "The start script names it.", line)
    if default := re.search(r"\$\{PORT:-(\d+)\}", found.start_command):
        reason = next(item for item in found.evidence if item.fact == "start_command")
        return Fact(default[1], reason.file, "The start command says so, unless PORT is set.", reason.line)
    if found.kind == "static":
        port = choice.framework.port if choice else 8080
        return Fact(str(port), manifest.file, "What the start script runs listens there by itself.", line)
    own = choice is None or choice.sort == "server" or sources.server is not None
    if own and (fact := sources.port()):
        return fact
    if choice is None:
        return None
    row = choice.framework
    why = f"{row.name} listens there unless it is told otherwise."
    return Fact(str(row.port), choice.fact.file, why, choice.fact.line)


def _health_file(tree: Tree) -> tuple[str, str, int | None] | None:
    """A route that is a file of its own, as Next, Nuxt, SvelteKit and their like have it."""
    for file in tree.named(*_ROUTE_FILES, depth=6):
        if match := _ROUTE.search(file):
            return "/" + match[1].removeprefix("routes/"), file, None
    return None


def _look_out(
    found: Candidate, tree: Tree, manifest: Manifest, manager: Manager, choice: Choice | None
) -> None:
    """Findings, and what speaks against."""
    if found.dependencies and not manager.lock:
        line = manifest.line("dependencies") or manifest.line("devDependencies")
        why = f"No lock file of {manager.name}: each install may bring other versions. Hand it in, too."
        found.find("missing-lock-file", "warning", manifest.file, why, line)
    others = [file for file in package_manager.locks(tree) if file != manager.lock]
    if manager.lock and others:
        why = f"{manager.name} is used; this lock file is of another package manager. Delete it."
        found.find("foreign-lock-file", "note", others[0], why)
    for command in called(manifest, "start"):
        if said := start.develops(command):
            why = f"{said} Start it with a command for production."
            found.find("debug-server", "warning", manifest.file, why, manifest.line("scripts", "start"))
            found.against.append(f"The start script runs a development server: {said}")
            break
    if version.is_bounded(found.language_version) and (ended := end_of_life("node", found.language_version)):
        reason = next(item for item in found.evidence if item.fact == "language_version")
        why = f"Node {found.language_version} has had no security fixes since {ended}. Move to a newer one."
        found.find("end-of-life", "warning", reason.file, why, reason.line)
    if choice and (fact := rendering.foreign(manifest, choice)):
        found.find("foreign-adapter", "warning", fact.file, fact.why, fact.line)
        found.against.append(fact.why)


def _weigh(found: Candidate, tree: Tree, manifest: Manifest, choice: Choice | None, sources: Sources) -> None:
    """How sure it is, and what else lies at the top."""
    found.confidence = 0.97 if found.framework != "none" else 0.93
    if not manifest.data:
        found.confidence = 0.7 if sources.server else 0.6
        found.against.append(f"{manifest.file} says nothing, or cannot be read.")
    runs = (
        choice is not None
        or sources.server is not None
        or bool({"start", "build"} & set(manifest.scripts))
        or manifest.main
    )
    if not runs and found.kind == "script":
        found.confidence = 0.85 if sources.files else 0.7
        if "index.html" in tree:
            found.confidence = 0.5
            found.against.append("The manifest only names tools; there is a page beside it.")
    if settings := beside.deno(tree, manifest.scripts):
        found.confidence = min(found.confidence, 0.6)
        found.against.append(f"{settings} shows a program for Deno, and no script here starts another one.")
    if other := beside.other(tree):
        own = (choice is not None and choice.sort != "made") or sources.server is not None
        if other.web:
            found.confidence = 0.75 if own else 0.45
            found.against.append(
                f"{other.file} shows a program in {other.language}; this may only make its pages."
            )
        elif not own and choice is None:
            found.confidence = min(found.confidence, 0.91)
            found.against.append(f"{other.file} is of {other.language}.")
