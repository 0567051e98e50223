"""What the commands share that change the environment of a service."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

from jarvis.cli.call import Call
from jarvis.cli.options import option

F = TypeVar("F", bound=Callable[..., Any])

_OPTIONS = (
    option(
        "--secret/--plain", default=None, help="Seal it, and never show it again; or show it from now on."
    ),
    option("--build", is_flag=True, help="Only for the build."),
    option("--run", is_flag=True, help="Only for the running program."),
)


def changing(function: F) -> F:
    """Add `--secret`, `--build` and `--run`; the command gets them as keyword arguments."""
    for one in reversed(_OPTIONS):
        function = one(function)
    return function


def members(*, secret: bool | None, build: bool, run: bool) -> dict[str, Any]:
    """What the options say of each variable; what they do not say stays as it was."""
    said: dict[str, Any] = {}
    if secret is not None:
        said["secret"] = secret
    if build or run:
        said["phase"] = "both" if build and run else "build" if build else "run"
    return said


def told(call: Call, row: dict[str, Any]) -> None:
    """Print what changed, and when it takes effect. No value is repeated."""
    if call.console.json:
        call.console.result(row)
        return
    changed: list[str] = row.get("changed") or []
    if changed:
        call.console.say(f"Version {row.get('version')}: {', '.join(changed)}")
    call.console.say(str(row.get("message") or ""))


def utf8(words: str, hint: str) -> str:
    """`words` as they were typed.

    Raises:
        click.BadParameter: They are not UTF-8.
    """
    try:
        words.encode()
    except UnicodeEncodeError as error:
        raise click.BadParameter(
            "It is not text in UTF-8 (what it is is not shown here).", param_hint=hint
        ) from error
    return words
