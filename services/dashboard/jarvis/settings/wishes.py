"""Variables that a project says it wants: the table `[env]` of `jarvis.toml`, and `env` of `app.json`. Pure.

A plain value is what counts where nobody sets another one. What is said of a variable besides is the same in
both files, as Heroku's `app.json` has it: `value`, `description`, `required`, `generator`.
"""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, cast

from jarvis.analysis.secrecy import is_secret
from jarvis.errors import InvalidInput
from jarvis.settings.check import Problem, unknown
from jarvis.settings.names import check_name, check_value

KEY = "env"
"""Of the table, in both files."""
MEMBERS = ("value", "description", "required", "generator")
SECRET = "secret"  # noqa: S105 - the word of app.json for what is generated
MOST = 200


class Wish(NamedTuple):
    """One variable that a project wants.

    Attributes:
        name: What it is called.
        value: What it holds where nobody sets it; None for nothing.
        required: It does not do without.
        generated: A secret is made for it, once.
        about: What it is for.
        source: Where it stands: `jarvis.toml, line 3`.
    """

    name: str
    value: str | None = None
    required: bool = False
    generated: bool = False
    about: str = ""
    source: str = ""


def read(table: Any, *, required: bool) -> tuple[list[Wish], list[Problem]]:
    """What the table says, and all that is wrong with it.

    Args:
        table: As TOML or JSON has it: name → a value, or a table that says more.
        required: Whether a variable is required of which only other things are said.
    """
    if not isinstance(table, Mapping):
        return [], [
            Problem((KEY,), f"{KEY} must be a table.", f"Write [{KEY}], and below it NAME = “value”.")
        ]
    entries = cast("Mapping[str, Any]", table)
    problems: list[Problem] = []
    if len(entries) > MOST:
        problems.append(Problem((KEY,), f"{KEY} has more than {MOST} entries."))
    found: list[Wish] = []
    for name, said in list(entries.items())[:MOST]:
        wrong: list[Problem] = []
        try:
            wish = _wish(name, said, wrong, required=required)
            check_value(name, wish.value or "")
        except InvalidInput as error:
            wrong.append(Problem((KEY, name), error.message, error.hint))
        else:
            found += [] if wrong else [wish]
        problems += wrong
    return found, problems


def _wish(name: str, said: Any, problems: list[Problem], *, required: bool) -> Wish:
    check_name(name)
    if not isinstance(said, Mapping):
        return Wish(name, _text((KEY, name), name, said, problems))
    members = cast("Mapping[str, Any]", said)
    strange = [member for member in members if member not in MEMBERS]
    problems += [unknown((KEY, name, member), member, MEMBERS) for member in strange]
    value, about = members.get("value"), members.get("description")
    needed, generator = members.get("required"), members.get("generator")
    for member, fits, wanted in (
        ("description", isinstance(about, str | None), "must be text"),
        ("required", isinstance(needed, bool | None), "must be true or false"),
        ("generator", generator in (None, SECRET), f"must be “{SECRET}”"),
    ):
        if not fits:
            problems.append(Problem((KEY, name, member), f"{name}: {member} {wanted}."))
    text = None if value is None else _text((KEY, name, "value"), name, value, problems)
    generated = generator == SECRET and not text
    if needed is None:
        needed = required
    return Wish(name, text or None, bool(needed) and not text and not generated, generated, str(about or ""))


def _text(place: tuple[str | int, ...], name: str, value: Any, problems: list[Problem]) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | float):
        return str(value)
    problems.append(Problem(place, f"{name} must be text, a number, true or false.", 'Such as "info".'))
    return ""


def merged(*groups: Iterable[Wish]) -> tuple[Wish, ...]:
    """The wishes of several files; later ones stand above earlier ones."""
    return tuple({wish.name: wish for group in groups for wish in group}.values())


def remarks(wishes: Iterable[Wish]) -> list[str]:
    """What people should know of them: a secret that all can read in a file is none."""
    return [
        f"{wish.name} looks like a secret, and stands in {wish.source} for all to read. Set it with: "
        f"jarvis env set NAME {wish.name} --secret. That stands above the file."
        for wish in wishes
        if wish.value and is_secret(wish.name)
    ]


def missing(wishes: Iterable[Wish], there: Iterable[str]) -> list[Wish]:
    """Those that it does not do without, and that are not there."""
    names = set(there)
    return [wish for wish in wishes if wish.required and wish.name not in names]


def refusal(service: str, lacking: list[Wish]) -> InvalidInput:
    """That a deploy cannot go on without them."""
    first = lacking[0]
    what = f"{first.name} ({first.about.rstrip('.')[:120]})" if first.about else first.name
    more = [wish.name for wish in lacking[1:]]
    others = f", {', '.join(more)}" if more else ""
    verb = "are" if more else "is"
    words = " ".join(f"{wish.name}{'' if is_secret(wish.name) else '=…'}" for wish in lacking)
    seal = " --secret" if all(is_secret(wish.name) for wish in lacking) else ""
    return InvalidInput(
        f"{what}{others} {verb} not set, and it does not do without: {first.source} says so.",
        f"Set {'them' if more else 'it'}, and deploy again: jarvis env set {service} {words}{seal}",
        {"missing": [wish.name for wish in lacking]},
    )
