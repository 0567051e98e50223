"""The gate's own HTTP: only what the proxy sends, on a unix socket, with kept connections."""

import asyncio
import os
import signal
from dataclasses import replace
from pathlib import Path

from jarvis.proxy.gate.book import Book
from jarvis.proxy.gate.decide import Rules
from jarvis.proxy.gate.exits import Answer, Exit, Pass
from jarvis.proxy.gate.guard import Guard

LONGEST_HEAD = 64 * 1024
BACKLOG = 4096
PAGE = "<!doctype html><meta charset=utf-8><title>{title}</title><h1>{title}</h1><p>{text}\n"
REASONS = {401: ("Who are you?", "A name and a password are wanted here."),
           429: ("Too many tries", "Wait a minute, then try again.")}  # fmt: skip
NO_STORE = ("Cache-Control", "no-store")
HTML = ("Content-Type", "text/html; charset=utf-8")


class Gate:
    """Answers one question at a time, from the book."""

    def __init__(self, www: Path) -> None:
        self.book = Book(str(www))
        self.guard = Guard()

    def answer(self, asked: dict[bytes, str]) -> Exit | None:
        """What can be said at once; None where a password has to be worked out first."""
        rules, host, uri = self._read(asked)
        if rules is None:
            return Pass("")
        if (leads := rules.leads_to(host, uri)) is not None:
            return leads
        way = rules.route(asked[b"jarvis-method"], uri)
        guarded = self._guarded(rules, way)
        if guarded is None:
            return self._open(rules, way, uri, known=False)
        if self.guard.knows(guarded.logins, asked.get(b"authorization", "")):
            return self._open(rules, way, uri, known=True)
        return None

    async def check(self, asked: dict[bytes, str]) -> Exit:
        """What is said after the password was worked out."""
        rules, _, uri = self._read(asked)
        way = rules.route(asked[b"jarvis-method"], uri) if rules is not None else None
        guarded = self._guarded(rules, way) if rules is not None else None
        if rules is None or guarded is None:  # another version came meanwhile
            return self.answer(asked) or _refusal(401, "")
        header, origin = asked.get(b"authorization", ""), asked.get(b"jarvis-from", "")
        status = await self.guard.check(guarded.service, guarded.logins, header, origin)
        return self._open(rules, way, uri, known=True) if status == 200 else _refusal(status, guarded.service)

    def _read(self, asked: dict[bytes, str]) -> tuple[Rules | None, str, str]:
        host = asked[b"host"]
        return self.book.of_host(host.partition(":")[0]), host, asked[b"jarvis-uri"]

    def _guarded(self, rules: Rules, way: Exit | None) -> Rules | None:
        """Whose logins count: the name's own, else those of the service that answers."""
        if rules.logins:
            return rules
        other = self.book.of_service(way.service) if isinstance(way, Pass) else None
        return other if other is not None and other.logins else None

    def _open(self, rules: Rules, way: Exit | None, uri: str, *, known: bool) -> Exit:
        found = way or rules.decide(uri, lambda path: self.book.there(rules, path))
        if known and isinstance(found, Pass):
            return replace(found, known=True)
        return found


def _refusal(status: int, service: str) -> Answer:
    title, text = REASONS[status]
    more = (
        ("Retry-After", "60")
        if status == 429
        else ("WWW-Authenticate", f'Basic realm="{service}", charset="UTF-8"')
    )
    return Answer(status, (more, NO_STORE, HTML), PAGE.format(title=title, text=text))


class Wire(asyncio.Protocol):
    """One connection of the proxy."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self._seen = b""
        self._busy: asyncio.Task[None] | None = None
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """It is open."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - what asyncio makes of a stream
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer every question that is whole."""
        self._seen += data
        self._next()

    def _next(self) -> None:
        while self._busy is None and self._transport is not None:
            head, end, rest = self._seen.partition(b"\r\n\r\n")
            if not end:
                if len(self._seen) > LONGEST_HEAD:
                    self._transport.close()
                return
            self._seen = rest
            asked = _fields(head)
            try:
                found = self._gate.answer(asked)
            except (KeyError, ValueError):
                self._transport.write(b"HTTP/1.1 500 x\r\nContent-Length: 0\r\n\r\n")
                continue
            if found is not None:
                self._transport.write(_written(found))
            else:
                self._busy = asyncio.get_running_loop().create_task(self._check(asked))

    async def _check(self, asked: dict[bytes, str]) -> None:
        try:
            found = await self._gate.check(asked)
        finally:
            self._busy = None
        if self._transport is not None:
            self._transport.write(_written(found))
            self._next()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio names it
        """The proxy has hung up."""
        self._transport = None


def _fields(head: bytes) -> dict[bytes, str]:
    found: dict[bytes, str] = {}
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        found[name.lower()] = value.strip().decode("utf-8", "surrogateescape")
    return found


def _written(found: Exit) -> bytes:
    """An answer: 200 lets the request pass, everything else is for the visitor as it is."""
    lines: list[str] = []
    body = b""
    status = 200
    if isinstance(found, Answer):
        status, body = found.status, found.body.encode()
        lines += (f"{name}: {value}" for name, value in found.headers)
    else:
        own = {"Service": found.service, "Path": found.path, "Strip": found.strip,
               "Missing": "1" if found.missing else "", "Known": "1" if found.known else ""}  # fmt: skip
        own |= {f"Drop-{number}": name for number, name in enumerate(found.drop, 1)}
        lines += (f"Jarvis-{name}: {value}" for name, value in own.items() if value)
        lines += (f"{name}: {value}" for name, value in found.headers)
    head = "\r\n".join((f"HTTP/1.1 {status} x", f"Content-Length: {len(body)}", *lines, "", ""))
    return head.encode("utf-8", "surrogateescape") + body


async def _serve(www: Path, socket: Path) -> None:
    loop = asyncio.get_running_loop()
    over = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, over.set)
    gate = Gate(www)
    draft = socket.with_name(f".{socket.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    server = await loop.create_unix_server(lambda: Wire(gate), draft, backlog=BACKLOG)
    draft.replace(socket)  # from now on the proxy's connections come here; those it has stay where they are
    await over.wait()
    server.close()  # connections end with the process; the proxy then asks whoever has the name


def run(www: Path, socket: Path) -> None:
    """Listen until SIGTERM."""
    os.umask(0o177)
    asyncio.run(_serve(www, socket))
