"""Clojure: Leiningen, deps.edn with tools.build, Boot, and lone sources."""

import re

from jarvis.analysis.candidate import Candidate
from jarvis.analysis.claim import claim
from jarvis.analysis.clojure.commands import COMMENT, HANDLER, leiningen, tools
from jarvis.analysis.health import health_route
from jarvis.analysis.java.databases import need_databases
from jarvis.analysis.java.module import Artifact, Module
from jarvis.analysis.java.version import java_version
from jarvis.analysis.support import end_of_life
from jarvis.analysis.tree import Tree

BUILDS = ("project.clj", "deps.edn", "build.boot", "bb.edn", "shadow-cljs.edn")
FRAMEWORKS = (
    ("io.pedestal", "pedestal", 8080), ("luminus", "luminus", 3000), ("kit-", "kit", 3000),
    ("com.biffweb", "biff", 8080), ("duct/", "duct", 3000), ("org.immutant/web", "immutant", 8080),
    ("compojure-api", "compojure", 3000), ("compojure", "compojure", 3000),
    ("macchiato", "macchiato", 3000), ("coast-framework", "coast", 1337), ("reitit", "reitit", 3000),
    ("bidi", "bidi", 3000), ("yada", "yada", 3000), ("liberator", "liberator", 3000),
    ("http-kit", "http-kit", 8090), ("aleph", "aleph", 8080), ("ring/ring", "ring", 3000),
    ("ring", "ring", 3000),
)  # fmt: skip
"""Part of a dependency → framework and its usual port; what others stand upon comes last."""
DATABASES = {
    "next.jdbc": "", "toucan": "", "monger": "mongodb", "carmine": "redis", "langohr": "rabbitmq",
    "cassaforte": "cassandra", "jackdaw": "kafka", "elastisch": "elasticsearch", "faraday": "dynamodb",
    "neocons": "neo4j",
}  # fmt: skip

_DEP = re.compile(r"\[\s*([\w.*+!?<>=/-]+)\s+\"[^\"]*\"")
_EDN = re.compile(
    r"(?<![\w.*+!?-])([A-Za-z][\w.*+!?-]*/[\w.*+!?-]+)\s+\{[^{}]*:(?:mvn/version|git/url|git/sha|git/tag|local/root|sha)"
)
_PORT = re.compile(
    r":(?:http-)?port\s+(\d{2,5})|(?:getenv\s+\"PORT\"\)|env\s+:port\)?)[^\n]{0,60}?(\d{4,5})|run-server\s+\S+\s+\{[^}]{0,200}:port\s+(\d+)"
)


def detect(tree: Tree) -> Candidate | None:
    """A program in Clojure, or None."""
    files = [
        file
        for file in tree.named(*BUILDS[:3], depth=2)
        if not re.search(r"(?:^|/)(?:tests?|examples?)/", file)
    ]
    if not files:
        return _loose(tree)
    depth = files[0].count("/")
    file = min(
        (path for path in files if path.count("/") == depth),
        key=lambda path: BUILDS.index(path.rpartition("/")[2]),
    )
    root = file[: file.rfind("/") + 1]
    module = Module("clojure", file, root)
    text = COMMENT.sub(lambda match: match[1] or "", tree.text(file))
    found = Candidate("script", "clojure", 0.93)
    tool = {"project.clj": "leiningen", "deps.edn": "clojure", "build.boot": "boot"}[file[len(root) :]]
    claim(found, file, f"a project for {tool}", language="clojure", package_manager=tool)
    _dependencies(found, tree, module, text)
    sources = [
        path for path in tree.ending(".clj", ".cljc") if path.startswith(root) and "/test/" not in "/" + path
    ]
    _framework(found, tree, file, text, sources)
    if depth:
        found.confidence = 0.8 if depth == 1 else 0.76
    need_databases(found, tree, module)
    _version(found, tree, module)
    if tool == "leiningen":
        leiningen(found, tree, file, root, text, sources)
    else:
        tools(found, tree, file, root, text, sources, tool)
    return found


def _dependencies(found: Candidate, tree: Tree, module: Module, text: str) -> None:
    profiles = text.find(":profiles")
    aliases = text.find(":aliases")
    end = min((at for at in (profiles, aliases) if at > 0), default=len(text))
    for pattern in (_DEP, _EDN):
        for match in pattern.finditer(text):
            group, _, name = match[1].rpartition("/")
            scope = "main" if match.start() < end else "dev"
            line = tree.line_of(module.file, match[1]) or 1
            module.artifacts.append(Artifact(group or name, name, scope, module.file, line))
            if scope == "main":
                found.dependencies.setdefault(match[1].lower(), (module.file, line))
    for name, (file, line) in found.dependencies.items():
        engine = next((engine for part, engine in DATABASES.items() if engine and part in name), "")
        if engine:
            found.need(engine, "required", file, f"depends on {name}", line)


def _framework(found: Candidate, tree: Tree, file: str, text: str, sources: list[str]) -> None:
    for part, framework, port in FRAMEWORKS:
        name = next((name for name in found.dependencies if part in name and "ring-mock" not in name), "")
        if name:
            found.confidence = 0.97
            line = found.dependencies[name][1]
            claim(found, file, f"depends on {name}", line, kind="web", framework=framework)
            _listens(found, tree, file, port, sources)
            return
    if HANDLER.search(text) or "lein-ring" in text:
        found.confidence = 0.97
        claim(
            found, file, "names a handler for Ring", tree.line_of(file, ":ring"), kind="web", framework="ring"
        )
        _listens(found, tree, file, 3000, sources)
        return
    server = next(
        ((path, line) for path in sources[:60] if (line := tree.line_of(path, "ServerSocket"))), None
    )
    if server:
        claim(found, server[0], "opens a server", server[1], kind="web")
    else:
        claim(found, file, "without a web framework", kind="script")


def _listens(found: Candidate, tree: Tree, file: str, port: int, sources: list[str]) -> None:
    for path in sources[:60]:
        if match := tree.search(path, _PORT):
            claim(
                found,
                path,
                "the port it names",
                match[1],
                port=int(next(group for group in match[0].groups() if group)),
            )
            break
    else:
        claim(found, file, f"the usual port of {found.framework}", port=port)
    if route := health_route(tree, sources):
        claim(found, route[1], "a route for it", route[2], health_path=route[0])


def _version(found: Candidate, tree: Tree, module: Module) -> None:
    for name, (file, line) in found.dependencies.items():
        if name == "org.clojure/clojure":
            lines = tree.text(file).split("\n")
            match = re.search(r"\"(\d+\.\d+[\w.-]*)\"", "\n".join(lines[(line or 1) - 1 : (line or 1) + 1]))
            if match:
                claim(found, file, "the version of Clojure", line, language_version=match[1])
    java = java_version(tree, module)
    if java and (ended := end_of_life("java", java[0])):
        found.find(
            "end-of-life", "warning", java[1], f"Java {java[0]} is no longer mended since {ended}.", java[2]
        )


def _loose(tree: Tree) -> Candidate | None:
    """Scripts for Babashka or Clojure's own command line."""
    for file in (*tree.ending(".bb", depth=0), *tree.ending(".clj", depth=0)):
        babashka = (
            file.endswith(".bb")
            or re.match(r"#!.*\b(?:bb|babashka)\b", tree.text(file)) is not None
            or "bb.edn" in tree
        )
        found = Candidate("script", "clojure", 0.6)
        claim(found, file, "a script in Clojure", kind="script", language="clojure")
        claim(
            found, file, "runs the script", start_command=f"bb {file}" if babashka else f"clojure -M {file}"
        )
        return found
    return None
