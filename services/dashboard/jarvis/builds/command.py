"""Command lines that a project brought along: to words where that is possible, to a shell where it is not."""

import contextlib
import json
import re
import shlex
from dataclasses import dataclass, field
from typing import Any, cast

SHELL = "/bin/sh"

ASSIGNMENT = re.compile(r"[A-Za-z_][A-Za-z0-9_]*=")

KEYWORDS = frozenset(
    {"!", "[[", "case", "do", "done", "elif", "else", "esac", "fi", "for", "function", "if", "then", "trap"}
    | {"until", "while", "{", "}"}
)
"""Where one of these stands, the last command is not surely the one that stays."""

BUILTINS = KEYWORDS | {
    *(".", ":", "[", "alias", "break", "cd", "command", "continue", "echo", "eval", "exec", "exit", "export"),
    *(
        "false",
        "local",
        "read",
        "readonly",
        "return",
        "set",
        "shift",
        "source",
        "test",
        "time",
        "true",
        "type",
    ),
    *("ulimit", "umask", "unset", "wait"),
}
"""First words that only a shell understands, or that are not a program to be replaced by."""


@dataclass
class Scan:
    """What a shell would make of a line.

    Attributes:
        shell: It says more than the words of one program.
        whole: Every quote and bracket is closed.
        simple: At most a row of commands, joined by `&&` and `;`.
        last: Where the last of them begins.
    """

    shell: bool = False
    whole: bool = True
    simple: bool = True
    last: int = 0
    open: list[str] = field(default_factory=list[str])


def scan(text: str) -> Scan:
    """Read `text` as a POSIX shell does, without running anything."""
    found = Scan()
    position = 0
    while position < len(text):
        position += _step(text, position, found)
    found.whole = not found.open
    return found


def _step(text: str, at: int, found: Scan) -> int:
    """Look at the sign at `at`; returns how many signs are done with."""
    sign, inside = text[at], found.open[-1] if found.open else ""
    if inside == "'":
        if sign == "'":
            found.open.pop()
        return 1
    if sign == "\\":
        found.shell = found.shell or text[at + 1 : at + 2] in {"\n", ""}
        return 2
    if inside and sign == inside:
        found.open.pop()
        return 1
    if sign in "$`":
        found.shell = True
        following = text[at + 1 : at + 2]
        if sign == "`" or following in {"(", "{"}:
            found.open.append({"(": ")", "{": "}"}.get(following, "`") if sign == "$" else "`")
            return 2 if sign == "$" else 1
        return 1
    if inside == '"':
        return 1
    if sign in "'\"":
        found.open.append(sign)
        return 1
    return _unquoted(text, at, found)


def _unquoted(text: str, at: int, found: Scan) -> int:
    sign = text[at]
    word_begins = at == 0 or text[at - 1] in " \t\n;&|("
    if sign in "&|;<>()*?[\n" or (word_begins and sign in "~#"):
        found.shell = True
    if found.open:
        if sign == "(":
            found.open.append(")")
        return 1
    if text.startswith("&&", at):
        found.last = at + 2
        return 2
    if sign in ";\n":
        found.last = at + 1
    elif sign == "(":
        found.open.append(")")
        found.simple = False
    elif sign in "|#" or (sign == "&" and text[at - 1 : at] not in {">", "<"}):
        found.simple = False
    return 1


def words(text: str) -> tuple[str, ...]:
    """The words of a program to start: the project's own where the line is nothing more than one program.

    A line that needs a shell gets one, and the shell lets itself be replaced by the program where that can be
    done, so that the program hears the signal to stop.
    """
    text = text.strip()
    if not text:
        return ()
    listed = _listed(text)
    if listed:
        return listed
    found = scan(text)
    if found.whole and not found.shell:
        with contextlib.suppress(ValueError):
            parts = shlex.split(text)
            program = next((part for part in parts if not ASSIGNMENT.match(part)), "")
            if program and program not in BUILTINS:
                return tuple(parts) if program == parts[0] else ("env", *parts)
    return (SHELL, "-c", replaced(text))


def replaced(text: str) -> str:
    """`text` with `exec` before its last command, where that does not change what it does."""
    found = scan(text)
    head, tail = text[: found.last], text[found.last :].strip()
    if not (found.whole and found.simple and tail):
        return text
    if any(row.split(maxsplit=1)[0] in KEYWORDS for row in re.split(r"&&|;|\n", head) if row.strip()):
        return text
    first = tail.split()[0]
    if first in BUILTINS or first[0] in "<>{":
        return text
    if ASSIGNMENT.match(first):
        with contextlib.suppress(ValueError):
            if all(ASSIGNMENT.match(word) for word in shlex.split(tail)):
                return text
        tail = f"env {tail}"
    return f"{head} exec {tail}".strip()


def _listed(text: str) -> tuple[str, ...]:
    """The words of a line that is written as a JSON list, as Dockerfiles have it."""
    if not text.startswith("["):
        return ()
    try:
        found: Any = json.loads(text)
    except ValueError:
        return ()
    if not isinstance(found, list) or not all(isinstance(word, str) for word in cast("list[Any]", found)):
        return ()
    return tuple(cast("list[str]", found))
