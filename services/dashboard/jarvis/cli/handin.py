"""Hands in whatever a path means: a folder, a file, standard input, or a git repository."""

from jarvis.cli.call import Call
from jarvis.cli.client import Client
from jarvis.cli.fetch import fetch
from jarvis.cli.parcel import Parcel, prepare
from jarvis.cli.source import STDIN, is_git, standard_input
from jarvis.cli.upload import send


def look(path: str, filename: str) -> Parcel | None:
    """What is to be sent; None for a git repository, which the server fetches itself.

    Args:
        path: As the person gave it.
        filename: What standard input is called.

    Raises:
        JarvisError: It cannot be sent.
    """
    if path == STDIN:
        return standard_input(filename)
    return None if is_git(path) else prepare(path)


def hand_in(call: Call, jarvis: Client, path: str, parcel: Parcel | None, *, ref: str, service: str) -> str:
    """Send it, or let the server fetch it; the artifact's id."""
    if parcel is None:
        return fetch(call, jarvis, path, ref, service)
    return send(call.console, jarvis, parcel, service)
