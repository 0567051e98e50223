"""Are these settings ones that can be used? One answer for file, API, command line and page. Pure."""

import difflib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any, NamedTuple, cast

from jarvis.errors import InvalidInput, JarvisError
from jarvis.proxy import password
from jarvis.settings import cron, keys, values
from jarvis.settings.keys import Key, Table
from jarvis.settings.values import Wrong

Json = dict[str, Any]

_NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?")
_SEGMENT = re.compile(r"/[A-Za-z0-9._~-]{1,64}")
_USER = re.compile(r"[!-9;-~]{1,64}")
_SERVICE = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
MOST = 50
"""Entries of one table."""
HASHED = "scrypt$"
"""What a password begins with that was made a checksum already."""


class Problem(NamedTuple):
    """One thing that is wrong.

    Attributes:
        place: Names and numbers that lead to it: `("volumes", 0, "path")`.
        said: A sentence.
        hint: What to do next.
    """

    place: tuple[str | int, ...]
    said: str
    hint: str = ""

    @property
    def key(self) -> str:
        """The place as people write it."""
        return ".".join(str(part + 1) if isinstance(part, int) else part for part in self.place)


def checked(members: Mapping[str, Any], also: Sequence[str] = ()) -> tuple[Json, list[Problem]]:
    """Settings as they are kept, and all that is wrong with those that were given.

    Args:
        members: As JSON or TOML has them: tables within tables.
        also: What may stand beside settings, for a hint.
    """
    found: Json = {}
    problems: list[Problem] = []
    for name, value in members.items():
        if (table := keys.table(name)) is not None:
            found[name] = _entries(table, value, problems)
        elif (one := keys.key(name)) is not None:
            _take(found, one, name, value, (name,), problems)
        elif any(each.startswith(f"{name}.") for each in keys.NAMES):
            found[name] = _nested(name, value, problems)
        else:
            problems.append(unknown((name,), name, (*keys.TOP, *also)))
    return found, problems


def _take(
    found: Json, one: Key, name: str, value: Any, place: tuple[str, ...], problems: list[Problem]
) -> None:
    try:
        found[name] = values.kept(one, value)
    except Wrong as wrong:
        problems.append(Problem(place, f"{one.name} {wrong.said}.", wrong.hint))


def _nested(name: str, value: Any, problems: list[Problem]) -> Json:
    found: Json = {}
    names = [each.partition(".")[2] for each in keys.NAMES if each.startswith(f"{name}.")]
    if not isinstance(value, Mapping):
        hint = f"Write [{name}] and below it: {', '.join(names)}."
        problems.append(Problem((name,), f"{name} must be a table.", hint))
        return found
    for part, inner in cast("Mapping[str, Any]", value).items():
        one = keys.key(f"{name}.{part}")
        if one is None:
            problems.append(unknown((name, part), part, names))
        else:
            _take(found, one, part, inner, (name, part), problems)
    return found


def unknown(place: tuple[str | int, ...], name: str, names: Iterable[str]) -> Problem:
    """A key that nobody knows, with the one that was meant."""
    known = list(names)
    near = difflib.get_close_matches(name, known, 1, 0.6)
    hint = f"Did you mean {near[0]}?" if near else f"There are: {', '.join(known)}."
    return Problem(place, f"There is no setting {values.plain(name)}.", hint)


def _entries(table: Table, value: Any, problems: list[Problem]) -> list[Json]:
    if not isinstance(value, list) or any(not isinstance(one, Mapping) for one in cast("list[Any]", value)):
        problems.append(
            Problem((table.name,), f"{table.name} must be a list of tables.", f"Write [[{table.name}]].")
        )
        return []
    entries = cast("list[Mapping[str, Any]]", value)
    if len(entries) > MOST:
        problems.append(Problem((table.name,), f"{table.name} has more than {MOST} entries."))
    found = [_entry(table, number, entry, problems) for number, entry in enumerate(entries[:MOST])]
    seen: set[object] = set()
    for number, entry in enumerate(found):
        label = entry.get(table.by)
        if label is not None and label in seen:
            place = (table.name, number, table.by)
            problems.append(
                Problem(place, f"There are two {table.name} called {label}.", "Rename one of them.")
            )
        seen.add(label)
    return found


def _entry(table: Table, number: int, entry: Mapping[str, Any], problems: list[Problem]) -> Json:
    found: Json = {}
    known = {table.by: True, **table.members}
    for part, value in entry.items():
        place = (table.name, number, part)
        if part not in known:
            problems.append(unknown(place, part, known))
            continue
        try:
            found[part] = _MEMBERS[table.name, part](value)
        except Wrong as wrong:
            problems.append(Problem(place, f"{table.name}: {part} {wrong.said}.", wrong.hint))
    for part, needed in known.items():
        if needed and part not in entry:
            label = entry.get(table.by)
            whose = f" “{label}”" if isinstance(label, str) else ""
            problems.append(Problem((table.name, number), f"{table.name}{whose} has no {part}.", table.help))
    return found


def _matching(pattern: re.Pattern[str], what: str) -> Callable[[Any], str]:
    def check(value: Any) -> str:
        if not pattern.fullmatch(values.text(value)):
            raise Wrong(f"must be {what}, not “{values.plain(str(value))}”")
        return str(value)

    return check


def _place(value: Any) -> str:
    found = PurePosixPath(values.text(value, what="a path"))
    if ".." in found.parts or str(found) in {".", "/"}:
        raise Wrong(
            f"must be a folder of its own, not “{value}”", "Such as data, or /var/lib/shop in a container."
        )
    return str(found)


def _schedule(value: Any) -> str:
    try:
        cron.read(values.text(value, what="a schedule"))
    except JarvisError as error:
        raise Wrong(f"is wrong: {error.message.rstrip('.')}", error.hint) from error
    return str(value).strip()


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise Wrong("must be true or false")
    return value


def _password(value: Any) -> str:
    word = values.text(value)
    if not password.is_kept(word):
        raise Wrong(
            "must not be written down as it is",
            "Set it by the command line: jarvis settings set NAME logins.USER",
        )
    return word


_MEMBERS: dict[tuple[str, str], Callable[[Any], Any]] = {
    ("volumes", "name"): _matching(_NAME, "a name of small letters, digits and hyphens"),
    ("volumes", "path"): _place,
    ("cron", "name"): _matching(_NAME, "a name of small letters, digits and hyphens"),
    ("cron", "schedule"): _schedule,
    ("cron", "command"): values.command,
    ("routes", "path"): _matching(_SEGMENT, "one segment of a path, such as /api"),
    ("routes", "service"): _matching(_SERVICE, "the name of a service"),
    ("routes", "strip"): _flag,
    ("logins", "user"): _matching(_USER, "a name without blanks and colons"),
    ("logins", "password"): _password,
}


def sure(members: Mapping[str, Any]) -> Json:
    """Settings as they are kept.

    Raises:
        InvalidInput: Something is wrong with them; `facts["problems"]` has all of it.
    """
    found, problems = checked(members)
    if problems:
        raise refusal(problems)
    return found


def refusal(problems: list[Problem], where: str = "") -> InvalidInput:
    """All problems as one error, the first one as its sentence."""
    first = problems[0]
    more = f" And {len(problems) - 1} more." if len(problems) > 1 else ""
    told = [{"key": one.key, "message": one.said, "hint": one.hint} for one in problems]
    return InvalidInput(
        f"{where}{first.said}{more}",
        first.hint or "See docs/settings.md.",
        {"field": first.key, "problems": told},
    )
