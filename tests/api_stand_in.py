"""A stand-in for the API of Jarvis: a small real HTTP server in a thread, for tests of the command line."""

import hashlib
import json
import sys
import threading
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

Json = dict[str, Any]

DEPLOYMENT = "11111111-1111-4111-8111-111111111111"
WORKFLOW = "22222222-2222-4222-8222-222222222222"
ARTIFACT = "33333333-3333-4333-8333-333333333333"
URL = "http://mysite.localhost:8080/"


def event(sequence: int, kind: str, step: str = "", message: str = "", **data: Any) -> Json:
    return {"sequence": sequence, "kind": kind, "step": step or None, "message": message, "data": data}


GOOD_STORY = [
    event(1, "queued", message="Waiting for a worker"),
    event(2, "step", "unpack", "Unpacking …", number=1, total=2),
    event(3, "done", "unpack", "3 files, 30 B", seconds=0.03),
    event(4, "step", "switch", "Switching …", number=2, total=2),
    event(5, "done", "switch", "mysite answers", seconds=0.2),
    event(6, "end", message="Deployed.", status="completed", url=URL, deployment_id=DEPLOYMENT),
]


def problem(status: int, code: str, detail: str, hint: str = "", **facts: Any) -> Json:
    body = {"type": f"urn:jarvis:error:{code}", "title": code, "status": status, "code": code}
    return {**facts, **body, "detail": detail, "hint": hint}


@dataclass
class Seen:
    """One request as it came in."""

    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: bytes
    peer: int


@dataclass
class ApiStandIn:
    """Answers as the contract says; tests change what it says and when its streams break.

    Attributes:
        story: The events of every workflow.
        cuts: The stream is cut after so many events, once for each number.
        answers: "METHOD path" → status, content type, body; wins over everything else.
        hold: Set to let a stream go on after the story's events without an `end`.
        before: Called with each request before it is answered.
    """

    story: list[Json] = field(default_factory=lambda: deepcopy(GOOD_STORY))
    cuts: list[int] = field(default_factory=list)
    answers: dict[str, tuple[int, str, bytes]] = field(default_factory=dict)
    services: list[Json] = field(default_factory=list)
    logs: list[Json] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)
    hold: bool = False
    before: Callable[[Seen], None] = lambda _: None

    def __enter__(self) -> Self:
        stand_in = self
        self.over = threading.Event()

        class Handler(_Handler):
            api = stand_in

        self._server = _Server(("127.0.0.1", 0), Handler)
        self.port = int(self._server.server_address[1])
        self.url = f"http://127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.over.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def answer(self, call: str, status: int, body: Any, kind: str = "application/json") -> None:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.answers[call] = (status, kind, raw)

    def asked(self, method: str, path: str) -> list[Seen]:
        return [one for one in self.seen if (one.method, one.path) == (method, path)]


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that hang up belong to the tests; anything else is shown."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    api: ApiStandIn
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's name
        pass

    def do_GET(self) -> None:
        self._handle(b"")

    def do_DELETE(self) -> None:
        self._handle(b"")

    def do_POST(self) -> None:
        path = urlsplit(self.path).path
        if f"POST {path}!" in self.api.answers:  # answered before the body is read, as for 413
            self.close_connection = True
            self._note(path, b"")
            self._answer(*self.api.answers[f"POST {path}!"])
            return
        self._handle(self.rfile.read(int(self.headers["Content-Length"])))

    def _note(self, path: str, body: bytes) -> Seen:
        query = parse_qs(urlsplit(self.path).query)
        seen = Seen(self.command, path, query, dict(self.headers), body, self.client_address[1])
        self.api.seen.append(seen)
        self.api.before(seen)
        return seen

    def _handle(self, body: bytes) -> None:
        path = urlsplit(self.path).path
        seen = self._note(path, body)
        if f"{self.command} {path}" in self.api.answers:
            self._answer(*self.api.answers[f"{self.command} {path}"])
        elif path == "/healthz":
            self._answer(200, "text/plain", b"ok")
        elif path.endswith("/events"):
            self._stream(seen)
        else:
            status, answer = self._route(path, seen)
            self._answer(status, "application/json", json.dumps(answer).encode())

    def _route(self, path: str, seen: Seen) -> tuple[int, Json]:
        parts = path.removeprefix("/api/v1/").split("/")
        match (self.command, parts):
            case ("POST", ["artifacts"]):
                digest = hashlib.sha256(seen.body).hexdigest()
                return 201, {"id": ARTIFACT, "file_size": len(seen.body), "checksum_sha256": digest}
            case ("POST", ["deployments"] | ["services", _, "rollback"]):
                name = json.loads(seen.body).get("name") or "mysite"
                return 202, {
                    "id": DEPLOYMENT, "workflow_id": WORKFLOW, "service_name": name, "status": "pending",
                    "domain": f"{name}.localhost", "url": URL, "artifact_id": ARTIFACT,
                }  # fmt: skip
            case ("GET", ["services"]):
                return 200, {"items": self.api.services, "next": None}
            case ("GET", ["services", name]):
                rows = [row for row in self.api.services if row["name"] == name]
                return (200, rows[0]) if rows else (404, problem(404, "not_found", f"There is no {name}."))
            case ("GET", ["services", name, "releases"]):
                rows = [
                    item for row in self.api.services if row["name"] == name for item in row["deployments"]
                ]
                return 200, {"items": [{"deployment_id": item["id"]} for item in rows], "next": None}
            case ("DELETE", ["services", _]):
                return 202, {"workflow_id": WORKFLOW}
            case ("GET", ["services", _, "logs"]):
                return 200, {"items": self.api.logs}
            case ("GET", ["workflows", identity]):
                return 200, {"id": identity, "name": "Deploy mysite", "status": "running"}
            case _:
                return 404, problem(404, "not_found", "There is no such thing.", "Look at the list.")

    def _answer(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("X-Jarvis-Version", "0.1.0")
        if 300 <= status < 400:
            self.send_header("Location", "https://elsewhere.example/")
        self.end_headers()
        self.wfile.write(body)

    def _stream(self, seen: Seen) -> None:
        after = int(seen.headers.get("Last-Event-ID", "0"))
        left = self.api.cuts.pop(0) if self.api.cuts else len(self.api.story)
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream; charset=utf-8")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for one in self.api.story:
            if one["sequence"] <= after:
                continue
            if left == 0:
                self.close_connection = True  # in the middle of the chunks: the client sees a broken stream
                return
            left -= 1
            head = f"id: {one['sequence']}\nevent: {one.get('kind')}\n"
            text = f"{head}data: {json.dumps(one)}\n\n: still here\n\n"
            self._chunk(text.encode())
        if self.api.hold:
            self.api.over.wait()
        self._chunk(b"")

    def _chunk(self, raw: bytes) -> None:
        self.wfile.write(b"%x\r\n%b\r\n" % (len(raw), raw))
