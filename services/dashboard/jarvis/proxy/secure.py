"""Look at a site by HTTPS the way a visitor does: the name in the handshake, the certificate checked."""

import http.client
import socket
import ssl
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography import x509

from jarvis.errors import Unavailable
from jarvis.proxy.certificates import by
from jarvis.proxy.probe import Answer, taken, unanswered


@dataclass(frozen=True)
class Shown:
    """The certificate that came with an answer; it was checked.

    Attributes:
        issuer: Who gave it, in words.
        not_after: Until when it is good.
        serial: Its number, in hex.
    """

    issuer: str
    not_after: datetime
    serial: str


class _Connection(http.client.HTTPSConnection):
    """Goes to an address, and asks there for a name that need not lead there."""

    def __init__(self, address: str, port: int, host: str, timeout: float, trust: ssl.SSLContext) -> None:
        super().__init__(host, port, timeout=timeout, context=trust)
        self._place = (address, port)
        self._name = host
        self._trust = trust

    def connect(self) -> None:
        wire = socket.create_connection(self._place, self.timeout)
        self.sock = self._trust.wrap_socket(wire, server_hostname=self._name)


def trust(*roots: Path, own: Path | None = None) -> ssl.SSLContext:
    """Trust what the machine trusts, and these files of roots where they are.

    Args:
        roots: Files of root certificates.
        own: A file with a person's own chain: to trust its authority is the person's choice.
    """
    context = ssl.create_default_context()
    if own is not None:
        context.load_verify_locations(cafile=own)
        context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
        context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    for file in roots:
        if file.is_file():
            context.load_verify_locations(cafile=file)
    return context


def ask(
    host: str,
    port: int,
    path: str,
    *,
    trusted: ssl.SSLContext,
    address: str = "127.0.0.1",
    timeout: float = 5.0,
    agent: str = "jarvis-probe",
) -> tuple[Answer, Shown]:
    """Ask the proxy at `address` by HTTPS; as `probe.probe`.

    Raises:
        Unavailable: Nothing answered, not in time, or with a certificate that is not good for the name.
    """
    began = time.monotonic()
    connection = _Connection(address, port, host, timeout, trusted)
    try:
        connection.connect()
        shown = _shown(connection.sock)
        headers = {"Host": host, "Accept-Encoding": "identity", "User-Agent": agent, "Connection": "close"}
        connection.request("GET", path, headers=headers)
        return taken(connection.getresponse(), began, timeout), shown
    except ssl.SSLCertVerificationError as error:
        raise Unavailable(
            f"The certificate of {host} is not good: {error.verify_message}.",
            "See jarvis certificates list.",
            {"host": host, "port": port},
        ) from error
    except ssl.SSLError as error:
        raise Unavailable(
            f"{host} has no certificate yet.",
            "See what the proxy's log says of it.",
            {"host": host, "port": port, "cause": str(error)},
        ) from error
    except (OSError, http.client.HTTPException) as error:
        raise unanswered(host, address, port, path, error) from error
    finally:
        connection.close()


def _shown(wire: socket.socket | None) -> Shown:
    raw = wire.getpeercert(binary_form=True) if isinstance(wire, ssl.SSLSocket) else None
    if raw is None:
        raise ssl.SSLError("no certificate was shown")
    leaf = x509.load_der_x509_certificate(raw)
    return Shown(by(leaf), leaf.not_valid_after_utc, f"{leaf.serial_number:x}")
