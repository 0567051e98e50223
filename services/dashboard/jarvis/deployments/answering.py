"""Whether what was started answers, asked for as the proxy asks: by the socket of its keeper."""

import http.client
import re
import time
from pathlib import Path

from jarvis import control
from jarvis.errors import NotProven
from jarvis.proxy import front
from jarvis.runtimes.process import Status
from jarvis.settings.service import Health

AGAIN = 0.5
"""Seconds between two questions whether it is well by now."""
TAKEN = re.compile(r"EADDRINUSE|address already in use", re.IGNORECASE)
ANSWER_WITHIN = 30.0
"""Seconds for the first answer: many programs do much at their first request."""


def wrong(seen: Status | None, status: int, *, nobody: str, deaf: str) -> str:
    """What is wrong with what a keeper passes connections on to; empty when all is well. Pure.

    Args:
        seen: What its keeper says; None where there is none.
        status: What the proxy got.
        nobody: The words for: there is no keeper.
        deaf: The words for: nothing listens.
    """
    if seen is None:
        return nobody
    if not seen.listening:
        return deaf
    return f"it answers {status}" if status >= 500 else ""


def hint(what: str, why: str = "") -> str:
    """What to do about a program that did not stay, or does not answer. Pure.

    Args:
        what: How it ended.
        why: What it said.
    """
    if TAKEN.search(why):
        return (
            "Another program of this machine listens on that port. Let it listen where the variable PORT "
            "says, or on another one."
        )
    if "ended with code 0" in what:
        return (
            "It ended by itself, without an error. What serves visitors stays in the foreground: start it "
            "without its daemon mode, and let its start command wait for it."
        )
    return "The last lines of its log are with this error."


def wait(socket: Path, host: str, wanted: Health, path: str, began: float) -> tuple[int, bool]:
    """Wait for a good answer. Where nobody said what to ask for, the first answer counts.

    Args:
        socket: Where it is reached.
        host: A name of the service.
        wanted: What its settings say.
        path: What to ask for, where that is known.
        began: When it was started, by the monotonic clock.

    Returns:
        The status of the last answer, and whether it is a good one.

    Raises:
        NotProven: It took the connection and said nothing.
        JarvisError: The work was called off.
    """
    while True:
        status = asked(socket, host, path or "/")
        good = status == wanted.status if wanted.status else status < (400 if path else 500)
        if good or not wanted.path or time.monotonic() - began > wanted.patience:
            return status, good
        control.check()
        time.sleep(AGAIN)


def asked(socket: Path, host: str, path: str) -> int:
    """The status of one answer.

    Raises:
        NotProven: There is none.
    """
    connection = front.Connection(socket, host, ANSWER_WITHIN)
    try:
        connection.request("GET", path, headers={"Host": host, "User-Agent": "jarvis-probe"})
        return connection.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        raise NotProven(
            f"The program took the connection and gave no answer at {path}: {error or type(error).__name__}.",
            "See its log in this story; it must speak HTTP on the port it listens on.",
        ) from error
    finally:
        connection.close()
