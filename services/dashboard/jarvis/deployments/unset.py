"""Which variable a program missed, by the last lines that it said."""

import re
from collections.abc import Iterable

from jarvis.errors import JarvisError

_KEY_ERROR = re.compile(r"KeyError: '([A-Z][A-Z0-9_]{2,})'")
_COMPLAINT = re.compile(
    r"\bnot (?:be )?(?:set|found|defined|provided)|\b(?:missing|required?|undefined|unset|must be)\b",
    re.IGNORECASE,
)
_VARIABLE = re.compile(r"\benv(?:ironment)?\b", re.IGNORECASE)
_ANY, _LONG = re.compile(r"\b[A-Z][A-Z0-9_]{2,}\b"), re.compile(r"\b[A-Z][A-Z0-9]*_[A-Z0-9_]+\b")
"""A name; and one that can hardly be another word."""


def variable(lines: Iterable[str]) -> str:
    """The variable that the lines miss, the last one first; empty when they miss none."""
    for line in reversed(list(lines)):
        if found := _KEY_ERROR.search(line):
            return found[1]
        name = _ANY if _VARIABLE.search(line) else _LONG
        if _COMPLAINT.search(line) and (named := name.search(line)):
            return named[0]
    return ""


def told(error: JarvisError, service: str) -> JarvisError:
    """The error with what to do, where its program missed a variable."""
    missed = variable(map(str, error.facts.get("output") or ()))
    if missed:
        error.hint = (
            f"It looks for {missed}: set it with jarvis env set {service} {missed}, then deploy again."
        )
        error.facts["missing"] = missed
    return error
