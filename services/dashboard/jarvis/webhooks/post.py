"""Tells one address once: within a time limit, to an address that was checked, and no further."""

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import cast
from urllib.parse import SplitResult

from jarvis import control
from jarvis.dns.resolve import addresses
from jarvis.errors import InvalidInput, Unavailable
from jarvis.webhooks import address

SECONDS = 10.0
"""For all of it: the name, the connection, the request and the first line of the answer."""
READ = 4096
"""Bytes of the answer that are read, so that the other side can end in order. They are thrown away."""


class _Connection(http.client.HTTPConnection):
    """A connection to the address that was checked, whatever the name leads to by now."""

    def __init__(self, parts: SplitResult, found: list[str], deadline: float) -> None:
        super().__init__(str(parts.hostname), address.port_of(parts))
        self.default_port = address.PORTS[parts.scheme]
        self._tls = ssl.create_default_context() if parts.scheme == "https" else None
        self._found = found
        self._deadline = deadline

    def connect(self) -> None:
        """Connect to the first address that takes it."""
        plain = self._open()
        if self._tls is None:
            self.sock = plain
            return
        # The socket is known before it shakes hands, so that `hang_up` can end that too.
        self.sock = self._tls.wrap_socket(plain, server_hostname=self.host, do_handshake_on_connect=False)
        self.sock.do_handshake()

    def _open(self) -> socket.socket:
        for number, each in enumerate(self._found, 1):
            left = max(0.05, self._deadline - time.monotonic())
            share = left / (len(self._found) - number + 1)
            try:
                made = socket.create_connection((each, self.port), share)
            except OSError:
                if number == len(self._found):
                    raise
            else:
                made.settimeout(left)
                return made
        raise AssertionError("unreachable")

    def hang_up(self) -> None:
        """End what another thread waits for. A time limit of a socket begins anew with every byte."""
        sock = cast("socket.socket | None", self.sock)
        if sock is not None:
            with suppress(OSError):
                socket.socket.shutdown(
                    sock, socket.SHUT_RDWR
                )  # not TLS's own: that one is not for two threads


def post(url: str, content: bytes, headers: Mapping[str, str], seconds: float = SECONDS) -> int:
    """Send `content` to `url`; the status of the answer. Redirects are not followed.

    Raises:
        InvalidInput: The name leads to addresses that nothing is sent to.
        Unavailable: There is no answer, or not in time. The sentence shows the name and the port only, as
            the rest of an address may be a secret.
    """
    deadline = time.monotonic() + seconds
    parts = address.check(url)
    place = f"{parts.hostname}:{address.port_of(parts)}"
    connection = _Connection(parts, permitted(str(parts.hostname), seconds / 2), deadline)
    clock = threading.Timer(max(0.0, deadline - time.monotonic()), connection.hang_up)
    clock.daemon = True
    clock.start()
    control.on_stop(connection.hang_up)
    try:
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", target, content, {**headers, "Connection": "close"})
        answer = connection.getresponse()
        with suppress(OSError, http.client.HTTPException):
            answer.read(READ)
    except (OSError, http.client.HTTPException) as error:
        control.check()
        late = time.monotonic() >= deadline or isinstance(error, TimeoutError)
        reason = f"not within {seconds:g} seconds" if late else _reason(error)
        raise Unavailable(
            f"{place} did not answer: {reason}.", "See whether the receiver runs there."
        ) from error
    finally:
        clock.cancel()
        connection.close()
    return answer.status


def permitted(host: str, seconds: float) -> list[str]:
    """The addresses of the name that may be told. A machine at home often has a link-local one beside.

    Raises:
        InvalidInput: It leads to addresses that nothing is sent to.
        Unavailable: It has no address.
    """
    found = addresses(host, seconds)
    if not found:
        raise Unavailable(f"The name {host} has no address.", "Check the name of the webhook's address.")
    reasons = {each: address.refusal(each) for each in found}
    permitted = [each for each, reason in reasons.items() if not reason]
    if not permitted:
        each, reason = next(iter(reasons.items()))
        raise InvalidInput(
            f"{host} leads to {each}, {reason}; webhooks are not sent there.",
            "Give the webhook the receiver's own address.",
            {"field": "url"},
        )
    return permitted


def _reason(error: Exception) -> str:
    """Why, in words of ours: what the other side says may be anything."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted ({error.verify_message})"
    if isinstance(error, ssl.SSLError):
        return "it does not speak TLS as it should"
    if isinstance(error, http.client.RemoteDisconnected):
        return "it hung up"
    if isinstance(error, http.client.HTTPException):
        return "what it says is not HTTP"
    return getattr(error, "strerror", None) or type(error).__name__
