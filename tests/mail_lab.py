"""A stand-in for a mail server: enough of SMTP (RFC 5321), with STARTTLS and AUTH PLAIN."""

import base64
import email
import email.policy
import socketserver
import ssl
import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any


@dataclass
class Post:
    """What it was handed, and how it answers.

    Attributes:
        port: Where it listens.
        tls: Offered by STARTTLS, or used from the beginning.
        at_once: TLS from the first byte.
        login: The user and the password that it wants; empty for none.
        refuse: What it says to a receiver instead of 250, such as `550 no such user`.
        mails: What it took.
        secured: Whether each of them came over TLS.
    """

    port: int = 0
    tls: ssl.SSLContext | None = None
    at_once: bool = False
    login: tuple[str, str] | None = None
    refuse: str = ""
    mails: list[EmailMessage] = field(default_factory=list[EmailMessage])
    secured: list[bool] = field(default_factory=list[bool])
    receivers: list[str] = field(default_factory=list[str])


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    post: Post

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Who hangs up in the middle is what some tests are about."""


class _Handler(socketserver.StreamRequestHandler):
    server: _Server  # pyright: ignore[reportIncompatibleVariableOverride] - ours is one

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())
        self.wfile.flush()

    def secure(self) -> None:
        assert self.server.post.tls is not None
        self.connection = self.server.post.tls.wrap_socket(self.connection, server_side=True)
        self.rfile = self.connection.makefile("rb")
        self.wfile = self.connection.makefile("wb")
        self.safe = True

    def handle(self) -> None:
        self.safe = False
        post = self.server.post
        if post.at_once:
            self.secure()
        known = post.login is None
        self.say("220 stand-in")
        while line := self.rfile.readline().decode().strip():
            word, _, rest = line.partition(" ")
            match word.upper():
                case "EHLO":
                    starts = post.tls is not None and not self.safe
                    self.say("250-stand-in" if starts or post.login else "250 stand-in")
                    if starts:
                        self.say("250-STARTTLS" if post.login else "250 STARTTLS")
                    if post.login:
                        self.say("250 AUTH PLAIN")
                case "STARTTLS":
                    self.say("220 go on")
                    self.secure()
                case "AUTH":
                    given = base64.b64decode(rest.partition(" ")[2]).decode().split("\0")[1:]
                    known = tuple(given) == post.login
                    self.say("235 welcome" if known else "535 5.7.8 the password is wrong")
                case "MAIL":
                    self.say("250 ok" if known else "530 5.7.0 who are you")
                case "RCPT":
                    self.say(post.refuse or "250 ok")
                    post.receivers.append(rest)
                case "DATA":
                    self.say("354 go on")
                    self.take()
                    self.say("250 taken")
                case "QUIT":
                    self.say("221 bye")
                    return
                case _:
                    self.say("250 ok")

    def finish(self) -> None:
        super().finish()
        self.connection.close()  # that of TLS is not the one that the server knows

    def take(self) -> None:
        lines: list[bytes] = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        found = email.message_from_bytes(b"".join(lines), policy=email.policy.default)
        self.server.post.mails.append(found)
        self.server.post.secured.append(self.safe)


@contextmanager
def serve(post: Post | None = None) -> Generator[Post]:
    """A mail server; gone afterwards."""
    told = post or Post()
    with _Server(("127.0.0.1", 0), _Handler) as server:
        told.port = int(server.server_address[1])
        server.post = told
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield told
        finally:
            server.shutdown()
            thread.join()
