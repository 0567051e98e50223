"""The version of Node that a project asks for."""

import re

from jarvis.analysis.node.config import Fact
from jarvis.analysis.node.manifest import Manifest
from jarvis.analysis.node.values import dig, text
from jarvis.analysis.toolchain import pinned
from jarvis.analysis.tree import Tree

FILES = (".nvmrc", ".node-version", ".n-node-version", ".naverc")

_VERSION = re.compile(
    r"v?\d|[<>=^~]|\*|lts|node|stable|latest|current|argon|boron|carbon|dubnium|erbium|fermium|gallium|hydrogen"
    r"|iron|jod|krypton"
)


def stated(tree: Tree, manifest: Manifest | None) -> Fact | None:
    """The version as it is written, files that name just one first; None when nothing says."""
    for file in FILES:
        for number, line in tree.lines(file):
            word = line.partition("#")[0].strip()
            if _VERSION.match(word):
                return Fact(word.removeprefix("v"), file, "The file names it.", number)
    if manifest and (named := text(dig(manifest.data, "volta", "node"))):
        return Fact(named, manifest.file, "volta pins it.", manifest.line("volta", "node"))
    if found := pinned(tree, "nodejs", "node"):
        return Fact(found[0], found[1], "The file pins it.", found[2])
    if manifest is None:
        return None
    if named := text(dig(manifest.data, "engines", "node")):
        return Fact(named, manifest.file, "engines asks for it.", manifest.line("engines", "node"))
    if text(dig(manifest.data, "devEngines", "runtime", "name")) == "node" and (
        named := text(dig(manifest.data, "devEngines", "runtime", "version"))
    ):
        return Fact(named, manifest.file, "devEngines asks for it.", manifest.line("devEngines", "runtime"))
    return None


def is_bounded(version: str) -> bool:
    """Does the range end? One without an end is answered with a newer version."""
    return not re.search(r">=?(?![^|]*<)|\*|latest|current|^lts(?:/\*)?$|^node$|^stable$", version)
