"""The manifests of a Go project: its name, version and what it requires, whatever tool it was written for."""

import re
from dataclasses import dataclass, field

from jarvis.analysis.toolchain import pinned
from jarvis.analysis.tree import Tree

MANAGERS = {
    "Gopkg.toml": "dep", "Gopkg.lock": "dep", "glide.yaml": "glide", "Godeps/Godeps.json": "godep",
    "vendor/vendor.json": "govendor", "vendor/manifest": "gvt", "vendor.conf": "vndr",
}  # fmt: skip
"""Manifests of the tools before modules."""

_REQUIRE = re.compile(
    r"^[ \t]*(?:require\s+)?([\w.~-]+(?:/[\w.~@-]+)+|[\w-]+\.[\w.-]+)\s+v\S+\s*(//\s*indirect)?"
)
_STATED = re.compile(r"^(go|toolchain)\s+(?:go)?(\d[\w.]*)", re.MULTILINE)
_HEROKU = re.compile(r"^[ \t]*//\s*\+heroku\s+goVersion\s+(?:go)?(\d[\w.]*)", re.MULTILINE)
_MODULE = re.compile(r"^module\s+\"?([^\s\"]+)", re.MULTILINE)
_USE = re.compile(r"^[ \t]*(?:use\s+)?\"?(\.{1,2}(?:/[^\s\")]*)?)\"?\s*$", re.MULTILINE)
_TOOLS = (
    (".go-version", re.compile(r"^[ \t]*(?:go)?(\d[\w.]*)", re.MULTILINE)),
    ("Gopkg.toml", re.compile(r"go-version\s*=\s*[\"'](?:go)?(\d[\w.]*)")),
    ("Godeps/Godeps.json", re.compile(r"\"GoVersion\"\s*:\s*\"(?:go)?(\d[\w.]*)")),
    ("vendor/vendor.json", re.compile(r"\"goVersion\"\s*:\s*\"(?:go)?(\d[\w.]*)")),
)


@dataclass
class Module:
    """A go.mod, or what stands for one.

    Attributes:
        file: The manifest; empty without any.
        folder: Where it lies, empty for the top.
        name: The module's path; empty when unknown.
        requires: Direct requirement → (file, line).
    """

    file: str = ""
    folder: str = ""
    name: str = ""
    requires: dict[str, tuple[str, int | None]] = field(default_factory=dict[str, tuple[str, int | None]])


def elsewhere(path: str) -> bool:
    """Does a go.mod belong to somebody else's code, or to data of a test?"""
    folders = path.split("/")[:-1]
    return any(name in ("vendor", "testdata", "third_party") or name[0] in "._" for name in folders)


def module(tree: Tree, file: str) -> Module:
    """What the go.mod `file` says."""
    name = _MODULE.search(tree.text(file))
    found = Module(file, file.rpartition("/")[0], name[1] if name else "")
    block = "require"
    for number, line in tree.lines(file):
        words = line.split()
        if words[1:2] == ["("]:
            block = words[0]
        elif words[:1] == [")"]:
            block = "require"
        match = _REQUIRE.match(line)
        if (
            match
            and block == "require"
            and not match[2]
            and words[0] not in ("replace", "exclude", "retract")
        ):
            found.requires[match[1].lower()] = (file, number)
    return found


def members(tree: Tree) -> list[str]:
    """The go.mod files that the go.work at the top names, in its order."""
    folders = [match[1].strip("/").removeprefix("./") for match in _USE.finditer(tree.text("go.work"))]
    files = ["go.mod" if folder in ("", ".") else f"{folder}/go.mod" for folder in folders]
    return [file for file in dict.fromkeys(files) if file in tree]


def version(tree: Tree, manifest: str, main: str) -> tuple[str, str, int, bool] | None:
    """Go's version, the file and line that state it, and whether exactly that one is asked for."""
    for name, pattern in _TOOLS:
        if hit := tree.search(name, pattern):
            return hit[0][1], name, hit[1], True
    if found := pinned(tree, "go", "golang"):
        return *found, True
    for file in (manifest, main):
        if hit := tree.search(file, _HEROKU):
            return hit[0][1], file, hit[1], True
    for file in dict.fromkeys((manifest, "go.work")):
        stated = {match[1]: match for match in _STATED.finditer(tree.text(file))}
        best = stated.get("toolchain") or stated.get("go")
        if best is not None:
            line = tree.text(file).count("\n", 0, best.start()) + 1
            return best[2], file, line, best[1] == "toolchain"
    return None
