"""Python: from one script to Django."""

from jarvis.analysis.candidate import Candidate
from jarvis.analysis.python.describe import describe
from jarvis.analysis.tree import Tree


def detect(tree: Tree) -> Candidate | None:
    """What the folder is as a Python project; one that lies a level or two down counts less."""
    return describe(tree)
