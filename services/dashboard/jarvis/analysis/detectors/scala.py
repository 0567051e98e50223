"""Scala: sbt, Mill and Scala's own command line. What Maven and Gradle build is left to `java`."""

import re

from jarvis.analysis.candidate import Candidate
from jarvis.analysis.claim import claim
from jarvis.analysis.health import health_route
from jarvis.analysis.java import sources
from jarvis.analysis.java.databases import need_databases
from jarvis.analysis.java.module import Artifact, Module
from jarvis.analysis.java.sbt import Build, mill, sbt, scala_cli
from jarvis.analysis.java.version import java_version
from jarvis.analysis.support import end_of_life
from jarvis.analysis.tree import Tree

FRAMEWORKS = (
    ("com.typesafe.play:play", "play", 9000), ("org.playframework:play", "play", 9000),
    ("com.twitter:finatra", "finatra", 8888), ("com.twitter:twitter-server", "finagle", 8888),
    ("com.twitter:finagle", "finagle", 8080), ("com.github.finagle:finch", "finch", 8080),
    ("dev.zio:zio-http", "zio-http", 8080), ("io.d11:zhttp", "zio-http", 8090),
    ("org.http4s:http4s-", "http4s", 8080), ("org.scalatra:scalatra", "scalatra", 8080),
    ("com.lihaoyi:cask", "cask", 8080), ("com.softwaremill.sttp.tapir:tapir-", "tapir", 8080),
    ("net.liftweb:lift-webkit", "lift", 8080), ("com.typesafe.akka:akka-http", "akka", 8080),
    ("org.apache.pekko:pekko-http", "pekko", 8080), ("com.typesafe.akka:akka-stream", "akka", 8080),
    ("com.typesafe.akka:akka-actor", "akka", 8080), ("com.typesafe.akka:akka-cluster", "akka", 8080),
    ("org.apache.pekko:pekko-actor", "pekko", 8080), ("io.vertx:vertx-lang-scala", "vertx", 8080),
    ("com.thesamet.scalapb:scalapb-runtime-grpc", "grpc", 50051),
    ("com.sparkjava:spark-core", "spark", 4567), ("io.udash:udash-", "udash", 8080),
    ("org.eclipse.jetty:jetty-", "servlet", 8080), ("javax.servlet:", "servlet", 8080),
)  # fmt: skip
"""Beginning of `group:name` → framework and the port it listens on by itself; whole frameworks first."""
_CLIENTS = ("client", "-testing", "testkit", "-json", "circe")
_PORT_ENV = re.compile(r"(?:http\.)?port\s*[=:]\s*\$?\{?\?*(?:PORT)?\}?\s*(\d{2,5})")


def detect(tree: Tree) -> Candidate | None:
    """A program in Scala, or None."""
    build = sbt(tree) or mill(tree) or scala_cli(tree)
    if build is None:
        return None
    module = build.module
    found = Candidate("script", "scala", 0.93 if build.tool != "scala-cli" else 0.75)
    claim(found, module.file, f"built with {build.tool}", language="scala", package_manager=build.tool)
    files = sources.main_sources(tree, module.folder)
    _framework(found, tree, build, files)
    if module.folder:
        found.confidence = 0.8 if module.folder.count("/") == 1 else 0.76
    _version(found, tree, build)
    for item in module.artifacts:
        if item.scope == "main":
            found.dependencies.setdefault(item.full.lower(), (item.file, item.line))
    need_databases(found, tree, module)
    entry = sources.entry(tree, files)
    if found.kind == "script" and entry is None and not build.main and build.tool != "scala-cli":
        claim(found, module.file, "nothing in it can be started", kind="library")
    claim(found, module.file, "builds it", build_command=build.build)
    if found.kind != "library":
        flag = f" -Dhttp.port=${{PORT:-{found.port}}}" if found.framework == "play" else ""
        claim(found, module.file, "starts what was built", start_command=build.start + flag)
    return found


def _framework(found: Candidate, tree: Tree, build: Build, files: list[str]) -> None:
    module = build.module
    row = _row(module)
    if play := module.plugin("PlayScala", "PlayJava", "PlayService", "PlayMinimalJava"):
        claim(found, module.file, f"switches {play[0]} on", play[1], kind="web", framework="play")
        found.confidence, port = 0.97, 9000
    elif row:
        item, framework, port = row
        # Actors alone answer nobody.
        kind = "script" if framework in ("akka", "pekko") and "-http" not in item.name else "web"
        claim(found, item.file, f"depends on {item.full}", item.line, kind=kind, framework=framework)
        found.confidence = 0.97
        if kind == "script":
            return
    elif server := sources.serves(tree, files):
        claim(found, server[0], "opens a server", server[1], kind="web")
        port = 8080
    else:
        claim(found, module.file, "without a web framework", kind="script")
        return
    if found.framework != "play" and (place := sources.listens(tree, files)):
        claim(found, place[1], "the port it names", place[2], port=place[0])
    else:
        claim(found, module.file, "the usual port", port=port)
    routes = [module.folder + "conf/routes", *files]
    if route := health_route(tree, routes):
        claim(found, route[1], "a route for it", route[2], health_path=route[0])
    elif match := tree.search(routes[0], re.compile(r"^GET\s+(/(?:health\w*|ping|status))\s", re.MULTILINE)):
        claim(found, routes[0], "a route for it", match[1], health_path=match[0][1])


def _row(module: Module) -> tuple[Artifact, str, int] | None:
    for beginning, framework, port in FRAMEWORKS:
        for item in module.artifacts:
            serves = item.scope == "main" and not any(word in item.name for word in _CLIENTS)
            if serves and item.full.startswith(beginning):
                return item, framework, port
    return None


def _version(found: Candidate, tree: Tree, build: Build) -> None:
    if build.version:
        claim(
            found,
            build.version[1],
            "the version of Scala",
            build.version[2],
            language_version=build.version[0],
        )
    java = java_version(tree, build.module)
    if java and (ended := end_of_life("java", java[0])):
        found.find(
            "end-of-life", "warning", java[1], f"Java {java[0]} is no longer mended since {ended}.", java[2]
        )
