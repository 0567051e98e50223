"""The options that many commands share, and the rule that every option is a variable too."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from jarvis.cli.call import Call

F = TypeVar("F", bound=Callable[..., Any])


class _Setting(click.Option):
    """An option that is also a setting: its variable is read by `config`, which knows `NAME_FILE`."""

    def resolve_envvar_value(self, ctx: click.Context) -> str | None:  # noqa: ARG002 - click's signature
        return None


def _keep(context: click.Context, option: click.Parameter, value: Any) -> None:
    call = context.find_object(Call)
    if call is not None and option.name and value is not None:
        call.changes[option.name] = value


def _keep_home(context: click.Context, option: click.Parameter, value: Path | None) -> None:
    _keep(context, option, value and Path.cwd() / value.expanduser())


def _keep_json(context: click.Context, _: click.Parameter, value: bool) -> None:
    call = context.find_object(Call)
    if call is not None and value:
        call.console.json = True


def _setting(
    flag: str, about: str, kind: Any, metavar: str, keep: Callable[..., None] = _keep
) -> Callable[[F], F]:
    variable = "JARVIS_" + flag.removeprefix("--").replace("-", "_").upper()
    return click.option(
        flag,
        cls=_Setting,
        type=kind,
        metavar=metavar,
        help=about,
        envvar=variable,
        show_envvar=True,
        expose_value=False,
        callback=keep,
    )


_url = _setting("--url", "Talk to the Jarvis at this address.", str, "URL")
_home = _setting(
    "--home",
    "Where the Jarvis of this machine keeps its data.",
    click.Path(path_type=Path),
    "FOLDER",
    _keep_home,
)
_http_port = _setting(
    "--http-port", "Port that sites are served on [8080].", click.IntRange(1, 65535), "PORT"
)
_https_port = _setting(
    "--https-port",
    "Port that sites are served on by HTTPS; 0 for none [8443].",
    click.IntRange(0, 65535),
    "PORT",
)
_web_port = _setting("--web-port", "Port of the page and the API [8700].", click.IntRange(1, 65535), "PORT")


def everywhere(function: F) -> F:
    """`--url` and `--home`, which say which Jarvis is meant."""
    return _url(_home(function))


def embedded(function: F) -> F:
    """`--home` and the ports: what a Jarvis that starts here needs."""
    return _home(_http_port(_https_port(_web_port(function))))


def json_option(function: F) -> F:
    """`--json`, which every command has."""
    return option(
        "--json",
        is_flag=True,
        is_eager=True,
        expose_value=False,
        callback=_keep_json,
        help="Print one line of JSON for programs.",
    )(function)


def client(function: F) -> F:
    """What every command has that talks to a Jarvis: `--json`, `--url`, `--home`."""
    return json_option(everywhere(function))


def option(*names: str, **details: Any) -> Callable[[F], F]:
    """A click option whose help names its variable."""
    return click.option(*names, show_envvar=True, **details)
