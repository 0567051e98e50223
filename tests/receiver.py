"""A receiver of webhooks: a small real HTTP server in a thread, which answers as it is told."""

import ssl
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass(frozen=True)
class Letter:
    """One request as it came in."""

    path: str
    headers: dict[str, str]
    """Names in lower case."""
    body: bytes


@dataclass
class Receiver:
    """What it was sent, and how it answers.

    Attributes:
        statuses: The next answers, in order; when there are none left, 204.
        location: Where a redirect leads.
        before: Called with every request before it is answered.
        trickle: Answer with one byte after the other, for ever.
        tail: Bytes after the answer's head.
    """

    port: int
    statuses: list[int] = field(default_factory=list[int])
    location: str = ""
    before: Callable[[Letter], object] = lambda _: None
    trickle: bool = False
    tail: int = 0
    letters: list[Letter] = field(default_factory=list[Letter])
    over: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        """Where it is told. The path is a secret, as with many services."""
        return f"http://127.0.0.1:{self.port}/hook/T0P-PATH?key=T0P-QUERY"


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    receiver: Receiver

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Who hangs up is what the tests are about."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server  # pyright: ignore[reportIncompatibleVariableOverride] - ours is one

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's name
        pass

    def do_POST(self) -> None:
        receiver = self.server.receiver
        body = self.rfile.read(int(self.headers["Content-Length"]))
        letter = Letter(self.path, {name.lower(): value for name, value in self.headers.items()}, body)
        receiver.letters.append(letter)
        receiver.before(letter)
        if receiver.trickle:
            while not receiver.over.wait(0.05):
                self.wfile.write(b"H")
            return
        self.send_response(receiver.statuses.pop(0) if receiver.statuses else 204)
        if receiver.location:
            self.send_header("Location", receiver.location)
        self.end_headers()
        for _ in range(receiver.tail):
            self.wfile.write(b"x" * 1024)


def certificate_for(folder: Path, name: str) -> ssl.SSLContext:
    """TLS for a server of that name; its own authority, which lies in `certificate.pem`."""
    key = ec.generate_private_key(ec.SECP256R1())
    owner = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder(owner, owner, key.public_key(), x509.random_serial_number())
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (folder / "certificate.pem").write_bytes(made.public_bytes(pem))
    bare = (serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "key.pem").write_bytes(key.private_bytes(pem, *bare))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "certificate.pem", folder / "key.pem")
    return context


@contextmanager
def serve(tls: ssl.SSLContext | None = None) -> Generator[Receiver]:
    """A receiver that answers; gone afterwards."""
    with _Server(("127.0.0.1", 0), _Handler) as server:
        if tls is not None:
            server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        server.receiver = Receiver(int(server.server_address[1]))
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield server.receiver
        finally:
            server.receiver.over.set()
            server.shutdown()
            thread.join()
