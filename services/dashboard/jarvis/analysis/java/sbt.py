"""The builds of Scala: sbt, Mill, and sources with directives for Scala's own command line."""

import re
from dataclasses import dataclass

from jarvis.analysis.java.gradle import plain
from jarvis.analysis.java.module import Artifact, Module
from jarvis.analysis.tree import Tree

_DEP = re.compile(
    r"\"([\w.-]+)\"\s*%%?%?\s*\"([\w.-]+)\"\s*%\s*(?:\"[^\"]*\"|[\w.]+)(?:\s*%\s*(?:\"(\w+)[^\"]*\"|(\w+)))?"
)
_IVY = re.compile(
    r"(?:ivy|mvn)\"([\w.-]+)::?:?([\w.-]+)[:\"]|using\s+(?:dep|lib|deps)\s+\"?([\w.-]+)::?([\w.-]+):"
)
_NAME = re.compile(r"^[ \t]*(?:ThisBuild\s*/\s*)?name\s*:=\s*\"([^\"]+)\"", re.MULTILINE)
_SETTING = re.compile(r"\bname\s*:=\s*\"([^\"]+)\"")
_SCALA = re.compile(r"\bscalaVersion\s*(?::=|=)\s*\"([\d.]+[\w.-]*)\"|using\s+scala\s+\"?([\d.]+)")
_VALUE = re.compile(r"\bval\s+\w*[sS]cala\w*\s*=\s*\"(\d+\.\d+[\d.]*)\"")
_PROJECT = re.compile(
    r"lazy\s+val\s+(`?[\w-]+`?)\s*(?::\s*Project\s*)?=\s*\(?\s*(?:project|Project\()"
    r"(?:\s+in\s+|\s*\.in\s*\(|\s*\)?\s*\.?\s*in\s*\()?\s*(?:file\(\s*\"([^\"]*)\")?"
)
_PLUGIN = re.compile(
    r"\b(PlayScala|PlayJava|PlayService|PlayMinimalJava|JavaAppPackaging|JavaServerAppPackaging|DockerPlugin"
    r"|AssemblyPlugin|SbtTwirl|AkkaGrpcPlugin|JettyPlugin|TomcatPlugin|ScalaJSPlugin|SbtWar|WarPlugin)\b"
)
_MAIN = re.compile(r"mainClass\b[^\n]*?Some\(\s*\"([\w.]+)\"|def\s+mainClass\s*=\s*Some\(\s*\"([\w.]+)\"")
_JAR = re.compile(r"(?:assemblyJarName|jarName)[^\n]*?:=\s*s?\"([^\"$]+)\"")
_SCOPES = {"test": "test", "it": "test", "integrationtest": "test", "provided": "provided"}
_OBJECT = re.compile(
    r"^object\s+(`?[\w.-]+`?)\s+extends\s+(?:[\w.]*(?:ScalaModule|SbtModule|PlayModule|RootModule|PlayApiModule))",
    re.MULTILINE,
)


@dataclass(slots=True)
class Build:
    """A build and what it is told to do.

    Attributes:
        tool: `sbt`, `mill`, `scala-cli`.
        module: What it depends on, as for Maven and Gradle.
        version: Of Scala, with file and line.
        build: The command that makes what is started.
        start: The command that starts it.
        main: The main class, where it is named.
    """

    tool: str
    module: Module
    build: str
    start: str
    main: str = ""
    version: tuple[str, str, int] | None = None


def sbt(tree: Tree) -> Build | None:
    """The sbt build at the top or up to two folders below."""
    file = next(iter(tree.named("build.sbt", depth=2)), "")
    root = file[: file.rfind("/") + 1]
    if (
        not file
        and "project/build.properties" in tree
        and "sbt.version" in tree.text("project/build.properties")
    ):
        file = next(iter(tree.named("Build.scala", "build.properties")), "")
    if not file:
        return None
    module = Module("sbt", file, root)
    plugins = "".join(
        plain(tree.text(path)) for path in tree.ending(".sbt") if path.startswith(root + "project/")
    )
    _read(module, tree, file)
    for other in tree.ending(".scala"):
        if other.startswith(root + "project/") and not other.startswith(root + "project/target/"):
            _read(module, tree, other)
    text = plain(tree.text(file).replace('"""', '"'))
    for match in _PLUGIN.finditer(text):
        module.plugins.setdefault(match[1], text.count("\n", 0, match.start()) + 1)
    if found := _MAIN.search(text):
        module.main = found[1] or found[2]
    projects = _projects(tree, root, text)
    name = _NAME.search(text) or _SETTING.search(text)
    module.name = name[1] if name else ""
    inner = f"cd {root.rstrip('/')} && " if root else ""
    found = Build("sbt", module, "", "", module.main, _scala(tree, file, root))
    _commands(found, plugins + text, projects, inner)
    return found


def _read(module: Module, tree: Tree, file: str) -> None:
    """Note every dependency of the file."""
    text = plain(tree.text(file))
    for match in _DEP.finditer(text):
        scope = (match[3] or match[4] or "").lower()
        kind = _SCOPES.get(scope, "main")
        line = text.count("\n", 0, match.start()) + 1
        module.artifacts.append(Artifact(match[1], match[2], kind, file, line))


def _projects(tree: Tree, root: str, text: str) -> list[tuple[str, str, str]]:
    """Projects below the top, by id, folder and name, the one that holds a program first."""
    known: list[tuple[str, str, str]] = []
    matches = list(_PROJECT.finditer(text))
    ends = [item.start() for item in matches[1:]] + [len(text)]
    for match, end in zip(matches, ends, strict=False):
        given = match[1].strip("`")
        folder = (match[2] if match[2] is not None else given).strip("./")
        own = _SETTING.search(text, match.end(), end)
        if folder:
            known.append((given, f"{root}{folder}/", own[1] if own else given))
    if any(path.startswith((root + "src/main/", root + "app/")) for path in tree.files):
        return []
    return sorted(known, key=lambda item: not re.search(r"server|app|api|web|backend|service|main", item[0]))


def _commands(found: Build, text: str, projects: list[tuple[str, str, str]], inner: str) -> None:
    root = found.module.folder
    project, folder, named = projects[0] if projects else ("", root, found.module.name)
    task = f"{project}/" if project else ""
    # The name of an artifact is the project's name in lower case, with dashes for what is not a letter.
    name = re.sub(r"\W+", "-", named.lower()).strip("-")
    packs = found.module.plugin(
        "PlayScala", "PlayJava", "PlayService", "JavaAppPackaging", "JavaServerAppPackaging", "DockerPlugin"
    )
    if packs or "sbt-native-packager" in text or "sbt-start-script" in text or '"sbt-plugin"' in text:
        program = f"{folder}target/universal/stage/bin/{name}"
        found.build = f"{inner}sbt {task}stage"
        found.start = (
            program if name else f"$(ls {folder}target/universal/stage/bin/* | grep -v '[.]bat' | head -n 1)"
        )
    elif "sbt-assembly" in text or found.module.plugin("AssemblyPlugin"):
        found.build = f"{inner}sbt {task}assembly"
        jar = _JAR.search(text)
        found.start = (
            f"java -jar {folder}target/scala-*/{jar[1] if jar else (name or '*') + '-assembly-*.jar'}"
        )
    elif "sbt-pack" in text:
        found.build = f"{inner}sbt {task}pack"
        found.start = f"{folder}target/pack/bin/{name or 'main'}"
    else:
        found.build = f"{inner}sbt {task}compile"
        found.start = f"{inner}sbt {task}run"


def _scala(tree: Tree, file: str, root: str) -> tuple[str, str, int] | None:
    for path in (file, *(path for path in tree.ending(".scala") if path.startswith(root + "project/"))):
        for pattern in (_SCALA, _VALUE):
            if match := tree.search(path, pattern):
                return next(group for group in match[0].groups() if group), path, match[1]
    return None


def mill(tree: Tree) -> Build | None:
    """The Mill build at the top."""
    file = tree.first("build.mill", "build.mill.scala", "build.sc")
    if not file:
        return None
    module = Module("mill", file, "")
    text = plain(tree.text(file))
    for match in _IVY.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        before = text[: match.start()]
        tested = before.rfind("object test") > max(
            before.rfind("extends ScalaModule"), before.rfind("extends SbtModule")
        )
        module.artifacts.append(Artifact(match[1], match[2], "test" if tested else "main", file, line))
    if "PlayModule" in text:
        module.plugins["PlayScala"] = text.count("\n", 0, text.find("PlayModule")) + 1
    main = _MAIN.search(text)
    objects = _OBJECT.findall(text)
    name = objects[0].strip("`") if objects else ""
    task = f"{name}." if name and name != "package" else ""
    place = f"out/{name}/assembly.dest/out.jar" if task else "out/assembly.dest/out.jar"
    wrapper = (
        "./mill" if "mill" in tree and tree.modes["mill"] & 0o100 else "sh mill" if "mill" in tree else "mill"
    )
    return Build(
        "mill",
        module,
        f"{wrapper} {task}assembly",
        f"java -jar {place}",
        (main[1] or main[2]) if main else "",
        _scala(tree, file, ""),
    )


def scala_cli(tree: Tree) -> Build | None:
    """Sources at the top that need no build file."""
    files = [*tree.ending(".scala", ".sc", depth=0)]
    named = [file for file in files if "//> using" in tree.text(file)]
    if not files or (not named and tree.first("pom.xml", "build.gradle", "build.gradle.kts", "build.sbt")):
        return None
    file = tree.first("project.scala") or (named or files)[0]
    module = Module("scala-cli", file, "")
    for other in named:
        text = tree.text(other)
        for match in _IVY.finditer(text):
            line = text.count("\n", 0, match.start()) + 1
            module.artifacts.append(Artifact(match[3] or match[1], match[4] or match[2], "main", other, line))
    return Build(
        "scala-cli",
        module,
        "scala-cli --power package . --assembly -f -o app.jar",
        "java -jar app.jar",
        "main",
        _scala(tree, file, ""),
    )
