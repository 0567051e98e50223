"""Gradle's build files, in Groovy and in Kotlin."""

import re
from typing import Any

from jarvis.analysis.java.module import Artifact, Module, is_list
from jarvis.analysis.shape import listing, mapping
from jarvis.analysis.tree import Tree

BUILDS = ("build.gradle", "build.gradle.kts")
SETTINGS = ("settings.gradle", "settings.gradle.kts")
CATALOG = "gradle/libs.versions.toml"

_COMMENT = re.compile(r"(\"(?:\\.|[^\"\\\n])*\"?|'(?:\\.|[^'\\\n])*'?)|//[^\n]*|/\*.*?(?:\*/|\Z)", re.DOTALL)
_WORD = re.compile(r"^[ \t]*[\"']?([A-Za-z_]\w*)[\"']?\s*(?=[\s(\"'])")
_CONFIGURATION = re.compile(
    r"(?:\w{0,60}(?:[iI]mplementation|[cC]ompile(?:Only)?|[rR]untime(?:Only)?|[aA]pi|[pP]rovided\w*)|developmentOnly"
    r"|annotationProcessor|kapt|ksp|classpath|invoker|providedRuntime|dependency|mavenBom|shadow|war|modules?)$"
)
_COORDINATES = re.compile(r"[\"']([A-Za-z][\w.-]*):([A-Za-z][\w.-]*)(?::[^\"'\n]*)?[\"']")
_MAP = re.compile(r"group\s*[:=]\s*[\"']([\w.-]+)[\"']\s*,\s*name\s*[:=]\s*[\"']([\w.-]+)[\"']")
_ALIAS = re.compile(r"\blibs\.(bundles\.|plugins\.)?([A-Za-z][\w.]*)")
_PLUGIN = re.compile(
    r"\bid\s*\(?\s*[\"']([\w.-]+)[\"']\)?([^\n]*)|apply\s*\(?\s*plugin\s*[:=]\s*[\"']([\w.-]+)[\"']"
    r"|\bkotlin\(\s*[\"'](jvm|multiplatform|plugin\.[\w.]+)[\"']\s*\)([^\n]*)|\balias\(\s*libs\.plugins\.([\w.]+)\s*\)([^\n]*)"
    r"|^[ \t]*(?:`([\w-]+)`|(application|java|war|ear|scala|groovy))\s*$",
    re.MULTILINE,
)
_MAIN = re.compile(
    r"(?:mainClassName|mainClass|mainVerticle|mainVerticleName|['\"]?Main-Class['\"]?|startScripts\.main\w*)"
    r"(?:\.set)?\s*(?:=|:|\(|\bto\b|\s)\s*\(?\s*[\"']([\w.$]+)[\"']"
)
_VERSION = re.compile(r"^[ \t]*(?:project\.)?version\s*=?\s*[\"']([^\"'$]+)[\"']", re.MULTILINE)
_JAVA = re.compile(
    r"(?:JavaLanguageVersion\.of\(|jvmToolchain\s*[({]\s*|options\.release(?:\.set\(|\s*=)\s*|"
    r"(?:source|target)Compatibility\s*=?\s*\(?\s*(?:JavaVersion\.(?:VERSION_|toVersion\()|)[\"']?|jvmTarget\s*=\s*[\"'])(\d[\d._]*)"
)
_NAMED = re.compile(r"rootProject\.name\s*=\s*[\"']([^\"'$]+)[\"']")
_INCLUDE = re.compile(r"\binclude(?:\s+|\s*\()((?:\s*[\"'][\w:./-]+[\"']\s*,?)+)")
_QUOTED = re.compile(r"[\"']([\w:./-]+)[\"']")
_BASE = re.compile(
    r"(?:archivesBaseName|archivesName|archiveBaseName|baseName)(?:\.set\(|\s*=)\s*[\"']([^\"'$]+)[\"']"
)
_FILE = re.compile(r"(?:archiveFileName|archiveName)(?:\.set\(|\s*=)\s*[\"']([^\"'$]+)\.[jw]ar[\"']")
_BELOW = re.compile(r"^[ \t]*(?:subprojects|allprojects)\s*\{", re.MULTILINE)


def plain(text: str) -> str:
    """The text without its comments; lines stay where they are."""
    return _COMMENT.sub(lambda match: match[1] or "\n" * match[0].count("\n"), text)


def read(tree: Tree, file: str) -> Module:
    """What the file at `file` says."""
    folder = file[: file.rfind("/") + 1]
    text = plain(tree.text(file))
    found = Module("gradle", file, folder, text=text)
    catalog = tree.toml(folder + CATALOG) or tree.toml(CATALOG)
    _plugins(found, text, catalog)
    _artifacts(found, text, catalog)
    if match := _MAIN.search(text):
        found.main, found.main_line = match[1], _line(text, match)
    if match := _JAVA.search(text):
        found.java = (match[1].replace("_", ".").strip("."), file, _line(text, match))
    settings = tree.first(*(folder + name for name in SETTINGS))
    _settings(found, folder, plain(tree.text(settings)))
    found.packaging = "war" if found.plugin("war", "org.gretty") else "jar"
    properties = re.search(r"^version\s*=\s*(\S+)", tree.text(folder + "gradle.properties"), re.MULTILINE)
    version = _VERSION.search(text)
    found.version = version[1] if version else properties[1] if properties else ""
    if not found.name and folder:
        found.name = folder.rstrip("/").rpartition("/")[2]
    base = _BASE.search(text)
    whole = _FILE.search(text)
    name = base[1] if base else found.name
    unclear = (
        not version and not properties and re.search(r"^[ \t]*(?:project\.)?version\b", text, re.MULTILINE)
    )
    if whole:
        found.final = whole[1]
    elif name and not unclear:
        found.final = f"{name}-{found.version}" if found.version else name
    return found


def _line(text: str, match: re.Match[str]) -> int:
    return text.count("\n", 0, match.start()) + 1


def _settings(found: Module, folder: str, text: str) -> None:
    if match := _NAMED.search(text):
        found.name = match[1]
    for match in _INCLUDE.finditer(text):
        found.modules += [
            folder + item.strip(":").replace(":", "/") + "/" for item in _QUOTED.findall(match[1])
        ]


def _plugins(found: Module, text: str, catalog: dict[str, Any]) -> None:
    for match in _PLUGIN.finditer(text):
        rest = match[2] or match[5] or match[7] or ""
        if "apply false" in rest or "apply(false)" in rest:
            continue
        name = match[1] or match[3] or match[8] or match[9] or ""
        if match[4]:
            name = f"org.jetbrains.kotlin.{match[4]}"
        if match[6]:
            name = next(iter(_alias(catalog, "plugins", match[6])), "")
        if name:
            found.plugins.setdefault(name, _line(text, match))


def _artifacts(found: Module, text: str, catalog: dict[str, Any]) -> None:
    """Every coordinate, in the configuration that the nearest word before it names."""
    scope = ""
    for number, line in enumerate(text.split("\n"), 1):
        if word := _WORD.match(line):
            scope = _scope(word[1])
        if not scope:
            continue
        pairs = [(match[1], match[2]) for match in _COORDINATES.finditer(line)]
        pairs += [(match[1], match[2]) for match in _MAP.finditer(line)]
        for match in _ALIAS.finditer(line):
            table = "bundles" if match[1] == "bundles." else "libraries"
            for full in _alias(catalog, table, match[2]) if match[1] != "plugins." else ():
                pairs.append((full.partition(":")[0], full.partition(":")[2]))
        found.artifacts += [
            Artifact(group, name, "managed" if is_list(name) else scope, found.file, number)
            for group, name in pairs
        ]


def _scope(word: str) -> str:
    """The scope of a configuration; `managed` for those that bring nothing, empty for another word."""
    if word in (
        "annotationProcessor",
        "kapt",
        "ksp",
        "classpath",
        "dependency",
        "mavenBom",
        "module",
        "modules",
    ):
        return "managed"
    if word in ("platform", "enforcedPlatform", "group", "name", "version", "libs"):
        return "managed"  # a part of a coordinate on a line of its own
    if word == "developmentOnly":
        return "dev"
    if not _CONFIGURATION.match(word):
        return ""
    if "est" in word and re.search(r"[tT]est", word):
        return "test"
    return "provided" if word.startswith("provided") or word.lower().endswith("compileonly") else "main"


def _alias(catalog: dict[str, Any], table: str, alias: str) -> list[str]:
    """What an alias of the version catalog stands for: `group:name` of libraries, ids of plugins."""
    for key, row in mapping(catalog.get(table)).items():
        if re.sub(r"[-_]", ".", key).lower() != re.sub(r"\.get$", "", alias).lower():
            continue
        if table == "bundles":
            members = [str(item).replace("-", ".") for item in listing(row)]
            return [full for item in members for full in _alias(catalog, "libraries", item)]
        if isinstance(row, str):
            return [":".join(row.split(":")[: 1 if table == "plugins" else 2])]
        facts = mapping(row)
        return [str(facts.get("id") or facts.get("module") or f"{facts.get('group')}:{facts.get('name')}")]
    return []


def hands_down(module: Module) -> bool:
    """Does it give its dependencies and plugins to the projects below it?"""
    return _BELOW.search(module.text) is not None
