"""Settings read out of configuration files that are programs: no more than the plain words in them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from jarvis.analysis.tree import Tree

SCRIPTS = (".ts", ".js", ".mjs", ".mts", ".cjs", ".cts")
"""Endings of a configuration file, the commonest first."""

LARGE = 128 * 1024
"""A source or a configuration of this many bytes was made by a tool."""

_COMMENT = re.compile(
    r"""("(?:[^"\\\n]|\\.)*+"?|'(?:[^'\\\n]|\\.)*+'?|`(?:[^`\\]|\\.)*+`?)|/\*.*?(?:\*/|\Z)|(?<![:\\])//[^\n]*""",
    re.DOTALL,
)
"""Texts, which are kept, and comments. Each may end with its line or the file, so no search goes back."""
_PATH = (
    r"""(?P<call>[\w.$]*(?:resolve|join|normalize)\(\s*(?:[\w.$]+(?:\([^()]*\))?\s*,\s*)?"""
    r"""|fileURLToPath\(\s*new URL\(\s*)?"""
    r"""(["'`])(?P<value>[^"'`\n$]*)\2(?P<more>(?:\s*,\s*["'`][^"'`\n$]*["'`])*)"""
)


@dataclass(frozen=True, slots=True)
class Fact:
    """One value that was found, and where."""

    value: str
    file: str
    why: str
    line: int | None = None


def files(tree: Tree, *stems: str) -> list[str]:
    """The configuration files at the top that are called one of `stems` and end as programs do."""
    return [path for stem in stems for ending in SCRIPTS if (path := stem + ending) in tree]


def plain(tree: Tree, file: str) -> str:
    """The file with its comments blanked; lines keep their numbers."""
    return _COMMENT.sub(lambda match: match[1] or "\n" * match[0].count("\n"), tree.text(file))


def look(tree: Tree, places: Iterable[str], pattern: str, why: str, value: str | None = None) -> Fact | None:
    """The first match of `pattern` in one of the files, comments left out.

    Args:
        tree: Where the files are.
        places: The files, the most telling first.
        pattern: A regular expression; its group `value` becomes the value of the fact.
        why: What the match means.
        value: The value instead of the group.
    """
    known = re.compile(pattern)
    for file in places:
        if match := search(tree, file, known):
            line = match.string.count("\n", 0, match.start()) + 1
            return Fact(match["value"] if value is None else value, file, why, line)
    return None


def search(tree: Tree, file: str, known: re.Pattern[str], after: str = "") -> re.Match[str] | None:
    """The first match in a file, comments left out; rather one that follows the word `after`.

    Comments are only taken out where there is a match at all, which is seldom.
    """
    if tree.sizes.get(file, LARGE) >= LARGE or not known.search(tree.text(file)):
        return None
    body = plain(tree, file)
    return (known.search(body, max(body.find(after), 0)) if after else None) or known.search(body)


def setting(tree: Tree, places: Iterable[str], key: str, why: str) -> Fact | None:
    """A text or a path that is given for `key`, as in `outDir: path.resolve(__dirname, "x")`."""
    known = re.compile(rf"\b{key}[\"']?\s*[:=]\s*" + _PATH)
    for file in places:
        if (match := search(tree, file, known)) and match["value"]:
            more = re.findall(r"[\"'`]([^\"'`]*)[\"'`]", match["more"]) if match["call"] else []
            line = match.string.count("\n", 0, match.start()) + 1
            return Fact("/".join([match["value"], *more]), file, why, line)
    return None
