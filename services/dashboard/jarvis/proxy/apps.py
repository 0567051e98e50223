"""The proxy's routes for programs: whatever is asked for is passed on to the socket of the one that runs now.

The folder that a host leads to says by a file whether it is a program's, and by a link where that listens. So
the switch from one to the other, and from pages to a program, is the same rename as everywhere.
"""

from collections.abc import Sequence
from typing import Any

from jarvis.mark import MARKER
from jarvis.proxy.front import APP, SOCKET

Json = dict[str, Any]

PLACE = "sites/{http.request.host}/current"
"""Relative to the folder of links, where Caddy runs: a socket's path has 107 bytes at most, and the file
matcher takes some signs of an absolute path for a pattern."""
DIAL_AGAIN = "3s"
"""How long a connection to a program that is just being started again is tried."""
FIRST_ANSWER = "10m"
"""How long a program may think about an answer."""
CLAIMS = ["X-Forwarded-*", "Forwarded", "X-Real-Ip"]
"""What a visitor could say about where he comes from; the proxy writes what it knows itself."""
_NEVER: Json = {"not": [{"path": ["*"]}]}


def route(root: str, place: str, more: Sequence[Json] = ()) -> Json:
    """The route of hosts with a program.

    Args:
        root: The folder that the host leads to, as Caddy writes it.
        place: The same, relative to the folder of links.
        more: Routes that tell the program something, after what visitors claim is gone.
    """
    release: Json = {
        "match": [{"path": [f"/{MARKER}"], "method": ["GET", "HEAD"]}],
        "handle": [
            {
                "handler": "headers",
                "request": {"delete": ["If-*", "Range"]},
                "response": {"set": {"Cache-Control": ["no-store"], "X-Content-Type-Options": ["nosniff"]}},
            },
            {"handler": "headers", "response": {"deferred": True, "delete": ["Last-Modified", "Etag"]}},
            {"handler": "file_server", "root": root},
        ],
        "terminal": True,
    }
    claims: Json = {
        "handler": "headers",
        "request": {"delete": CLAIMS},
        # Set before the program answers, so its own header of that name goes through.
        "response": {"delete": ["Server"]},
    }
    via: Json = {"handler": "headers", "response": {"deferred": True, "delete": ["Via"]}}
    return {
        "match": [{"file": {"root": place, "try_files": [f"/{APP}"]}}],
        "handle": [
            {
                "handler": "subroute",
                "routes": [{"handle": [claims]}, release, *more, {"handle": [via, _passed_on(place)]}],
            }
        ],
        "terminal": True,
    }


def _passed_on(place: str) -> Json:
    """Each request takes a connection of its own: a kept one would still lead to the version before."""
    return {
        "handler": "reverse_proxy",
        "upstreams": [{"dial": f"unix/{place}/{SOCKET}"}],
        "transport": {
            "protocol": "http",
            "keep_alive": {"enabled": False},
            "dial_timeout": "5s",
            "response_header_timeout": FIRST_ANSWER,
            "compression": False,
        },
        # Caddy always dials again; a request that may have reached the program must not be sent twice.
        "load_balancing": {"try_duration": DIAL_AGAIN, "try_interval": "50ms", "retry_match": [_NEVER]},
        "flush_interval": -1,
        "stream_close_delay": "1m",
    }
