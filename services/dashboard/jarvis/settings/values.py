"""Values of settings as people write them, and as they are kept. Pure."""

import re
import shlex
from typing import Any, cast

from jarvis.dns.names import host
from jarvis.errors import JarvisError
from jarvis.runtimes.swarm import rule
from jarvis.settings.keys import Key

_UNITS = {
    "bytes": {
        "": 1,
        "b": 1,
        "k": 1000,
        "kb": 1000,
        "m": 1000**2,
        "mb": 1000**2,
        "g": 1000**3,
        "gb": 1000**3,
        "kib": 1024,
        "mib": 1024**2,
        "gib": 1024**3,
    },
    "seconds": {"": 1, "s": 1, "m": 60, "min": 60, "h": 3600, "d": 86400},
}
_AMOUNT = re.compile(r"\s*(\d{1,15}(?:\.\d{1,6})?)\s*([A-Za-z]*)\s*")
_PATH = re.compile(r"/[!-~]*")
LONGEST = 4096


class Wrong(Exception):
    """A value that cannot be used.

    Attributes:
        said: Why, as the end of a sentence that begins with the key.
        hint: What to do.
    """

    def __init__(self, said: str, hint: str = "") -> None:
        super().__init__(said)
        self.said, self.hint = said, hint


def typed(key: Key, text: str) -> Any:
    """What a person typed on a command line or into a field, as the JSON that `kept` takes."""
    word = text.strip()
    if key.kind == "flag":
        said = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
        return said.get(word.lower(), word)
    if key.kind in {"number", "share"}:
        return _numbered(word)
    if key.kind in {"hosts", "rules"}:
        return [part for part in re.split(r"[\s,]+", word) if part]
    return word


def _numbered(word: str) -> Any:
    try:
        return float(word) if "." in word else int(word)
    except ValueError:
        return word


def kept(key: Key, value: Any) -> Any:
    """A value as it is kept.

    Raises:
        Wrong: It cannot be used.
    """
    match key.kind:
        case "flag":
            if not isinstance(value, bool):
                raise Wrong(f"must be true or false, not {_shown(value)}")
            return value
        case "choice":
            if value not in key.words:
                raise Wrong(f"must be one of {', '.join(key.words)}, not {_shown(value)}", "Or leave it out.")
            return value
        case "number" | "share":
            return _number(key, value)
        case "seconds" | "bytes":
            return _amount(key, value)
        case "path":
            return path(value)
        case "hosts":
            return _hosts(value)
        case "rules":
            return _rules(value)
        case "command":
            return command(value)


def _number(key: Key, value: Any) -> int | float:
    whole = key.kind == "number"
    if isinstance(value, bool) or not isinstance(value, int if whole else int | float):
        raise Wrong(f"must be a {'whole ' if whole else ''}number, not {_shown(value)}")
    return _within(key, value, str(value))


def _amount(key: Key, value: Any) -> int:
    units = _UNITS[key.kind]
    found = _AMOUNT.fullmatch(value) if isinstance(value, str) else None
    if isinstance(value, int) and not isinstance(value, bool):
        number = value
    elif found and found[2].lower() in units:
        number = round(float(found[1]) * units[found[2].lower()])
    else:
        example = "30s, 5m or 1h" if key.kind == "seconds" else "512MB or 1GiB"
        raise Wrong(f"must be {'a time' if key.kind == 'seconds' else 'a size'}, not {_shown(value)}",
                    f"Such as {example}; a number alone is {key.kind}.")  # fmt: skip
    return int(_within(key, number, amount(key, number)))


def _within(key: Key, number: float, shown: str) -> float:
    if (number == 0 and key.off) or (key.low <= number <= key.high and number >= 0):
        return number
    span = f"from {amount(key, key.low)} to {amount(key, key.high)}"
    raise Wrong(f"must be {span}{', or 0' if key.off and key.low else ''}, not {shown}")


def amount(key: Key, number: float) -> str:
    """A number of this key as people write it."""
    if key.kind not in _UNITS or not number:
        return str(number)
    units = {"seconds": ("d", "h", "m"), "bytes": ("GiB", "MiB", "GB", "MB")}[key.kind]
    for unit in units:
        size = _UNITS[key.kind][unit.lower()]
        if number % size == 0:
            return f"{int(number // size)}{unit}"
    return f"{int(number)}s" if key.kind == "seconds" else str(int(number))


def text(value: Any, *, what: str = "text") -> str:
    """A line of text.

    Raises:
        Wrong: It is none, or too long.
    """
    if not isinstance(value, str):
        raise Wrong(f"must be {what}, not {_shown(value)}")
    if len(value) > LONGEST or any(ord(sign) < 32 for sign in value):
        raise Wrong(f"must be one line of at most {LONGEST:,} signs")
    return value


def path(value: Any) -> str:
    """A path of an address.

    Raises:
        Wrong: It is none.
    """
    if not _PATH.fullmatch(text(value, what="a path")):
        raise Wrong(f"must be a path such as /up, not {_shown(value)}", "It begins with a slash.")
    return str(value)


def command(value: Any) -> str:
    """Words that `shlex` can take apart.

    Raises:
        Wrong: It cannot.
    """
    line = text(value, what="a command")
    try:
        words = shlex.split(line)
    except ValueError as error:
        raise Wrong(
            f"cannot be taken apart into words: {str(error).lower()}", "Look for an open quote."
        ) from error
    if not words:
        raise Wrong("has no words in it", "Leave it out for none.")
    return line


def _hosts(value: Any) -> list[str]:
    if not isinstance(value, list):
        raise Wrong(f"must be a list of names, not {_shown(value)}", 'Such as ["www.example.org"].')
    try:
        found = [host(text(name, what="a name")) for name in cast("list[object]", value)]
    except JarvisError as error:
        raise Wrong(f"holds a wrong name: {error.message}", error.hint) from error
    return list(dict.fromkeys(found))


def _rules(value: Any) -> list[str]:
    if not isinstance(value, list):
        raise Wrong(f"must be a list of rules, not {_shown(value)}", 'Such as ["node.labels.disk==ssd"].')
    found: list[str] = []
    for one in cast("list[object]", value):
        read = rule.read(text(one, what="a rule"))
        if not read:
            raise Wrong(
                f"holds {_shown(one)}, which is no rule of Docker's swarm",
                "Such as node.labels.disk==ssd, node.role==worker or node.hostname!=node1.",
            )
        found.append(read)
    return list(dict.fromkeys(found))


def _shown(value: Any) -> str:
    said = (
        f"“{value}”"
        if isinstance(value, str)
        else str(value).lower()
        if isinstance(value, bool)
        else str(value)
    )
    return plain(said)


def plain(said: str) -> str:
    """What somebody wrote, as it may stand in a sentence: on one line, without control signs, not long."""
    said = "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in said[:100])
    return said if len(said) <= 60 else f"{said[:59]}…"
