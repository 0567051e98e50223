"""One run of the command line: where its words go and what its options said."""

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import click

from jarvis.cli.console import Console

if TYPE_CHECKING:
    from config import Settings


@dataclass
class Call:
    """What a command and the code that reports its end share.

    Attributes:
        console: Where words and results go.
        changes: The settings that options named; they win over the environment.
        outcome: For a command that starts work on the server: what is known of it so far. It is printed with
            `--json` however the command ends.
        going_on: While a command only watches: what goes on without it, such as "The deploy".
    """

    console: Console
    changes: dict[str, Any] = field(default_factory=dict[str, Any])
    outcome: dict[str, Any] | None = None
    going_on: str = ""

    def settings(self) -> "Settings":
        """The settings of this run: options first, then the environment.

        Raises:
            click.UsageError: A variable has a value that cannot be used.
        """
        import config  # `jarvis --help` needs no settings

        try:
            return replace(config.settings(), **self.changes)
        except config.ConfigError as error:
            raise click.UsageError(str(error)) from error
