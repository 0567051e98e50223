r"""Single instructions of a Dockerfile, safe whatever the project's names and commands hold.

A text that came with the project is only ever written in one of two ways. As it stands, where every sign of
it is plain: then nothing in it can end the line, begin a comment or a here-document, or be read as a flag. Or
as a JSON list of ASCII, where a line break is `\n`, a quote `\"` and, after RUN, which alone knows
here-documents, `<` is `\u003c`. Docker replaces no variables in either.
`COPY`, `ENV` and `FROM`, where it would, hold words of our own and plain paths only.
"""

import json
import re
from collections.abc import Mapping, Sequence

from jarvis.builds import command

PLAIN_LINE = re.compile(r"[!\"$-,.-;=-Z^-~][!-;=-\[\]-~ ]*")
"""Printable ASCII without `<` and backslash, and not like a flag, a list or a comment at its beginning."""

PLAIN_PATH = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*(/[A-Za-z0-9_.][A-Za-z0-9_.-]*)*")
"""A path in which nothing means anything to Docker."""


def listed(words: Sequence[str]) -> str:
    """`words` as Docker's exec form wants them."""
    return json.dumps(list(words))


def run(text: str, flags: Sequence[str] = (), then: str = "") -> str:
    """RUN `text`, a command line of the project, and in the same step `then`, one of ours."""
    line = text or then
    if text and then:
        line = f"{text} && {then}" if PLAIN_LINE.fullmatch(text) and not command.scan(text).shell else ""
    if not PLAIN_LINE.fullmatch(line):
        shell = (command.SHELL, "-c")
        line = _listed((*shell, f'{command.SHELL} -c "$0" && {then}', text) if then else (*shell, text))
    return " \\\n    ".join((f"RUN {flags[0]}", *flags[1:], line)) if flags else f"RUN {line}"


def run_words(words: Sequence[str]) -> str:
    """RUN a program of ours with words that may be the project's."""
    return f"RUN {_listed(words)}"


def _listed(words: Sequence[str]) -> str:
    return listed(words).replace("<", "\\u003c")


def cache(folder: str) -> str:
    """The flag that keeps `folder` from one build to the next, outside the image."""
    return f"--mount=type=cache,sharing=locked,target={folder}"


def secret(name: str) -> str:
    """The flag that gives a step the value of `name` and leaves no trace of it; it may have none."""
    return f"--mount=type=secret,id={name},env={name}"


def environment(values: Mapping[str, str]) -> list[str]:
    """ENV, one line each, for values of our own."""
    return [f"ENV {name}={_quoted(value)}" for name, value in values.items()]


def _quoted(value: str) -> str:
    return value if re.fullmatch(r"[A-Za-z0-9_./:$,+-]+", value) else f'"{value}"'


def user(uid: int, folders: Sequence[str]) -> str:
    """Make the user that the program runs as, on any image that has a shell."""
    name = f"app:x:{uid}"
    listing = " ".join(folders)
    return (
        f'RUN echo "{name}:" >> /etc/group \\\n    && echo "{name}:{uid}::/home/app:/bin/sh" >> /etc/passwd'
        f" \\\n    && mkdir -p {listing} \\\n    && chown {uid}:{uid} {listing}"
    )


def packages(names: Sequence[str]) -> str:
    """Install packages of Debian or Ubuntu."""
    return (
        f"RUN apt-get update \\\n    && apt-get install -y --no-install-recommends {' '.join(names)}"
        " \\\n    && rm -rf /var/lib/apt/lists/*"
    )


def file(path: str, lines: Sequence[str]) -> str:
    """Write a file of ours without anything beside the Dockerfile."""
    quoted = " \\\n    ".join(f"'{line}'" for line in lines)
    return f"RUN mkdir -p {path.rsplit('/', 1)[0]} && printf '%s\\n' \\\n    {quoted} \\\n    > {path}"
