"""The options by which a person says better what Jarvis found out wrongly."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

from jarvis.cli.options import option

F = TypeVar("F", bound=Callable[..., Any])

KINDS = ("static", "web", "worker", "script", "compose", "dockerfile")

_OPTIONS = (
    option("--kind", type=click.Choice(KINDS), help="What it is, where Jarvis found something else."),
    option("--root", metavar="FOLDER", help="The folder within it that is built or served."),
    option("--install-command", metavar="COMMAND", help="Fetches what it depends on."),
    option("--build-command", metavar="COMMAND", help="Builds it."),
    option("--start-command", metavar="COMMAND", help="Starts it."),
    option("--static-dir", metavar="FOLDER", help="The folder with the finished pages."),
    option(
        "--spa/--no-spa",
        default=None,
        help="Whether paths that are no file show the first page, as one program in the browser wants it.",
    ),
    option("--app-port", type=click.IntRange(1, 65535), metavar="PORT", help="The port it listens on."),
    option("--health-path", metavar="PATH", help="A path that answers when it is well."),
)
MEMBERS = {"app_port": "port"}
"""Options that are called otherwise than the member that they set."""


def correcting(function: F) -> F:
    """Add the options; the command gets them as keyword arguments."""
    for one in reversed(_OPTIONS):
        function = one(function)
    return function


def given(values: dict[str, Any]) -> dict[str, Any]:
    """The members that a person set."""
    return {MEMBERS.get(key, key): value for key, value in values.items() if value is not None}
