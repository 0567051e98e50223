"""A build over Docker's HTTP, which can be ended at any moment: Docker stops what nobody listens to.

The package `docker` has the same call, but no way to end one that is silent.
"""

import json
import queue
import socket
import threading
from collections.abc import Generator, Iterable, Mapping
from contextlib import suppress
from contextvars import copy_context
from http.client import HTTPConnection, HTTPException, HTTPResponse
from typing import Any
from urllib.parse import urlencode, urlsplit

from jarvis.builds.image.failure import gone
from jarvis.builds.image.login import Logins, header
from jarvis.errors import JarvisError, Unavailable

Json = dict[str, Any]

_CONNECT_WITHIN = 10.0
_PAUSE = 0.2


class _Connection(HTTPConnection):
    """To a socket in the file system, or to a port."""

    def __init__(self, address: str) -> None:
        place = urlsplit(address)
        super().__init__(place.hostname or "localhost", place.port or 2375)
        self._path = place.path if place.scheme == "unix" else ""

    def connect(self) -> None:
        if not self._path:
            self.sock = socket.create_connection((self.host, self.port), _CONNECT_WITHIN)
            self.sock.settimeout(None)
        else:
            self.sock = socket.socket(socket.AF_UNIX)
            self.sock.connect(self._path)


class Build:
    """One build that runs.

    Args:
        address: Of Docker.
        version: Of its API.
        query: What is asked.
        logins: Our accounts at registries.
        body: What is built from.
    """

    def __init__(
        self,
        address: str,
        version: str,
        query: Mapping[str, str],
        logins: Logins,
        body: Iterable[bytes],
    ) -> None:
        self._path = f"/v{version}/build?{urlencode(query)}"
        self._headers = {"Content-Type": "application/x-tar", "X-Registry-Config": header(logins)}
        self._body = body
        self._connection = _Connection(address)
        self._said: queue.SimpleQueue[Json | Exception | None] = queue.SimpleQueue()

    def events(self) -> Generator[Json | None]:
        """What Docker says, None where it is silent for a moment. Closed early, it ends the build.

        Raises:
            Unavailable: Docker went away.
        """
        try:
            self._connection.connect()
        except OSError as error:
            self._connection.close()
            hint = "Start it (systemctl start docker)."
            raise Unavailable("Docker does not answer.", hint, {"part": "docker"}) from error
        talk = threading.Thread(target=copy_context().run, args=(self._talk,), daemon=True)
        talk.start()
        try:
            while True:
                try:
                    said = self._said.get(timeout=_PAUSE)
                except queue.Empty:
                    yield None
                    continue
                if said is None:
                    return
                if isinstance(said, JarvisError):
                    raise said
                if isinstance(said, Exception):
                    raise gone(str(said)) from said
                yield said
        finally:
            with suppress(OSError):
                self._connection.sock.shutdown(socket.SHUT_RDWR)
            talk.join()
            self._connection.close()

    def _talk(self) -> None:
        try:
            with suppress(BrokenPipeError, ConnectionResetError):  # it answers before it has read all
                self._connection.request("POST", self._path, self._body, self._headers, encode_chunked=True)
            response = self._connection.getresponse()
            if response.status != 200:
                self._said.put({"error": _explained(response)})
            else:
                for line in response:
                    self._said.put(json.loads(line))
            self._said.put(None)
        except (OSError, HTTPException, ValueError, JarvisError) as error:
            self._said.put(error)


def _explained(response: HTTPResponse) -> str:
    said = response.read(1 << 16).decode("utf-8", "replace")
    with suppress(ValueError, KeyError, TypeError):
        return str(json.loads(said)["message"])
    return said
