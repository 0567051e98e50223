"""An upload in pieces that goes on after a broken connection (the tus protocol, version 1.0.0)."""

import time
from base64 import b64encode
from collections.abc import Callable, Iterator

from jarvis.cli.client import Client
from jarvis.cli.parcel import Parcel
from jarvis.errors import JarvisError

PIECEWISE_FROM = 16 * 1024**2
"""Bytes from which an upload is worth resuming."""
CHUNK = 64 * 1024**2
"""Bytes of one request. What of it arrived before the connection broke is kept as well."""
PATIENCE = 120.0
"""Seconds without a single byte arriving, after which the upload is given up."""
_PAUSE = 1.0
_PASSING = {408, 409, 502, 503, 504}
"""Too slow, the request that broke still holds the upload, or the server is away: asking again helps."""
_VERSION = {"Tus-Resumable": "1.0.0"}


def send(client: Client, parcel: Parcel, service: str, say: Callable[[int, str], None]) -> str:
    """Upload `parcel`; the id of the artifact that it became.

    Args:
        client: Where to.
        parcel: What.
        service: The service that it is for; may be empty.
        say: Told how many bytes have arrived, and why the upload waits, if it does.

    Raises:
        Unavailable: The server stayed away for `PATIENCE` seconds.
        JarvisError: It refused the upload.
    """
    words = {"filename": parcel.filename, "type": parcel.kind, "service": service, "analyse": "false"}
    told = ",".join(
        f"{key} {b64encode(value.encode(errors='replace')).decode()}" for key, value in words.items() if value
    )
    headers = {**_VERSION, "Upload-Length": str(parcel.size), "Upload-Metadata": told}
    _, answer = client.upload("/uploads", {}, 0, (), headers=headers)
    place = f"/uploads/{(answer['Location'] or '').rstrip('/').rpartition('/')[2]}"
    source = _Source(parcel)
    offset, quiet_since = 0, time.monotonic()
    while True:
        try:
            state = client.get(place)
            if artifact := state.get("artifact_id"):
                return str(artifact)
            if int(state["offset"]) > offset:
                quiet_since = time.monotonic()
            offset = int(state["offset"])
            while offset < parcel.size:
                offset = _chunk(client, place, source, offset, parcel.size, say)
                quiet_since = time.monotonic()
        except JarvisError as error:
            if error.status not in _PASSING or time.monotonic() - quiet_since > PATIENCE:
                raise
            say(offset, error.message)
            time.sleep(_PAUSE)
        except (KeyError, ValueError) as error:
            raise JarvisError("Jarvis answered without the upload's offset.", "Check JARVIS_URL.") from error


def _chunk(
    client: Client, place: str, source: "_Source", offset: int, total: int, say: Callable[[int, str], None]
) -> int:
    """Send the next chunk; where the upload stands then."""
    size = min(CHUNK, total - offset)
    headers = {**_VERSION, "Content-Type": "application/offset+octet-stream", "Upload-Offset": str(offset)}

    def counted() -> Iterator[bytes]:
        done = offset
        for piece in source.take(offset, size):
            yield piece
            done += len(piece)
            say(done, "")

    _, answer = client.upload(place, {}, size, counted(), method="PATCH", headers=headers)
    return int(answer["Upload-Offset"] or "")


class _Source:
    """The bytes of a parcel from any place on; they are read once while the places follow each other."""

    def __init__(self, parcel: Parcel) -> None:
        self._parcel = parcel
        self._pieces: Iterator[bytes] = iter(())
        self._rest = b""
        self._at = -1

    def take(self, start: int, size: int) -> Iterator[bytes]:
        """`size` bytes from `start` on."""
        if start != self._at:
            self._pieces, self._rest, self._at = self._parcel.pieces(), b"", 0
        while size:
            piece = self._rest or next(self._pieces, b"")
            if not piece:
                return
            skip = min(max(0, start - self._at), len(piece))
            cut = piece[skip : skip + size]
            self._rest = piece[skip + len(cut) :]
            self._at += skip + len(cut)
            size -= len(cut)
            if cut:
                yield cut
