"""A description of a place to develop in, when nothing else says what the folder is."""

from jarvis.analysis.candidate import Candidate
from jarvis.analysis.claim import claim
from jarvis.analysis.tree import Tree

FILES = (".devcontainer/devcontainer.json", ".devcontainer.json")


def detect(tree: Tree) -> Candidate | None:
    """Only settings: they say how to work on something, not how it runs."""
    file = tree.first(*FILES)
    if not file:
        return None
    found = Candidate("config-only", "none", 0.2)
    image = tree.json(file).get("image")
    why = (
        f"describes a place to develop in ({image})"
        if isinstance(image, str)
        else "describes a place to develop in"
    )
    claim(found, file, why[:120], kind="config-only")
    return found
