"""Versions that a project pins for a tool that installs languages: asdf and mise."""

import re

from jarvis.analysis.tree import Tree

_LONGEST = 300
"""Signs of a line that are looked at; a tool and its version need no more."""
_LINE = re.compile(r"^[ \t]*\"?([\w.:/-]+)\"?\s*(?:=\s*\[?\s*)?\s*[\"']?([\w.+-]+)")


def pinned(tree: Tree, *names: str) -> tuple[str, str, int] | None:
    """The version pinned for the first tool of `names`, the file that says so, and its line."""
    for file in (".tool-versions", "mise.toml", ".mise.toml", ".config/mise.toml"):
        if file not in tree:
            continue
        for line, text in tree.lines(file):
            match = _LINE.match(text[:_LONGEST])
            if match and match[1] in names and match[2] not in ("latest", "system"):
                return match[2], file, line
    return None
