"""Rust: packages, workspaces, programs for the browser, and lone sources."""

import re
from shlex import quote

from jarvis.analysis.candidate import Candidate
from jarvis.analysis.claim import claim
from jarvis.analysis.health import health_route
from jarvis.analysis.procfile import processes
from jarvis.analysis.rust import needs, pages
from jarvis.analysis.rust.commands import command
from jarvis.analysis.rust.crates import FUNCTIONS, WORKERS
from jarvis.analysis.rust.manifest import Package, packages
from jarvis.analysis.rust.port import port
from jarvis.analysis.rust.program import Program, choose
from jarvis.analysis.toolchain import pinned
from jarvis.analysis.tree import Tree

DEPTH = 2
"""Folders above a Cargo.toml that still speaks for the whole."""

_MAIN = re.compile(r"^(?:pub\s+)?(?:async\s+)?fn\s+main\s*\(", re.MULTILINE)
_LISTENER = re.compile(r"\b(?:TcpListener|UdpSocket|UnixListener)::bind\s*\(")
_CHANNEL = re.compile(r"^[ \t]*channel\s*=\s*[\"']([\w.-]+)[\"']|^[ \t]*([\w.-]+)[ \t]*$", re.MULTILINE)


def detect(tree: Tree) -> Candidate | None:
    """A program, a page or a library in Rust."""
    manifest = next(iter(tree.named("Cargo.toml", depth=DEPTH)), "")
    found = packages(tree, manifest) if manifest else []
    if not found:
        return _lone(tree, manifest)
    candidate = Candidate("library", "rust", _confidence(tree, manifest, found))
    candidate.because("language", manifest, "The manifest of a Rust package.")
    claim(candidate, manifest, "Cargo fetches what it names.", package_manager="cargo")
    program = choose(tree, found, _wanted(tree))
    made = program.package if program else found[0]
    for part in program.parts if program else found[:1]:
        for name, crate in part.crates.items():
            candidate.dependencies[name.lower()] = (part.file, crate.line)
    _version(candidate, tree, made)
    if pages.fill(candidate, tree, made):
        return candidate
    if program is None:
        candidate.because("kind", manifest, "No package makes a program.")
        candidate.confidence = round(candidate.confidence - 0.02, 2)
        return candidate
    _kind(candidate, tree, program)
    command(candidate, tree, program, manifest)
    needs.find(candidate, tree, program)
    candidate.against += [f"The program {name} is there as well." for name in program.others]
    return candidate


def _confidence(tree: Tree, manifest: str, found: list[Package]) -> float:
    deep = manifest.count("/")
    crates = {name for package in found for name in package.crates}
    if crates & {"tauri", "pyo3", "napi", "neon", "rustler", "magnus", "ext-php-rs"}:
        return 0.4  # a part of a program in another language
    if deep:
        return round(0.85 - 0.05 * deep, 2)
    others = tree.named(
        "package.json", "pyproject.toml", "composer.json", "Gemfile", "mix.exs", "go.mod", depth=0
    )
    return 0.9 if others else 0.93


def _wanted(tree: Tree) -> str:
    command, _ = processes(tree).get("web", ("", 0))
    words = [word for word in command.split() if "=" not in word]
    return words[0].rpartition("/")[2] if words else ""


def _kind(candidate: Candidate, tree: Tree, program: Program) -> None:
    sources = program.sources(tree)
    crates = {name: (file, crate.line) for name, crate, file in program.crates()}
    if program.framework is not None:
        crate, name, usual, file = program.framework
        line = crates[crate][1]
        claim(candidate, file, f"It depends on {crate}.", line, framework=name, kind="web")
        candidate.confidence = 0.97 if candidate.confidence >= 0.9 else candidate.confidence
        _listen(candidate, tree, sources, (usual, file, line, name))
        return
    for name in FUNCTIONS:
        if name in crates:
            claim(
                candidate,
                crates[name][0],
                f"{name} waits to be called by a platform.",
                crates[name][1],
                kind="function",
            )
            return
    for source in sources:
        if hit := tree.search(source, _LISTENER):
            spoken = "HTTP/1." in "".join(tree.text(path) for path in sources)
            claim(candidate, source, "It listens on a socket.", hit[1], kind="web" if spoken else "worker")
            if spoken:
                _listen(candidate, tree, sources, (8080, source, hit[1], "a server"))
            return
    for name in WORKERS:
        if name in crates:
            claim(candidate, crates[name][0], f"{name} keeps it running.", crates[name][1], kind="worker")
            return
    claim(candidate, program.package.file, "A program, and nothing that listens.", kind="script")


def _listen(
    candidate: Candidate, tree: Tree, sources: list[str], usual: tuple[int, str, int | None, str]
) -> None:
    number, file, line, name = usual
    if literal := port(tree, sources):
        claim(candidate, literal[1], "The sources name it.", literal[2], port=literal[0])
    else:
        claim(candidate, file, f"What programs with {name} usually take.", line, port=number)
    if found := health_route(tree, sources):
        claim(candidate, found[1], "A path that is there to be asked.", found[2], health_path=found[0])


def _version(candidate: Candidate, tree: Tree, package: Package) -> None:
    for file in ("rust-toolchain.toml", "rust-toolchain"):
        if (hit := tree.search(file, _CHANNEL)) and (stated := hit[0][1] or hit[0][2]):
            claim(candidate, file, "It pins the toolchain.", hit[1], language_version=stated)
            return
    if found := pinned(tree, "rust"):
        claim(candidate, found[1], "It pins the toolchain.", found[2], language_version=found[0])
    elif package.version:
        line = tree.line_of(package.file, "rust-version")
        claim(candidate, package.file, "The least version it needs.", line, language_version=package.version)


def _lone(tree: Tree, manifest: str) -> Candidate | None:
    """A source without a manifest, or a manifest without a package."""
    if manifest:
        return None
    for file in sorted(tree.ending(".rs", depth=0), key=lambda path: path != "main.rs"):
        if hit := tree.search(file, _MAIN):
            name = file.removesuffix(".rs")
            candidate = Candidate("script", "rust", 0.6)
            candidate.because("language", file, "A Rust source without a manifest.")
            claim(candidate, file, "It has a main function.", hit[1], kind="script")
            build = f"mkdir -p bin && rustc -O -o {quote(f'bin/{name}')} {quote(file)}"
            claim(candidate, file, "The compiler alone can make it.", hit[1], build_command=build)
            claim(candidate, file, "What the build makes.", hit[1], start_command=quote(f"./bin/{name}"))
            return candidate
    return None
