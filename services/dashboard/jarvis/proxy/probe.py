"""Look at a site the way a visitor does: one real request through the proxy, with the public name."""

import hashlib
import http.client
import time
from collections.abc import Mapping
from dataclasses import dataclass

from jarvis.errors import Unavailable

BODY_KEPT = 64 * 1024


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    sha256: str
    """Hex digest of the whole body."""
    body: bytes
    """The first 64 KiB of it."""
    headers: Mapping[str, str]
    """Names in lower case."""
    seconds: float


def probe(host: str, port: int, path: str, *, address: str = "127.0.0.1", timeout: float = 5.0) -> Answer:
    """Ask the proxy at `address` for one path of one host and return its answer, whatever its status.

    Args:
        host: The public name, sent as the Host header; it is not resolved.
        port: Port of the proxy.
        path: Path and query, already percent-encoded.
        address: Where the proxy listens.
        timeout: Seconds for the whole request.

    Raises:
        Unavailable: Nothing answered, or not in time.
    """
    began = time.monotonic()
    connection = http.client.HTTPConnection(address, port, timeout=timeout)
    try:
        connection.putrequest("GET", path, skip_host=True, skip_accept_encoding=True)
        connection.putheader("Host", host)
        connection.putheader("Accept-Encoding", "identity")
        connection.putheader("User-Agent", "jarvis-probe")
        connection.putheader("Connection", "close")
        connection.endheaders()
        return taken(connection.getresponse(), began, timeout)
    except (OSError, http.client.HTTPException) as error:
        raise unanswered(host, address, port, path, error) from error
    finally:
        connection.close()


def taken(answer: http.client.HTTPResponse, began: float, timeout: float) -> Answer:
    """Read an answer to its end.

    Raises:
        OSError: Not in time.
        HTTPException: It is cut short.
    """
    digest, kept = hashlib.sha256(), bytearray()
    while block := answer.read1(BODY_KEPT):
        digest.update(block)
        kept += block[: BODY_KEPT - len(kept)]
        if time.monotonic() - began > timeout:
            raise TimeoutError(f"the answer was not complete after {timeout:g} s")
    if answer.length:
        raise http.client.IncompleteRead(bytes(kept), answer.length)
    headers = {name.lower(): value for name, value in answer.getheaders()}
    return Answer(answer.status, digest.hexdigest(), bytes(kept), headers, time.monotonic() - began)


def unanswered(host: str, address: str, port: int, path: str, error: Exception) -> Unavailable:
    """That nothing answered, in a sentence."""
    return Unavailable(
        f"{host} does not answer on port {port}.",
        "See whether the proxy runs: `jarvis status`.",
        {"host": host, "address": address, "port": port, "path": path, "cause": str(error) or repr(error)},
    )
