"""One connection to one Jarvis, which is kept open: requests, streams and uploads, and what may go wrong."""

import json
import select
import ssl
from collections.abc import Iterable, Mapping
from email.message import Message
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from socket import socket
from types import TracebackType
from typing import Any, Self, cast
from urllib.parse import urlencode, urlsplit

import click

from jarvis import __version__
from jarvis.errors import JarvisError, Unavailable, from_problem

CONNECT_TIMEOUT = 10.0
ANSWER_TIMEOUT = 60.0
"""Seconds for one answer, and for each piece of an upload."""
LARGEST_ANSWER = 16 * 1024**2


class Wire:
    """One Jarvis, reached over HTTP or HTTPS. Redirects are not followed.

    Args:
        url: Its address; a path in it is kept, for a Jarvis behind a proxy.
        token: The bearer token; empty sends none.
        hint: What to do when it does not answer.

    Raises:
        click.UsageError: `url` is no address.
    """

    def __init__(self, url: str, token: str, hint: str) -> None:
        self.url = url.rstrip("/")
        self.hint = hint
        try:
            parts = urlsplit(self.url)
            host, port = parts.hostname, parts.port
        except ValueError:
            parts, host, port = urlsplit(""), None, None
        if (
            not host
            or parts.scheme not in ("http", "https")
            or parts.query
            or parts.fragment
            or "@" in parts.netloc
        ):
            raise click.UsageError(
                f"JARVIS_URL must be an address such as https://jarvis.example.org, not {url!r}."
            )
        self._prefix = parts.path
        if not token.isascii() or not token.isprintable() or " " in token:
            raise click.UsageError("JARVIS_TOKEN has signs that no token has (its value is not shown here).")
        self._headers = {"Accept": "application/json", "User-Agent": f"jarvis-cli/{__version__}"}
        if token:
            self._headers["Authorization"] = f"Bearer {token}"
        kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        self._connection = kind(host, port, timeout=CONNECT_TIMEOUT)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Drop the connection; the next request makes a new one."""
        self._connection.close()

    def upload(
        self,
        path: str,
        query: Mapping[str, object],
        size: int,
        pieces: Iterable[bytes],
        *,
        method: str = "POST",
        headers: Mapping[str, str] | None = None,
    ) -> tuple[dict[str, Any], Message]:
        """Send `size` bytes as the body of a request; the answer's JSON object and its headers.

        When the server answers before it has everything (too large, not allowed), its answer counts.
        """
        connection = self._connection
        kind = {"Content-Type": "application/octet-stream", "Content-Length": str(size)}
        try:
            self._open()
            connection.putrequest(method, self._target(path, query), skip_accept_encoding=True)
            for name, value in {**self._headers, **kind, **(headers or {})}.items():
                connection.putheader(name, value)
            connection.endheaders()
        except (OSError, HTTPException) as error:
            raise self.silent(error) from error
        left = size
        for piece in pieces:
            if self._answered() or not self._sent(piece):
                break
            left -= len(piece)
        try:
            response = connection.getresponse()
            return self._read(response), response.headers
        except (OSError, HTTPException) as error:
            raise self.silent(error) from error
        finally:
            if left:
                self.close()

    def _sent(self, piece: bytes) -> bool:
        """Send a piece of an upload; False when the server has answered or hung up in the middle of it."""
        try:
            self._connection.send(piece)
        except ConnectionError:
            return False  # the answer that explains it may be here already
        except OSError as error:
            if not self._answered():
                raise self.silent(error) from error
            return False
        return True

    def _answered(self) -> bool:
        """Whether the server said something although the request is not over. TLS speaks for itself too."""
        sock = self._connection.sock
        if sock is None or isinstance(sock, ssl.SSLSocket):
            return False
        return bool(select.select([sock], [], [], 0)[0])

    def stream(
        self, path: str, query: Mapping[str, object], headers: Mapping[str, str]
    ) -> HTTPResponse | None:
        """Begin to read the event stream at `path`; the connection is the stream's until `close`.

        None when the server says that nothing will come any more.
        """
        response = self._send("GET", self._target(path, query), None, headers)
        if response.status == 204:
            self._read(response)
            return None
        if response.status != 200 or response.headers.get_content_type() != "text/event-stream":
            self._read(response)
            raise self._foreign(response)
        return response

    def download(self, path: str) -> HTTPResponse:
        """Begin to read the bytes at `path`; the connection is theirs until `close`.

        Raises:
            JarvisError: The server says what is wrong.
        """
        response = self._send("GET", self._target(path, None), None)
        if response.status != 200:
            self._read(response)
            raise self._foreign(response)
        return response

    def healthy(self) -> bool:
        """Whether a Jarvis answers `/healthz`."""
        try:
            response = self._send("GET", f"{self._prefix}/healthz", None)
            response.read(1024)
        except (Unavailable, OSError, HTTPException):
            self.close()
            return False
        return response.status == 200 and "X-Jarvis-Version" in response.headers

    def silent(self, error: Exception) -> Unavailable:
        """`error` of the connection as a person reads it; the connection is dropped."""
        self.close()
        if isinstance(error, ssl.SSLCertVerificationError):
            reason = f"its certificate is not trusted ({error.verify_message})"
        elif isinstance(error, TimeoutError):
            reason = "it took too long"
        else:
            reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        return Unavailable(f"There is no answer from {self.url}: {reason}.", self.hint, {"url": self.url})

    def _target(self, path: str, query: Mapping[str, object] | None) -> str:
        words = {key: value for key, value in (query or {}).items() if value not in (None, "")}
        asked = "?" + urlencode(words, errors="surrogateescape") if words else ""
        return f"{self._prefix}/api/v1{path}{asked}"

    def _open(self) -> bool:
        """Connect where needed; True when the connection was used before."""
        if self._connection.sock is not None:
            return True
        self._connection.connect()
        sock: socket = self._connection.sock  # pyright: ignore[reportAssignmentType]: connect() made it
        sock.settimeout(ANSWER_TIMEOUT)
        return False

    def _send(
        self, method: str, target: str, body: bytes | None, headers: Mapping[str, str] | None = None
    ) -> HTTPResponse:
        everything = {**self._headers, **(headers or {})}
        used = False
        try:
            used = self._open()
            self._connection.request(method, target, body, everything)
            return self._connection.getresponse()
        except (OSError, HTTPException) as error:
            # A connection that rested may have been closed at the other end; reading again harms nothing.
            if used and method == "GET" and not isinstance(error, TimeoutError):
                self.close()
                return self._send(method, target, body, headers)
            raise self.silent(error) from error

    def _read(self, response: HTTPResponse) -> dict[str, Any]:
        """The JSON object of `response`.

        Raises:
            JarvisError: The server says what is wrong, or it is no Jarvis.
        """
        try:
            raw = response.read(LARGEST_ANSWER + 1)
        except (OSError, HTTPException) as error:
            raise self.silent(error) from error
        if not response.isclosed():
            self.close()
        if response.status == 204:
            return {}
        try:
            body = json.loads(raw) if len(raw) <= LARGEST_ANSWER else None
        except (ValueError, RecursionError):
            body = None
        if not isinstance(body, dict):
            raise self._foreign(response)
        answer = cast("dict[str, Any]", body)
        if response.status >= 400:
            raise from_problem(answer) if "detail" in answer else self._foreign(response)
        if response.status >= 300:
            raise self._foreign(response)
        return answer

    def _foreign(self, response: HTTPResponse) -> JarvisError:
        """The error for an answer that no Jarvis gives."""
        self.close()
        facts = {"url": self.url, "http_status": response.status}
        if 300 <= response.status < 400:
            place = response.headers.get("Location", "another address")
            return JarvisError(
                f"{self.url} sends us on to {place}.",
                "Set JARVIS_URL to the address that answers itself.",
                facts,
            )
        kind = response.headers.get_content_type()
        what = f"{self.url} does not answer as Jarvis does (HTTP {response.status}, {kind})."
        if response.status >= 500:
            return Unavailable(what, "The proxy before it may have lost it: try again in a moment.", facts)
        return JarvisError(what, "Check JARVIS_URL: another program may answer at that address.", facts)
