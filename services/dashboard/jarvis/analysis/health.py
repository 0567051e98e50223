"""A route that answers when the program is well, found in its sources."""

import re
from collections.abc import Iterable
from itertools import islice

from jarvis.analysis.tree import Tree

SOURCES = 80
"""Files that are searched at most; routes are declared near the entry point, which lies shallow."""

_ROUTE = re.compile(
    r"[\"'`](/(?:api/|api/v\d/|v\d/|q/|_/)?(?:health|healthz|healthcheck|health-check|livez|readyz|up|ping|alive)"
    r"(?:/(?:live|ready))?)[\"'`]"
)


def health_route(tree: Tree, files: Iterable[str]) -> tuple[str, str, int] | None:
    """The route, its file and its line; None when no route has such a name."""
    for file in islice(files, SOURCES):
        if match := tree.search(file, _ROUTE):
            return match[0][1], file, match[1]
    return None
