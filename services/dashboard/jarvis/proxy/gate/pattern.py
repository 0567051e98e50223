"""Patterns of paths: `*` is anything, `:name` one part between slashes. They are matched in linear time."""

import re

PLACEHOLDER = re.compile(r":([A-Za-z]\w*)", re.ASCII)


def wrong(pattern: str) -> str:
    """Why it is no pattern, as the end of a sentence; empty when it is one."""
    if not pattern.startswith("/") or pattern.startswith("//"):
        return "a path begins with one slash"
    if pattern.count("*") > 1:
        return "only one * can be in it"
    names = ["splat"] if "*" in pattern else []
    for part in pattern.split("/"):
        if ":" in part:
            found = PLACEHOLDER.fullmatch(part)
            if not found:
                return f"“{part}”: a placeholder is all that stands between two slashes"
            names.append(found[1])
    twice = next((name for name in names if names.count(name) > 1), "")
    return f"“:{twice}” is in it twice" if twice else ""


def is_plain(pattern: str) -> bool:
    """Does it mean one path only?"""
    return "*" not in pattern and ":" not in pattern


def compiled(pattern: str) -> re.Pattern[str]:
    """The regular expression for a pattern in which nothing is wrong.

    A last `/*` is also true for the path without the slash.
    """
    whole, _, rest = pattern.partition("*")
    end = ""
    if "*" in pattern:
        end = "(?P<splat>.*)" + _parts(rest)
        if not rest and whole.endswith("/") and whole != "/":
            whole, end = whole[:-1], f"(?:/{end})?"
    return re.compile(_parts(whole) + end, re.DOTALL)


def _parts(text: str) -> str:
    return "/".join(
        f"(?P<{found[1]}>[^/]+)" if (found := PLACEHOLDER.fullmatch(part)) else re.escape(part)
        for part in text.split("/")
    )


def names(pattern: str) -> set[str]:
    """What it takes out of a path."""
    return set(compiled(pattern).groupindex)
