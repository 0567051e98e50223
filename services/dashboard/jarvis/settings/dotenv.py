"""Reads a file of variables, as `.env` files are written. Pure.

    # a comment
    NAME=value           # after a space, this is a comment too
    export OTHER='as it is, $HOME too, even
    over several lines'
    THIRD="with \\n, \\t, \\r, \\", \\\\ and \\$ for the signs that they stand for"

Nothing is put in for `$NAME`: what stands there is what the program gets. A line that cannot be read is
refused with its number, and without its words, which may be a secret.
"""

import re

from jarvis.errors import InvalidInput
from jarvis.settings.names import check_name, check_value

_BEGIN = re.compile(r"[ \t]*(?:export[ \t]+)?([^\s=#'\"]+)[ \t]*=[ \t]*")
_NOTHING = re.compile(r"[ \t]*(?:#[^\n]*)?(?:\n|\Z)")
_PLAIN = re.compile(r"[^\n]*")
_COMMENT = re.compile(r"(?:^|[ \t])#.*")
_SINGLE = re.compile(r"'([^']*)'")
_DOUBLE = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_SIGNS = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\", "$": "$"}


def read(text: str) -> dict[str, str]:
    """The variables of a `.env` file.

    Raises:
        InvalidInput: A line cannot be read, a name stands there twice, or a variable may not be so.
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    found: dict[str, str] = {}
    lines: dict[str, int] = {}
    at, line = 0, 1
    while at < len(text):
        if (nothing := _NOTHING.match(text, at)) is not None:
            end = nothing.end()
        else:
            name, value, end = _variable(text, at, line)
            if name in found:
                raise _bad(line, f"{name} is set in line {lines[name]} already", "Leave one of the two out.")
            found[name], lines[name] = value, line
        line += text.count("\n", at, end)
        at = end
    return found


def _variable(text: str, at: int, line: int) -> tuple[str, str, int]:
    """The name, the value, and where the next line begins."""
    begin = _BEGIN.match(text, at)
    if begin is None:
        raise _bad(line, "it is not NAME=value", "A comment begins with #.")
    name = begin[1]
    try:
        check_name(name)
        value, end = _value(text, begin.end(), line)
        check_value(name, value)
    except InvalidInput as error:
        if "line" in error.facts:
            raise
        raise InvalidInput(
            f"Line {line}: {error.message}", error.hint, {**error.facts, "line": line}
        ) from error
    return name, value, end


def _value(text: str, at: int, line: int) -> tuple[str, int]:
    quote = text[at : at + 1]
    if quote not in {"'", '"'}:
        words = _PLAIN.match(text, at)
        plain = words[0] if words else ""
        return _COMMENT.sub("", plain, count=1).strip(" \t"), at + len(plain) + 1
    quoted = (_SINGLE if quote == "'" else _DOUBLE).match(text, at)
    if quoted is None:
        raise _bad(line, f"the quote {quote} is not closed", f"End the value with {quote}.")
    rest = _NOTHING.match(text, quoted.end())
    if rest is None:
        raise _bad(
            line,
            f"something stands after the closing {quote}",
            "Put the whole value into the quotes; a comment after it begins with #.",
        )
    return quoted[1] if quote == "'" else _ESCAPE.sub(_sign, quoted[1]), rest.end()


def _sign(found: re.Match[str]) -> str:
    return _SIGNS.get(found[1], found[0])


def _bad(line: int, reason: str, hint: str) -> InvalidInput:
    return InvalidInput(
        f"Line {line} cannot be read: {reason}.", f"{hint} Nothing was changed.", {"line": line}
    )
