"""Follows the events of a workflow, over broken connections and restarts of the server."""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from typing import Any

from jarvis.cli.client import Client
from jarvis.errors import JarvisError, Unavailable

PATIENCE = 120.0
"""Seconds without a word from the server before we give up."""
_LARGEST_EVENT = 1024**2
_PAUSE = 0.1
_LONGEST_PAUSE = 2.0
END = "end"


@dataclass(frozen=True)
class Event:
    """One thing that a workflow said."""

    sequence: int
    kind: str
    step: str
    message: str
    data: dict[str, Any]


class Lines:
    """Cuts a byte stream into the `data` of server-sent events.

    Attributes:
        retry: Seconds after which the server asks to come again.
    """

    def __init__(self) -> None:
        self.retry = 0.0
        self._rest = b""
        self._data: list[bytes] = []

    def feed(self, piece: bytes) -> Iterator[bytes]:
        """The `data` of each event that `piece` completes."""
        *lines, self._rest = (self._rest + piece).split(b"\n")
        if len(self._rest) + sum(map(len, self._data)) > _LARGEST_EVENT:
            raise JarvisError(
                "The server sent an event that is too large to be one of ours.", "Check JARVIS_URL."
            )
        for raw in lines:
            text = raw.removesuffix(b"\r")
            if text.startswith(b"data:"):
                self._data.append(text[5:].removeprefix(b" "))
            elif text.startswith(b"retry:") and (number := text[6:].strip()).isdigit() and len(number) < 7:
                self.retry = int(number) / 1000
            elif not text and self._data:
                yield b"\n".join(self._data)
                self._data = []


def events(
    client: Client,
    workflow_id: str,
    lost: Callable[[], None],
    *,
    after: int = 0,
    patience: float = PATIENCE,
) -> Iterator[Event]:
    """The events of a workflow as they come, up to its end.

    A workflow that is retried goes on behind its `end`; the last one is the one behind which nothing follows.

    Args:
        client: Where the workflow runs.
        workflow_id: Which one.
        lost: Called when the connection broke and is being made again.
        after: Begin after this sequence; 0 is before the first.
        patience: Seconds without a word from the server before giving up.

    Raises:
        Unavailable: The server stayed silent for `patience` seconds.
        JarvisError: The server refused.
    """
    heard = time.monotonic()
    pause = _PAUSE
    is_end = False
    while True:
        wait = 0.0
        try:
            for piece, asked in _pieces(client, workflow_id, after):
                heard, pause, wait = time.monotonic(), _PAUSE, asked
                for event in piece:
                    if event.sequence > after:
                        after = event.sequence
                        is_end = event.kind == END
                        yield event
            if is_end:
                return
        except _Over:
            return
        except Unavailable as error:
            if is_end:
                return
            if time.monotonic() - heard > patience:
                raise _silent(workflow_id, patience) from error
        if time.monotonic() - heard > patience:
            raise _silent(workflow_id, patience)
        if wait <= 1:
            lost()
        time.sleep(wait if wait > 1 else pause)
        pause = min(2 * pause, _LONGEST_PAUSE)


class _Over(Exception):
    """The server has nothing more to say of this workflow."""


def _pieces(client: Client, workflow_id: str, after: int) -> Iterator[tuple[list[Event], float]]:
    """What each word of one connection brings; a sign of life brings nothing.

    With it the seconds after which the server asks to come again: more than one when it is crowded.
    """
    headers = {"Accept": "text/event-stream", **({"Last-Event-ID": str(after)} if after else {})}
    try:
        response = client.stream(f"/workflows/{workflow_id}/events", {}, headers)
        if response is None:
            raise _Over
        lines = Lines()
        while piece := _next(client, response):
            yield [_event(raw) for raw in lines.feed(piece)], lines.retry
    finally:
        client.close()


def _next(client: Client, response: HTTPResponse) -> bytes:
    try:
        return response.read1(65536)
    except (OSError, HTTPException) as error:
        raise client.silent(error) from error


def _event(raw: bytes) -> Event:
    try:
        body = json.loads(raw)
        return Event(
            int(body["sequence"]),
            str(body["kind"]),
            str(body.get("step") or ""),
            str(body.get("message") or ""),
            dict(body.get("data") or {}),
        )
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise JarvisError(
            "The server sent an event that cannot be read.",
            "The command line and Jarvis may be of different versions.",
        ) from error


def _silent(workflow_id: str, patience: float) -> Unavailable:
    return Unavailable(
        f"There was no word from Jarvis for {patience:.0f} s.",
        f"The work may go on there. Watch it again: jarvis workflows watch {workflow_id}",
        {"workflow_id": workflow_id},
    )
