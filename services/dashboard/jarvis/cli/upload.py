"""Sends a parcel and shows how far it is."""

import time
from collections.abc import Iterator

from jarvis.cli import resume
from jarvis.cli.client import Client, word
from jarvis.cli.console import Console
from jarvis.cli.parcel import Parcel
from jarvis.cli.story import line
from jarvis.cli.units import size, span

_SCREEN_PAUSE = 0.1
_PLAIN_PAUSE = 5.0


def send(console: Console, client: Client, parcel: Parcel, service: str = "") -> str:
    """Upload `parcel`, in pieces when it is large; the id of the artifact that it became."""
    if parcel.left_out:
        console.say(f"  Left out: {parcel.left_out}")
    began = time.monotonic()
    shown = _Shown(console, parcel.size)
    if parcel.size >= resume.PIECEWISE_FROM:
        artifact = resume.send(client, parcel, service, shown.say)
    else:
        query = {"filename": parcel.filename, "type": parcel.kind, "service": service, "analyse": "false"}
        row, _ = client.upload("/artifacts", query, parcel.size, shown.counted(parcel.pieces()))
        artifact = word(row, "id")
    console.say(line("✓", "upload", f"{parcel.contents}, {size(parcel.size)}", time.monotonic() - began))
    return artifact


class _Shown:
    """Says from time to time how far an upload is."""

    def __init__(self, console: Console, total: int) -> None:
        self._console = console
        self._total = total
        self._pause = _SCREEN_PAUSE if console.terminal else _PLAIN_PAUSE
        self._began = self._last = time.monotonic()

    def counted(self, pieces: Iterator[bytes]) -> Iterator[bytes]:
        """The pieces, told of while they pass."""
        sent = 0
        for piece in pieces:
            yield piece
            sent += len(piece)
            self.say(sent)

    def say(self, sent: int, waiting: str = "") -> None:
        """`sent` bytes have arrived; `waiting` is why no more do."""
        now = time.monotonic()
        if now - self._last < self._pause:
            return
        self._last = now
        words = f"  ↑ {progress(sent, self._total, now - self._began)}"
        if waiting:
            words = f"  … {waiting} The upload goes on when it answers."
        if self._console.terminal:
            self._console.change(words)
        else:
            self._console.say(words)


def progress(sent: int, total: int, seconds: float) -> str:
    """`12.0 MB of 45.0 MB   26%   8.1 MB/s   4 s left`."""
    rate = sent / seconds if seconds else 0.0
    left = f"   {span(round((total - sent) / rate))} left" if rate and sent < total else ""
    return f"{size(sent)} of {size(total)}   {100 * sent // total}%   {size(rate)}/s{left}"
