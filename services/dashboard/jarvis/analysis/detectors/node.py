"""JavaScript and TypeScript that run in Node or Bun, and pages that are built with them."""

from jarvis.analysis.candidate import Candidate
from jarvis.analysis.node import lone, package, root
from jarvis.analysis.node.manifest import NAMES, Manifest
from jarvis.analysis.node.values import mapping
from jarvis.analysis.tree import Tree


def detect(tree: Tree) -> Candidate | None:
    """The package at the top, or a program without one."""
    file = tree.first(*NAMES)
    if file == "package.yaml" and not mapping(tree.yaml(file).get("scripts")):
        file = ""  # Haskell has a manifest of this name, too
    if not file:
        return lone.describe(tree)
    manifest = Manifest(tree, file)
    return root.describe(tree, manifest) or package.describe(tree, manifest)
