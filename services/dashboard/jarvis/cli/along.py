"""The options by which a deploy sets variables and settings of its service, and what they say."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from jarvis.cli.env.change import utf8
from jarvis.cli.options import option
from jarvis.cli.settings.change import texts

F = TypeVar("F", bound=Callable[..., Any])

LARGEST = 1024 * 1024
"""Bytes of a file; a service may have no more in all its variables."""
NAMES = ("variables", "env_file", "secrets", "settings")

_OPTIONS = (
    option("--env", "variables", metavar="KEY=VALUE", multiple=True, help="Set a variable; may be repeated."),
    option(
        "--env-file",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        help="Set the variables of a .env file; what looks like a secret is sealed.",
    ),
    option(
        "--secret",
        "secrets",
        metavar="KEY[=@FILE]",
        multiple=True,
        help="Set a secret: asked for, or read from standard input or FILE.",
    ),
    option("--set", "settings", metavar="KEY=VALUE", multiple=True, help="Set how it runs; may be repeated."),
)


def setting(function: F) -> F:
    """Add the options; the command gets them as keyword arguments."""
    for one in reversed(_OPTIONS):
        function = one(function)
    return function


def taken(values: dict[str, Any]) -> dict[str, Any]:
    """Those of `values` that belong to these options, taken out of it."""
    return {name: values.pop(name) for name in NAMES}


def wish(values: dict[str, Any], *, stdin: bool) -> dict[str, Any]:
    """The members of a request that they make; passwords and secrets are asked for.

    Args:
        values: As `taken` gives them.
        stdin: What is deployed comes from standard input, so nothing else can.

    Raises:
        click.UsageError: One cannot be understood.
    """
    given = _variables(values["variables"])
    for name, value in _secrets(values["secrets"], stdin=stdin).items():
        if name in given:
            raise click.UsageError(f"{name} is given twice.")
        given[name] = {"value": value, "secret": True}
    if stdin and any("=" not in pair for pair in values["settings"]):
        raise click.UsageError("Standard input is what is deployed: a password cannot be read from it.")
    file: Path | None = values["env_file"]
    environment = {"set": given, "text": _text(file, "The file of --env-file") if file else ""}
    made = {"environment": environment, "settings": {"text": texts(values["settings"])}}
    kept = {key: {part: value for part, value in each.items() if value} for key, each in made.items()}
    return {key: each for key, each in kept.items() if each}


def _variables(pairs: Sequence[str]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for pair in pairs:
        key, equals, value = utf8(pair, "--env").partition("=")
        if not equals:
            raise click.UsageError(f"{key} has no value: --env {key}=VALUE, or --secret {key}.")
        if key in found:
            raise click.UsageError(f"{key} is given twice.")
        found[key] = {"value": value}
    return found


def _secrets(words: Sequence[str], *, stdin: bool) -> dict[str, str]:
    found: dict[str, str] = {}
    asked = [word for word in words if "=" not in word]
    for word in words:
        key, equals, value = utf8(word, "--secret").partition("=")
        if key in found:
            raise click.UsageError(f"{key} is given twice.")
        if equals and not value.startswith("@"):
            raise click.UsageError(
                f"The value of {key} does not belong on the command line, where others can read it: leave it "
                f"out, or write --secret {key}=@FILE."
            )
        if equals:
            found[key] = _text(Path(value[1:]), f"The file of {key}").removesuffix("\n").removesuffix("\r")
        elif sys.stdin.isatty() and not stdin:
            found[key] = str(click.prompt(key, hide_input=True, default="", show_default=False, err=True))
        elif stdin or len(asked) > 1:
            raise click.UsageError(
                f"{key} has no value. Standard input gives one thing only: write --secret {key}=@FILE."
            )
        else:
            found[key] = _decoded(sys.stdin.buffer.read(LARGEST + 1), f"What was read for {key}")
            found[key] = found[key].removesuffix("\n").removesuffix("\r")
    return found


def _text(file: Path, what: str) -> str:
    try:
        with file.open("rb") as opened:
            return _decoded(opened.read(LARGEST + 1), what)
    except OSError as error:
        raise click.UsageError(f"{what} cannot be read: {error.strerror}.") from error


def _decoded(raw: bytes, what: str) -> str:
    if len(raw) > LARGEST:
        raise click.UsageError(f"{what} has more than {LARGEST:,} bytes.")
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        raise click.UsageError(f"{what} is not text in UTF-8.") from error
