"""Sends a parcel and shows how far it is."""

import time
from collections.abc import Iterator
from typing import Any

from jarvis.cli.client import Client
from jarvis.cli.console import Console
from jarvis.cli.parcel import Parcel
from jarvis.cli.story import line
from jarvis.cli.units import size, span

_SCREEN_PAUSE = 0.1
_PLAIN_PAUSE = 5.0


def send(console: Console, client: Client, parcel: Parcel) -> dict[str, Any]:
    """Upload `parcel`; the artifact that it became."""
    if parcel.left_out:
        console.say(f"  Left out: {parcel.left_out}")
    began = time.monotonic()
    query = {"filename": parcel.filename, "type": parcel.kind}
    artifact = client.upload("/artifacts", query, parcel.size, _counted(console, parcel))
    console.say(line("✓", "upload", f"{parcel.contents}, {size(parcel.size)}", time.monotonic() - began))
    return artifact


def _counted(console: Console, parcel: Parcel) -> Iterator[bytes]:
    """The pieces of `parcel`; how far it is, is said from time to time."""
    pause = _SCREEN_PAUSE if console.terminal else _PLAIN_PAUSE
    began = last = time.monotonic()
    sent = 0
    for piece in parcel.pieces():
        yield piece
        sent += len(piece)
        now = time.monotonic()
        if now - last >= pause:
            last = now
            words = f"  ↑ {progress(sent, parcel.size, now - began)}"
            if console.terminal:
                console.change(words)
            else:
                console.say(words)


def progress(sent: int, total: int, seconds: float) -> str:
    """`12.0 MB of 45.0 MB   26%   8.1 MB/s   4 s left`."""
    rate = sent / seconds if seconds else 0.0
    left = f"   {span(round((total - sent) / rate))} left" if rate and sent < total else ""
    return f"{size(sent)} of {size(total)}   {100 * sent // total}%   {size(rate)}/s{left}"
