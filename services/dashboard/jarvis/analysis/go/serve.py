"""Whether a Go program listens, and with what."""

from jarvis.analysis.candidate import Candidate
from jarvis.analysis.claim import claim
from jarvis.analysis.go.frameworks import FRAMEWORKS, WORKERS, listed
from jarvis.analysis.go.port import port
from jarvis.analysis.go.program import Program
from jarvis.analysis.go.sources import Source
from jarvis.analysis.health import health_route
from jarvis.analysis.tree import Tree

_MERE = frozenset({"fasthttp", "templ"})
"""Packages that are also used without a server."""
_REMOTE = "grpc.NewServer("


def serve(candidate: Candidate, tree: Tree, program: Program) -> None:
    """Fill in kind, framework, port and health path."""
    framework = _imported(program) or _remote(tree, program) or _standard(program)
    if framework is None:
        _keep(candidate, program)
        return
    name, usual, source, line, why = framework
    claim(candidate, source.path, why, line, framework=name)
    claim(candidate, source.path, "It answers requests.", line, kind="web")
    if literal := port(tree, program.sources):
        number, file, at = literal
        claim(candidate, file, "The sources name it.", at, port=number)
    else:
        claim(candidate, source.path, f"What programs with {name} usually take.", line, port=usual)
    if found := health_route(tree, [item.path for item in program.sources]):
        path, file, at = found
        claim(candidate, file, "A path that is there to be asked.", at, health_path=path)


def _imported(program: Program) -> tuple[str, int, Source, int, str] | None:
    listening = any(source.http for source in program.sources)
    found = [
        (row, source, path)
        for source in program.sources
        for path in source.imports
        if (row := listed(path, FRAMEWORKS)) and (row[1] not in _MERE or listening)
    ]
    if not found:
        return None
    (_, name, usual), source, path = min(found, key=lambda item: item[0][0])
    return name, usual, source, source.imports[path], f"It imports {path}."


def _remote(tree: Tree, program: Program) -> tuple[str, int, Source, int, str] | None:
    for source in program.sources:
        if line := tree.line_of(source.path, _REMOTE):
            return "grpc", 50051, source, line, "It makes a server for gRPC."
    return None


def _standard(program: Program) -> tuple[str, int, Source, int, str] | None:
    for source in program.sources:
        if source.http:
            return "net/http", 8080, source, source.http, "It serves with net/http."
    return None


def _keep(candidate: Candidate, program: Program) -> None:
    """What a program is that does not answer requests: one that goes on running, or one that ends."""
    for source in program.sources:
        if source.socket:
            claim(candidate, source.path, "It listens, but not to HTTP.", source.socket, kind="worker")
            return
        path = next((path for path in source.imports if listed(path, WORKERS)), "")
        if path:
            claim(candidate, source.path, f"{path} keeps it running.", source.imports[path], kind="worker")
            return
    main = program.main
    claim(candidate, main.path, "A main function, and nothing that listens.", main.main, kind="script")
