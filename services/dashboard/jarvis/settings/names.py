"""What a variable may be called and hold. Pure. No refusal repeats a value: it may be a secret."""

import re

from jarvis.errors import InvalidInput

LONGEST_NAME = 255
LONGEST_VALUE = 32 * 1024
"""Bytes of one value."""

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def check_name(name: str) -> str:
    """`name`, when a variable may be called so.

    Raises:
        InvalidInput: It may not.
    """
    facts = {"field": name[:LONGEST_NAME]}
    if not _NAME.fullmatch(name) or len(name) > LONGEST_NAME:
        raise InvalidInput(
            f"“{_shown(name)}” cannot be the name of a variable.",
            f"Use letters, digits and _, not a digit first, and at most {LONGEST_NAME} of them.",
            facts,
        )
    if name == "PORT":
        raise InvalidInput(
            "PORT is set by Jarvis: it says where the program is to listen.",
            "To say which port that is: jarvis correct SERVICE --app-port NUMBER.",
            facts,
        )
    if name.startswith("JARVIS_"):
        raise InvalidInput(
            f"{name} cannot be set: names that begin with JARVIS_ are Jarvis's own.",
            "Choose another name.",
            facts,
        )
    return name


def check_value(name: str, value: str) -> int:
    """The bytes of `value`, when the variable `name` may hold it.

    Raises:
        InvalidInput: It may not.
    """
    facts = {"field": name}
    try:
        size = len(value.encode())
    except UnicodeEncodeError as error:
        raise InvalidInput(
            f"The value of {name} is not text in UTF-8.", "Write bytes as base64 or hex.", facts
        ) from error
    if "\x00" in value:
        raise InvalidInput(
            f"The value of {name} holds the sign NUL, which no environment can hold.",
            "Leave it out, or write the bytes as base64 or hex.",
            facts,
        )
    if size > LONGEST_VALUE:
        raise InvalidInput(
            f"The value of {name} has {size:,} bytes; at most {LONGEST_VALUE:,} are allowed.",
            "Put it into a file that the program reads, and its address into the variable.",
            facts,
        )
    return size


def _shown(name: str) -> str:
    """The beginning of what was meant as a name; of NAME=VALUE at most the name."""
    word = name.partition("=")[0][:40]
    return word if word.isprintable() else ascii(word)[1:-1]
