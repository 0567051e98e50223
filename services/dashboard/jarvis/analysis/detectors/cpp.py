"""C and C++: CMake, Meson, Make, autotools, xmake, and lone sources."""

import re

from jarvis.analysis.candidate import Candidate
from jarvis.analysis.claim import claim
from jarvis.analysis.cpp.program import BUILDS, command, program
from jarvis.analysis.cpp.tables import ASIDE, DATABASES, FRAMEWORKS, PORTS
from jarvis.analysis.health import health_route
from jarvis.analysis.tree import Tree

SUFFIXES = (".c", ".cc", ".cpp", ".cxx", ".c++")
SOURCES = 120
"""Sources that are read at most."""
_BELOW = ("CMakeLists.txt", "meson.build", "Makefile")
_MAIN = re.compile(r"^[ \t]*(?:int|void|auto|extern\s+\"C\"\s+int)\s+w?main\s*\(", re.MULTILINE)
_SERVER = re.compile(r"\blisten\s*\(\s*\w+\s*,|\bbind\s*\([^;]{0,120}sockaddr")
_OTHERS = (
    "binding.gyp", "setup.py", "pyproject.toml", "package.json", "Cargo.toml", "go.mod", "Gemfile",
    "build.zig", "pubspec.yaml", "Package.swift", "composer.json",
    "mix.exs", "pom.xml",
    "platformio.ini", "DESCRIPTION",
)  # fmt: skip
"""Manifests of languages that keep parts of themselves in C."""

Place = tuple[str, int | None]


def detect(tree: Tree) -> Candidate | None:
    """A program in C or C++, or None."""
    sources = [file for file in tree.ending(*SUFFIXES) if not ASIDE.search(file)][:SOURCES]
    if not sources or tree.ending(".ino", depth=1):
        return None
    below = (file for file in tree.named(*_BELOW, depth=1) if not ASIDE.search(file))
    build = tree.first(*BUILDS) or next(below, "")
    mains: list[Place] = [(file, hit[1]) for file in sources if (hit := tree.search(file, _MAIN))]
    if not build and not mains:
        return None
    sure = 0.6 if not build else 0.78 if "/" in build else 0.93
    found = Candidate("script", "cpp", sure)
    why = "a build file for C and C++" if build else "sources in C or C++"
    claim(found, build or sources[0], why, language="cpp")
    _kind(found, tree, build, sources, mains)
    _manager(found, tree)
    made = program(tree, build) if build else mains[0][0].rpartition(".")[0]
    if build:
        claim(found, build, "builds the program", build_command=command(build))
    else:
        _compile(found, tree, mains[0], made)
    if made:
        claim(found, build or mains[0][0], "the program it builds", start_command=f"./{made}")
    for file in sources:
        for pattern, engine in DATABASES:
            if hit := tree.search(file, pattern):
                level = "embedded" if engine == "sqlite" else "required"
                found.need(engine, level, file, "includes its client library", hit[1])
    if other := tree.first(*_OTHERS):
        found.confidence = 0.45
        found.against.append(f"{other} is of another language, which may keep only parts of itself in C.")
    return found


def _kind(found: Candidate, tree: Tree, build: str, sources: list[str], mains: list[Place]) -> None:
    if not mains and not (build and program(tree, build)):
        claim(found, build or sources[0], "nothing in it is a program", kind="library")
        return
    for name, pattern, port, also in FRAMEWORKS:
        for file in [*([build] if build else []), *sources]:
            hit = tree.search(file, pattern)
            if hit and (not also.pattern or any(tree.search(other, also) for other in sources)):
                found.confidence = 0.97 if found.confidence > 0.9 else found.confidence
                claim(found, file, f"uses {name}", hit[1], kind="web", framework=name)
                _listens(found, tree, file, port, sources)
                return
    for file in sources:
        if hit := tree.search(file, _SERVER):
            claim(found, file, "opens a server", hit[1], kind="web")
            _listens(found, tree, file, None, sources)
            return
    shown = mains[0] if mains else (build, None)
    claim(found, shown[0], "a program without a server", shown[1], kind="script")


def _listens(found: Candidate, tree: Tree, file: str, port: int | None, sources: list[str]) -> None:
    for path in sources:
        if hit := tree.search(path, PORTS):
            number = int(next(group for group in hit[0].groups() if group))
            if 0 < number < 65536:
                claim(found, path, "the port it names", hit[1], port=number)
                break
    else:
        if port:
            claim(found, file, "its usual port", port=port)
    if route := health_route(tree, sources):
        claim(found, route[1], "a route for it", route[2], health_path=route[0])


def _manager(found: Candidate, tree: Tree) -> None:
    for file, name in (("conanfile.txt", "conan"), ("conanfile.py", "conan"), ("vcpkg.json", "vcpkg")):
        if file in tree:
            install = "conan install . --build=missing" if name == "conan" else ""
            claim(found, file, f"dependencies for {name}", package_manager=name, install_command=install)
            return


def _compile(found: Candidate, tree: Tree, main: Place, made: str) -> None:
    """Without a build file the sources beside the main one are compiled with it."""
    first, line = main
    plain = first.endswith(".c")
    folder = first[: first.rfind("/") + 1]
    alike = [
        file for file in tree.ending(*(SUFFIXES[:1] if plain else SUFFIXES[1:])) if file.startswith(folder)
    ]
    wanted = [file for file in alike if file == first or not _MAIN.search(tree.text(file))]
    compiler, extra = ("cc -O2", " -pthread -lm") if plain else ("c++ -O2", " -pthread")
    build = f"{compiler} {' '.join(wanted[:60])} -o {made}{extra}"
    claim(found, first, "compiles the sources", line, build_command=build)
