"""Maven's build files."""

import re

from jarvis.analysis.java.module import Artifact, Module, is_list
from jarvis.analysis.markup import Element, parse
from jarvis.analysis.tree import Tree

POMS = ("pom.xml", "pom.atom", "pom.clj", "pom.groovy", "pom.rb", "pom.scala", "pom.yaml", "pom.yml")
"""Maven's own form and those of its polyglot extension."""
_SCOPES = {"test": "test", "provided": "provided", "system": "provided", "import": "managed"}
_PLACE = re.compile(r"\$\{([^{}]+)\}")
_COORDINATES = re.compile(r"(?<![\w.-])([A-Za-z][\w-]*(?:\.[\w-]+)+)[:/]([A-Za-z][\w.-]+)")
_PARENTS = 4


def read(tree: Tree, file: str) -> Module:
    """What the file at `file` says, with what it inherits from parents in the same tree."""
    folder = file[: file.rfind("/") + 1]
    found = Module("maven", file, folder, text=tree.text(file))
    if not file.endswith((".xml", ".atom")):
        for line, text in tree.lines(file):
            found.artifacts += [Artifact(m[1], m[2], "main", file, line) for m in _COORDINATES.finditer(text)]
        return found
    project = next(parse(tree.text(file)).each("project"), None)
    if project is None:
        return found
    chain = _chain(tree, file, project)
    values = _properties(chain)
    found.name = _fill(project.value("artifactId"), values)
    found.version = _fill(values.get("project.version", ""), values)
    found.packaging = _fill(project.value("packaging"), values) or "jar"
    final = _fill(project.value("build", "finalName") or f"{found.name}-{found.version}", values)
    found.final = final if found.name and found.version and "${" not in final else ""
    if project.value("build", "finalName") and "${" not in final:
        found.final = final
    values["project.build.finalName"] = found.final
    values["project.build.directory"], values["basedir"] = "target", "."
    for plugin in project.each("build", "plugins", "plugin"):
        _packed(found, plugin, values)
    places = [element.value() for element in project.each("modules", "module")]
    places += [
        element.value() for profile in _active(project) for element in profile.each("modules", "module")
    ]
    found.modules = [_join(folder, place) for place in places]
    for where, parent in chain:
        _inherit(found, where, parent, values)
    _main(found, project, values)
    return found


def _chain(tree: Tree, file: str, project: Element) -> list[tuple[str, Element]]:
    """The project and the parents of it that lie in the same tree, nearest first."""
    chain = [(file, project)]
    while len(chain) <= _PARENTS:
        here, element = chain[-1]
        parent = next(element.each("parent"), None)
        if parent is None:
            break
        place = parent.value("relativePath") or "../pom.xml"
        above = _join(here[: here.rfind("/") + 1], place).rstrip("/")
        above = above if above.endswith(".xml") else above + "/pom.xml"
        if above not in tree or any(above == known for known, _ in chain):
            break
        read_parent = next(parse(tree.text(above)).each("project"), None)
        if read_parent is None or read_parent.value("artifactId") != parent.value("artifactId"):
            break
        chain.append((above, read_parent))
    return chain


def _join(folder: str, place: str) -> str:
    """A folder, ending with a slash, from a place that is relative to `folder`."""
    parts: list[str] = []
    for part in f"{folder}{place}".split("/"):
        if part == "..":
            del parts[-1:]
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts) + "/" if parts else ""


def _properties(chain: list[tuple[str, Element]]) -> dict[str, str]:
    values: dict[str, str] = {}
    for _, project in chain:
        for holder in [project, *_active(project)]:
            for properties in holder.each("properties"):
                for item in properties.children:
                    values.setdefault(item.name, item.text.strip())
    first = chain[0][1]
    values["project.artifactId"] = values["artifactId"] = first.value("artifactId")
    values["project.parent.version"] = first.value("parent", "version")
    version = first.value("version") or first.value("parent", "version")
    values["project.version"] = values["version"] = version
    values["project.groupId"] = first.value("groupId") or first.value("parent", "groupId")
    return values


def _fill(text: str, values: dict[str, str]) -> str:
    """The text with `${…}` replaced where the value is known."""
    for _ in range(5):
        filled = _PLACE.sub(lambda match: values.get(match[1], match[0]), text)
        if filled == text or len(filled) > 500:
            break
        text = filled
    return text.strip()


def _active(project: Element) -> list[Element]:
    return [
        profile
        for profile in project.each("profiles", "profile")
        if profile.value("activation", "activeByDefault") == "true"
    ]


def _inherit(found: Module, file: str, project: Element, values: dict[str, str]) -> None:
    """Add what one pom of the chain gives: dependencies, plugins, its own parent, the language's version."""
    for holder in [project, *_active(project)]:
        for element in holder.each("dependencies", "dependency"):
            group, name = _fill(element.value("groupId"), values), _fill(element.value("artifactId"), values)
            scope = _SCOPES.get(_fill(element.value("scope"), values), "main")
            if is_list(name):
                scope = "managed"
            found.artifacts.append(Artifact(group, name, scope, file, element.line))
        for element in holder.each("build", "plugins", "plugin"):
            group = element.value("groupId") or "org.apache.maven.plugins"
            found.plugins.setdefault(
                f"{_fill(group, values)}:{_fill(element.value('artifactId'), values)}", element.line
            )
    for element in project.each("parent"):
        full = f"{element.value('groupId')}:{element.value('artifactId')}"
        found.plugins.setdefault(full, element.line)
    if found.java is None:
        found.java = _language_version(file, project, values)


def _language_version(file: str, project: Element, values: dict[str, str]) -> tuple[str, str, int] | None:
    for name in (
        "maven.compiler.release", "java.version", "maven.compiler.source", "maven.compiler.target",
        "jdk.version", "jvmTarget", "kotlin.compiler.jvmTarget",
    ):  # fmt: skip
        for element in project.each("properties", name):
            if (value := _fill(element.text, values)) and "${" not in value:
                return value, file, element.line
    for plugin in project.each("build", "plugins", "plugin"):
        for name in ("release", "source", "target"):
            for element in plugin.each("configuration", name):
                if re.fullmatch(r"[\d.]+", value := _fill(element.text, values)):
                    return value, file, element.line
    return None


def _packed(found: Module, plugin: Element, values: dict[str, str]) -> None:
    """What plugins call the file that holds the program with everything it depends on."""
    name = plugin.value("artifactId")
    texts = {item.name: _fill(item.text, values) for item in plugin.walk() if not item.children}
    final = texts.get("finalName") or found.final
    if name == "maven-shade-plugin":
        if texts.get("outputFile"):
            found.output = texts["outputFile"]
        elif texts.get("shadedArtifactAttached") == "true" and final:
            found.output = f"target/{final}-{texts.get('shadedClassifierName') or 'shaded'}.jar"
        elif texts.get("finalName"):
            found.output = f"target/{final}.jar"
    elif name == "maven-assembly-plugin" and texts.get("descriptorRef") == "jar-with-dependencies" and final:
        alone = texts.get("appendAssemblyId") == "false"
        found.output = f"target/{final}.jar" if alone else f"target/{final}-jar-with-dependencies.jar"
    elif name == "spring-boot-maven-plugin" and texts.get("classifier") and final:
        found.output = f"target/{final}-{texts['classifier']}.jar"
    elif name == "appassembler-maven-plugin" and (program := texts.get("id") or texts.get("name")):
        found.output = f"{texts.get('assembleDirectory') or 'target/appassembler'}/bin/{program}"
    elif name in ("maven-jar-plugin", "maven-war-plugin", "spring-boot-maven-plugin") and texts.get(
        "finalName"
    ):
        found.final = final
    if "${" in found.output:
        found.output = ""


def _main(found: Module, project: Element, values: dict[str, str]) -> None:
    """The class that the plugins start, or the property that names it."""
    for element in project.walk():
        if element.name in ("mainClass", "start-class", "exec.mainClass", "main.class", "Main-Class"):
            value = _fill(element.text, values)
            if re.fullmatch(r"[\w.$]+", value):
                found.main, found.main_line = value, element.line
                return
