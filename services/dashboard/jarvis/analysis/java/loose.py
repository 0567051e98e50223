"""Java and Kotlin without Maven or Gradle: Ant, JBang, and sources alone."""

import re

from jarvis.analysis.candidate import Candidate
from jarvis.analysis.claim import claim
from jarvis.analysis.health import health_route
from jarvis.analysis.java import sources
from jarvis.analysis.java.frameworks import framework
from jarvis.analysis.java.module import Artifact, Module
from jarvis.analysis.java.version import java_version
from jarvis.analysis.tree import Tree

_DEPS = re.compile(r"^//DEPS\s+(.+)$", re.MULTILINE)
_JAVAC = re.compile(r"<javac\b|<java\b|nbproject/build-impl")
_JAR = re.compile(r"<jar\b[^<>]*?(?:dest|jar)file\s*=\s*\"([^\"$]+)\"", re.DOTALL)


def loose(tree: Tree) -> Candidate | None:
    """A candidate for sources that no known build file goes with."""
    files = [file for file in sources.main_sources(tree) if file.endswith((".java", ".kt"))]
    entry = sources.entry(tree, files)
    ant = "build.xml" if _JAVAC.search(tree.text("build.xml")) else ""
    if entry is None or (not ant and len(files) < 0.3 * sum("." in file for file in tree.files)):
        return None
    name, shown = sources.language(files)
    found = Candidate("script", name, 0.9 if ant else 0.7 if "/" not in entry.file else 0.6)
    claim(found, shown, f"sources in {name}", language=name)
    _kind(found, tree, entry, files)
    if ant:
        claim(found, ant, "a build file of Ant", package_manager="ant", build_command="ant")
        if match := tree.search(ant, _JAR):
            claim(found, ant, "the archive it makes", match[1], start_command=f"java -jar {match[0][1]}")
    if not found.start_command:
        _commands(found, tree, entry, files, ant)
    if version := java_version(tree, Module("", entry.file, "")):
        claim(found, version[1], "states the version of Java", version[2], language_version=version[0])
    return found


def _kind(found: Candidate, tree: Tree, entry: sources.Entry, files: list[str]) -> None:
    module = Module("", entry.file, "")
    for match in _DEPS.finditer(tree.text(entry.file)):
        line = tree.line_of(entry.file, match[0]) or 1
        for word in match[1].split():
            group, _, rest = word.partition(":")
            module.artifacts.append(Artifact(group, rest.partition(":")[0], "main", entry.file, line))
            found.dependencies[":".join(word.split(":")[:2]).lower()] = (entry.file, line)
    row = framework(module)
    server = sources.serves(tree, files)
    if row:
        claim(found, row[1], row[3], row[2], kind=row[0].kind, framework=row[0].name)
    elif server:
        claim(found, server[0], "opens a server", server[1], kind="web")
    else:
        claim(found, entry.file, "has a main class and no server", entry.line, kind="script")
        return
    if place := sources.listens(tree, files):
        claim(found, place[1], "the sources name it", place[2], port=place[0])
    if route := health_route(tree, files):
        claim(found, route[1], "a route for it", route[2], health_path=route[0])


def _commands(found: Candidate, tree: Tree, entry: sources.Entry, files: list[str], ant: str) -> None:
    if found.dependencies:
        claim(found, entry.file, "its first lines are for JBang", entry.line, package_manager="jbang")
        claim(
            found,
            entry.file,
            "its first lines are for JBang",
            entry.line,
            start_command=f"jbang {entry.file}",
        )
        return
    if found.language == "kotlin":
        build = f"kotlinc {' '.join(files[:40])} -include-runtime -d app.jar"
        claim(found, entry.file, "compiled to one archive", build_command=build)
        claim(found, entry.file, "the archive is started", entry.line, start_command="java -jar app.jar")
        return
    jars = sorted({file.rpartition("/")[0] or "." for file in tree.ending(".jar")})
    path = ":".join(["build/classes" if ant else "out", *(f"{folder}/*" for folder in jars)])
    if len(files) == 1 and not jars and not ant:
        claim(found, entry.file, "a program in one file", entry.line, start_command=f"java {entry.file}")
        return
    if not ant:
        build = f"javac -d out -cp '{path}' $(find . -name '*.java')"
        claim(found, entry.file, "compiles the sources", build_command=build)
    claim(found, entry.file, "the main class", entry.line, start_command=f"java -cp '{path}' {entry.name}")
