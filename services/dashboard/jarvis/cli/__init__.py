"""The command line: one command a file, loaded when it is called."""

import sys
from collections.abc import Sequence
from typing import Any

import click

from jarvis import __version__
from jarvis.cli.call import Call
from jarvis.cli.console import Console
from jarvis.cli.lazy import LazyGroup
from jarvis.cli.options import everywhere
from jarvis.cli.report import failed, interrupted, misused
from jarvis.errors import JarvisError

COMMANDS = {
    "up": "Start Jarvis on this machine.",
    "down": "Stop the Jarvis of this machine, and the programs it runs.",
    "deploy": "Put a folder, an archive or a file on the web.",
    "plan": "Show what a deploy would make, change and remove.",
    "analyze": "Say what a folder or an archive is, and why.",
    "correct": "Say what a service is, where Jarvis found it wrong.",
    "settings": "Set how a service runs: health, limits, domains and more.",
    "env": "Set what the programs of a service find in their environment.",
    "allow": "Allow what a compose file may do to the machine.",
    "status": "Show what is deployed and how it is.",
    "usage": "Show what services use of processors and memory.",
    "run": "Run a command beside the program of a service.",
    "logs": "Show what happened to a service, or what its program says.",
    "redeploy": "Deploy again what runs, with the settings of now.",
    "rollback": "Go back to an older release of a service.",
    "releases": "List the releases that a service keeps.",
    "pin": "Keep a release of a service, whatever comes after it.",
    "unpin": "Let a pinned release go when its time comes.",
    "check": "Ask for a service as a visitor would; repair it if need be.",
    "remove": "Take a service off the web.",
    "workflows": "See the work that Jarvis does and did.",
    "tasks": "See what only a person can do.",
    "artifacts": "See what was handed in, and keep it tidy.",
    "domains": "See the DNS records that Jarvis keeps.",
    "certificates": "See what sites answer with by HTTPS.",
    "webhooks": "Tell other programs of what happens.",
    "registries": "Give Jarvis accounts at registries of images.",
    "notices": "Tell people of what happens: by mail, ntfy or a chat room.",
    "cleanup": "Remove now what nobody needs any more.",
}


@click.group(
    cls=LazyGroup,
    package="jarvis.cli",
    lines=COMMANDS,
    context_settings={"auto_envvar_prefix": "JARVIS", "help_option_names": ["-h", "--help"]},
)
@click.version_option(
    __version__, prog_name="jarvis", message="%(prog)s %(version)s", allow_from_autoenv=False
)
@everywhere
def jarvis() -> None:
    """Hand Jarvis a folder; it serves it, names it and proves that it answers.

    \b
    The first site, from nothing:
      jarvis deploy ./mysite
    What runs, and how it is:
      jarvis status

    Every option can also be given as the variable that its help names.
    """


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Args:
        arguments: The words after `jarvis`; None for those of this process.

    Returns:
        The exit code: 0 for success, 1 for a failure, 2 for a wrong use, 130 when interrupted.
    """
    words = sys.argv[1:] if arguments is None else list(arguments)
    call = Call(Console(sys.stdout, sys.stderr))
    try:
        answer: Any = jarvis.main(words, prog_name="jarvis", standalone_mode=False, obj=call)
    except JarvisError as error:
        return failed(call, error)
    except click.ClickException as error:
        return misused(call, error, as_json=call.console.json or "--json" in words)
    except click.Abort:
        return interrupted(call)
    return answer if isinstance(answer, int) else 0
