"""`jarvis settings`: how a service runs."""

import click

from jarvis.cli.lazy import LazyGroup

LINES = {
    "list": "List the settings of a service, and where each comes from.",
    "set": "Set how a service runs, from its next deploy on.",
    "unset": "Leave settings of a service to its project, or to the default.",
    "check": "Say what is wrong with a jarvis.toml, line by line.",
}


@click.group("settings", cls=LazyGroup, package="jarvis.cli.settings", lines=LINES)
def command() -> None:
    """Set how a service runs: health, limits, domains and more.

    A project can say the same of itself in a file jarvis.toml; what is set here stands above it. Changes
    count from the next deploy on, and a rollback brings back those that the older release ran with.

    \b
    Examples:
      jarvis settings list shop
      jarvis settings set shop health.path=/up limits.memory=512MB
      jarvis settings set shop "cron.tidy=30 3 * * * python3 tidy.py"
    """
