"""Which Python the project asks for, the most binding word first."""

import re

from jarvis.analysis.python.project import Project
from jarvis.analysis.python.values import strings, table, word
from jarvis.analysis.tree import Tree

_RUNTIME = re.compile(r"^[ \t]*(?:python-?|pypy[\d.]*-?)?v?(\d+(?:\.\d+)*(?:\.[x*])?)[ \t]*$", re.MULTILINE)
_TOOL = re.compile(r"^[ \t]*python\s+(\S+)", re.MULTILINE)
_APP_ENGINE = re.compile(r"^runtime:\s*[\"']?python(\d)(\d*)", re.MULTILINE)
_APP_ENGINE_VERSION = re.compile(
    r"^[ \t]*(?:runtime_version|python_version):\s*[\"']?(\d[\w.]*)", re.MULTILINE
)
_EXACT = re.compile(r"\s*(?:===?|~=|\^|~)?\s*(\d+)\.(\d+)(?:\.(?:\d+|\*|x))?\s*$")
_BELOW = re.compile(r"<\s*3(?:\.0)?\s*(?:,|$)|^[ \t]*2\s*$")


def stated(tree: Tree, project: Project) -> tuple[str, str, int | None] | None:
    """The version as the project states it, the file, and the line; None when it does not."""
    for path in (".python-version", "runtime.txt"):
        found = tree.search(path, _RUNTIME)
        if found:
            return found[0][1], path, tree.line_of(path, found[0][1])
    found = tree.search(".tool-versions", _TOOL)
    if found:
        return found[0][1], ".tool-versions", found[1]
    for path in ("mise.toml", ".mise.toml", ".config/mise.toml", "mise/config.toml"):
        if path in tree:
            asked = table(tree.toml(path), "tools").get("python")
            version = next(iter(strings(asked)), "") or word(asked) or word(table(asked).get("version"))
            if version:
                return version, path, tree.line_of(path, "python")
    for path, version in project.versions:
        if version and version != "*":
            return version, path, tree.line_of(path, version)
    for path in ("app.yaml", "app.yml"):
        found = tree.search(path, _APP_ENGINE_VERSION)
        if found and "python" in tree.text(path):
            return found[0][1], path, found[1]
        found = tree.search(path, _APP_ENGINE)
        if found and found[0][2]:
            return f"{found[0][1]}.{found[0][2]}", path, found[1]
    return None


def pinned(version: str) -> str:
    """Major and minor where only these will do, for example `3.6`; empty for an open range."""
    match = _EXACT.match(version)
    if match:
        if version.lstrip().startswith("^") and match[1] != "2":
            return ""  # ^3.6 accepts every later 3
        if version.lstrip().startswith("~=") and version.count(".") == 1:
            return ""
        return f"{match[1]}.{match[2]}"
    return "2.7" if _BELOW.search(version) else ""
