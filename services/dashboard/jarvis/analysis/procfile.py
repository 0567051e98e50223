"""The processes that a Procfile names."""

import re

from jarvis.analysis.tree import Tree

NAME = "Procfile"

_LINE = re.compile(r"([A-Za-z0-9_-]+):[ \t]*+(\S.*)")


def processes(tree: Tree) -> dict[str, tuple[str, int]]:
    """Each process of the Procfile at the top: its name → (command, line). Empty without one.

    A line is a name, a colon and a command that may hold colons itself; it is not YAML. The first of two
    equal names counts, and lines that are neither (comments, prose) are passed over.
    """
    found: dict[str, tuple[str, int]] = {}
    if NAME not in tree:
        return found
    for number, line in tree.lines(NAME):
        if match := _LINE.fullmatch(line.rstrip(" \t\r")):
            found.setdefault(match[1], (match[2], number))
    return found
