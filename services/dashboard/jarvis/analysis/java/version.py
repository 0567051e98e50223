"""Which Java a project asks for."""

import re

from jarvis.analysis.java.module import Module
from jarvis.analysis.toolchain import pinned
from jarvis.analysis.tree import Tree

_FILES = (
    (
        "system.properties",
        re.compile(r"^[ \t]*java\.runtime\.version\s*[=:]\D{0,40}?(\d[\w.+-]*)", re.MULTILINE),
    ),
    (".java-version", re.compile(r"\A[^\d\n]{0,60}(\d[\w.+-]*)")),
    (".sdkmanrc", re.compile(r"^[ \t]*java\s*=\s*(\d+(?:\.\d+)*)", re.MULTILINE)),
    ("project.toml", re.compile(r"BP_JVM_VERSION[\"'\s\w=]*?[\"'](\d[\d.]*)")),
    ("manifest.yml", re.compile(r"jre:\s*\{\s*version:\s*(\d+)")),
)


def java_version(tree: Tree, module: Module) -> tuple[str, str, int] | None:
    """The version, the file and the line: what is pinned comes before what is compiled for."""
    for file, pattern in _FILES:
        if match := tree.search(file, pattern):
            return match[0][1], file, match[1]
    if known := pinned(tree, "java", "openjdk"):
        number = re.search(r"\d+(?:\.\d+)*", known[0])
        if number:
            return number[0], known[1], known[2]
    return module.java
