"""`jarvis env`: what the programs of a service find in their environment."""

import click

from jarvis.cli.lazy import LazyGroup

LINES = {
    "list": "List the variables of a service; secrets by their names only.",
    "set": "Set variables of a service.",
    "unset": "Take variables of a service away.",
    "import": "Set the variables that a .env file names.",
}


class _Group(LazyGroup):
    """Takes the service before the verb, too: `jarvis env mysite list`."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in self.lines and args[1:2] and args[1] in self.lines:
            args = [args[1], args[0], *args[2:]]
        return super().resolve_command(ctx, args)


@click.group("env", cls=_Group, package="jarvis.cli.env", lines=LINES)
def command() -> None:
    """Set what the programs of a service find in their environment.

    Every change makes a new version, which counts from the next deploy on. A rollback brings back the one
    that the older release ran with.

    \b
    Examples:
      jarvis env set mysite LOG_LEVEL=info
      jarvis env mysite list
    """
