"""Java and Kotlin: Maven, Gradle, sources without a build, and archives that were built already."""

import re

from jarvis.analysis.candidate import Candidate
from jarvis.analysis.claim import claim
from jarvis.analysis.health import health_route
from jarvis.analysis.java import sources
from jarvis.analysis.java.databases import need_databases
from jarvis.analysis.java.frameworks import Framework, answers, framework
from jarvis.analysis.java.loose import loose
from jarvis.analysis.java.module import Module
from jarvis.analysis.java.packed import packed
from jarvis.analysis.java.project import Project, project
from jarvis.analysis.java.settings import Setting, settings
from jarvis.analysis.java.start import build, start
from jarvis.analysis.java.version import java_version
from jarvis.analysis.support import end_of_life
from jarvis.analysis.tree import Tree

_PORT_KEYS = (
    "server.port", "quarkus.http.port", "micronaut.server.port", "ktor.deployment.port", "http.port",
    "server.applicationConnectors.port", "server.connector.port",
)  # fmt: skip
_GRPC = re.compile(r"ServerBuilder|ImplBase\b|ImplicitBase\b|@GrpcService|grpc\.Server\b")
_EMBEDDED = (
    "org.eclipse.jetty", "org.mortbay.jetty:", "org.apache.tomcat.embed:", "io.undertow:", "webapp-runner",
    "org.glassfish", "fish.payara", "org.wildfly", "org.apache.tomee",
)  # fmt: skip
"""Servers that a program carries within."""
_OTHERS = ("project.clj", "deps.edn", "build.sbt", "build.sc", "build.mill", "pubspec.yaml")
"""Builds that come with a pom.xml or a build.gradle for others' sake."""


def detect(tree: Tree) -> Candidate | None:
    """A program for the Java machine, or None."""
    known = project(tree)
    if known is None:
        return packed(tree) or loose(tree)
    files = sources.main_sources(tree, known.module.folder) or sources.main_sources(tree, known.root)
    if not files and (tree.first(*_OTHERS) or _android(tree, known)):
        return None
    row = framework(known.module)
    if row is not None and not _serving(tree, known.module, row[0], files):
        row = None
    if _android(tree, known) and row is None:
        return None
    return _built(tree, known, row, files)


def _serving(tree: Tree, module: Module, row: Framework, files: list[str]) -> bool:
    """Is the framework there to serve? Clients and filters depend on the same artifacts."""
    if row.name == "grpc":
        return any(tree.search(file, _GRPC) for file in files[: sources.LOOKED_AT])
    if row.name == "servlet" and module.packaging == "jar":
        pages = any(path.startswith(f"{module.folder}src/main/webapp/") for path in tree.files)
        return pages or bool(module.plugins_of_servers() or module.artifact(*_EMBEDDED, scopes=("main",)))
    return True


def _android(tree: Tree, known: Project) -> bool:
    plugins = [name for module in known.modules for name in module.plugins]
    return bool(tree.named("AndroidManifest.xml")) or any(name.startswith("com.android") for name in plugins)


def _built(
    tree: Tree, known: Project, row: tuple[Framework, str, int | None, str] | None, files: list[str]
) -> Candidate:
    module = known.module
    name, shown = sources.language(files)
    entry = sources.entry(tree, files)
    found = Candidate("script", name, _confidence(known, row is not None, bool(files)))
    claim(
        found, shown or module.file, f"sources in {name}" if shown else "a build file of Java", language=name
    )
    claim(found, module.file, f"a build file of {module.tool}", package_manager=module.tool)
    if row is not None:
        claim(found, row[1], row[3], row[2], framework=row[0].name)
    _kind(found, tree, module, row, entry, files)
    _version(found, tree, module)
    for item in module.artifacts:
        if item.scope in ("main", "provided"):
            found.dependencies.setdefault(item.full.lower(), (item.file, item.line))
    need_databases(found, tree, module)
    settled = list(settings(tree, module.folder))
    if found.kind in ("web", "worker", "function"):
        _port(found, tree, row[0] if row else None, settled, files, module)
    main = module.main or (entry.name if entry else "")
    extra = _arguments(tree, module) if row is not None and row[0].name == "dropwizard" else ""
    claim(found, module.file, "packs the program", build_command=build(tree, module, known.root))
    if found.kind != "library":
        command = start(module, row[0] if row else None, main, found.port or 8080, settled, extra)
        line = module.main_line if module.main else None
        claim(found, module.file, "starts what was packed", line, start_command=command)
    if found.kind == "web":
        _health(found, tree, module, row, files)
    found.against += known.against
    return found


def _confidence(known: Project, confirmed: bool, sourced: bool) -> float:
    sure = 0.97 if confirmed else 0.93 if sourced else 0.6
    return sure if not known.root else min(sure, 0.8 if known.root.count("/") == 1 else 0.76)


def _kind(
    found: Candidate,
    tree: Tree,
    module: Module,
    row: tuple[Framework, str, int | None, str] | None,
    entry: sources.Entry | None,
    files: list[str],
) -> None:
    """Does it answer requests, run once, or is it for others to use?"""
    if row is not None:
        kind = answers(module, row[0])
        if kind == "script" and (place := _controller(tree, files)):
            claim(found, place[0], "answers requests", place[1], kind="web")
            return
        claim(found, row[1], row[3], row[2], kind=kind)
    elif server := sources.serves(tree, files):
        claim(found, server[0], "opens a server", server[1], kind="web")
    elif entry is not None:
        claim(found, entry.file, "has a main class and no server", entry.line, kind="script")
    elif module.main or module.plugin("application", "onejar-maven-plugin"):
        claim(found, module.file, "names a main class", module.main_line, kind="script")
    else:
        claim(found, module.file, "nothing in it can be started", kind="library")


def _controller(tree: Tree, files: list[str]) -> tuple[str, int] | None:
    pattern = re.compile(r"^[ \t]*@(?:Rest)?Controller\b|RouterFunction<|@RequestMapping\b", re.MULTILINE)
    for file in files[: sources.LOOKED_AT]:
        if match := tree.search(file, pattern):
            return file, match[1]
    return None


def _version(found: Candidate, tree: Tree, module: Module) -> None:
    stated = java_version(tree, module)
    if stated is None:
        return
    version, file, line = stated
    claim(found, file, "states the version of Java", line, language_version=version)
    if ended := end_of_life("java", version):
        found.find("end-of-life", "warning", file, f"Java {version} is no longer mended since {ended}.", line)


def _port(
    found: Candidate,
    tree: Tree,
    row: Framework | None,
    settled: list[Setting],
    files: list[str],
    module: Module,
) -> None:
    for item in settled:
        if item.key in _PORT_KEYS and not item.profile and (match := re.search(r"\b(\d{2,5})\b", item.value)):
            claim(found, item.file, f"the setting {item.key}", item.line, port=int(match[1]))
            return
    if place := sources.listens(tree, files):
        claim(found, place[1], "the sources name it", place[2], port=place[0])
    elif row is None or row.port:
        name = row.name if row else "Java's servers"
        claim(found, module.file, f"the usual port of {name}", port=row.port if row and row.port else 8080)


def _arguments(tree: Tree, module: Module) -> str:
    """Dropwizard is told what to do and where its settings are."""
    for file in tree.ending(".yml", ".yaml"):
        if file.startswith(module.folder) and re.search(
            r"^(?:server|logging):", tree.text(file), re.MULTILINE
        ):
            return f" server {file}"
    return " server"


def _health(
    found: Candidate,
    tree: Tree,
    module: Module,
    row: tuple[Framework, str, int | None, str] | None,
    files: list[str],
) -> None:
    part, path = row[0].health if row else ("", "")
    if part and (item := module.artifact(part, scopes=("main",))):
        claim(found, item.file, f"{item.name} answers there", item.line, health_path=path)
    elif route := health_route(tree, files):
        claim(found, route[1], "a route for it", route[2], health_path=route[0])
