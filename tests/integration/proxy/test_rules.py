"""Rules of a release, in a real Caddy with a real gate: addresses, redirects, headers, logins, routes."""

import hashlib
import json
import socket
import threading
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPException

import pytest

from caddy_lab import Reply, poll
from gate_lab import GateLab, basic
from jarvis.proxy import front, password, site
from jarvis.proxy.pages import NO_PAGE
from socket_backend import Backend

PAGES = {
    "index.html": "<h1>home</h1>",
    "about.html": "about " * 200,
    "docs/index.html": "docs",
    "blog.html": "blog",
    "blog/post.html": "post",
    "both.html": "both",
    "both/index.html": "both's folder",
    "raw": "raw",
    "raw.html": "raw page",
    "v1.2.html": "version",
    "a b%ä.html": "odd",
    "app-4fa9c1d2.js": "hashed()",
    "en/404.html": "not in English",
}
REDIRECTS = """
/old/* /new/:splat 302
/app/* /index.html 200
/en/* /en/404.html 404
/about /nowhere
/raw /forced 301!
"""
HEADERS = """
/*
  X-All: 1
  Cache-Control: max-age=5
/about
  ! X-Content-Type-Options
  Content-Type: text/plain
"""


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GateLab]:
    with GateLab(tmp_path_factory.mktemp("rules")) as running:
        running.pages("clean", PAGES)
        running.pages("old", PAGES, clean=False)
        running.pages("ruled", {**PAGES, "_redirects": REDIRECTS, "_headers": HEADERS})
        running.pages("closed", PAGES, logins={"me": password.hash("word")})
        yield running


def location(reply: Reply) -> tuple[int, str]:
    return reply.status, reply.headers.get("location", "")


def test_it_works(lab: GateLab):
    assert lab.get("clean.localhost", "/about").body == lab.get("old.localhost", "/about.html").body
    assert location(lab.get("ruled.localhost", "/old/a/b?c=d")) == (302, "/new/a/b?c=d")
    assert lab.get("ruled.localhost", "/").headers["x-all"] == "1"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/about", "about " * 200),
        ("/about?x=1", "about " * 200),
        ("/blog", "blog"),
        ("/blog/post", "post"),
        ("/both", "both"),
        ("/both/", "both's folder"),
        ("/docs/", "docs"),
        ("/raw", "raw"),
        ("/raw.html", "raw page"),
        ("/v1.2.html", "version"),
        ("/a%20b%25%C3%A4", "odd"),
    ],
)
def test_pages_are_found_without_their_ending(lab: GateLab, path: str, body: str):
    reply = lab.get("clean.localhost", path)
    assert (reply.status, reply.body.decode()) == (200, body)
    if path != "/raw":
        assert reply.headers["content-type"] == "text/html; charset=utf-8"
        assert reply.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("/about.html", "./about"),
        ("/about.html?x=1&y", "./about?x=1&y"),
        ("/about/", "../about"),
        ("/about/?x", "../about?x"),
        ("/blog/", "../blog"),
        ("/blog/post.html", "./post"),
        ("/both.html", "./both"),
        ("/index.html", "./"),
        ("/index", "./"),
        ("/index.html?q", "./?q"),
        ("/docs/index.html", "./"),
        ("/docs", "/docs/"),
        ("/a%20b%25%C3%A4.html", "./a%20b%25%C3%A4"),
        ("//about.html", "./about"),
    ],
)
def test_each_page_has_one_address(lab: GateLab, path: str, place: str):
    reply = lab.get("clean.localhost", path)
    assert location(reply) == (308, place)
    assert reply.headers["cache-control"] in {"no-cache", "no-store"}, "nobody is bound to it for ever"
    assert lab.get("clean.localhost", path, method="HEAD").status == 308


@pytest.mark.parametrize("path", ["/nothing", "/nothing.html", "/nothing/", "/v1.2", "/about.html/x", "/404"])
def test_what_is_not_there_is_not_there(lab: GateLab, path: str):
    reply = lab.get("clean.localhost", path)
    assert (reply.status, reply.body.decode()) == (404, NO_PAGE)


def test_a_release_of_before_answers_as_it_did(lab: GateLab):
    assert lab.get("old.localhost", "/about.html").status == 200
    assert lab.get("old.localhost", "/index.html").status == 200
    assert lab.get("old.localhost", "/about").status == 404


def test_a_clean_page_is_packed_and_remembered_like_any_other(lab: GateLab):
    packed = lab.get("clean.localhost", "/about", Accept_Encoding="gzip")
    assert packed.headers["content-encoding"] == "gzip"
    again = lab.get(
        "clean.localhost", "/about", If_None_Match=lab.get("clean.localhost", "/about").headers["etag"]
    )
    assert again.status == 304


def test_what_is_there_is_shown_unless_a_rule_insists(lab: GateLab):
    assert lab.get("ruled.localhost", "/about").status == 200
    assert location(lab.get("ruled.localhost", "/raw")) == (301, "/forced")


def test_a_page_in_place_of_another(lab: GateLab):
    reply = lab.get("ruled.localhost", "/app/users/7?x=1")
    assert (reply.status, reply.body) == (200, b"<h1>home</h1>")
    missing = lab.get("ruled.localhost", "/en/nothing", If_None_Match="*")
    assert (missing.status, missing.body) == (404, b"not in English")
    assert missing.headers["cache-control"] == "no-store"


def test_headers_of_the_site_win(lab: GateLab):
    first = lab.get("ruled.localhost", "/")
    assert first.headers["cache-control"] == "max-age=5"
    assert first.headers["x-content-type-options"] == "nosniff"
    assert first.headers["content-type"] == "text/html; charset=utf-8"
    about = lab.get("ruled.localhost", "/about")
    assert about.headers["content-type"] == "text/plain"
    assert "x-content-type-options" not in about.headers
    assert lab.get("ruled.localhost", "/app-4fa9c1d2.js").headers["cache-control"] == "max-age=5"
    unchanged = lab.get("ruled.localhost", "/", If_None_Match=first.headers["etag"])
    assert (unchanged.status, unchanged.headers["x-all"]) == (304, "1")


def test_nothing_of_the_machinery_is_seen(lab: GateLab):
    for path in ("/", "/old/x", "/en/x", "/about.html"):
        names = set(lab.get("ruled.localhost", path).headers)
        assert not {name for name in names if name.startswith("jarvis-")} | ({"server", "via"} & names)
    for path in ("/.jarvis-rules", "/.jarvis-clean", "/_redirects", "/_headers", "/%2ejarvis-rules"):
        assert lab.get("ruled.localhost", path).status == 404
    assert lab.get("ruled.localhost", "/", method="POST").status == 405


def test_what_a_visitor_says_of_the_gate_is_not_believed(lab: GateLab):
    for name in ("Jarvis_Service", "Jarvis_Uri", "Jarvis_Known", "Jarvis_From"):
        reply = lab.get("closed.localhost", "/", **{name: "clean"})
        assert reply.status == 401


def test_who_may_see_a_site(lab: GateLab):
    refused = lab.get("closed.localhost", "/about")
    assert refused.status == 401
    assert refused.headers["www-authenticate"] == 'Basic realm="closed", charset="UTF-8"'
    assert refused.headers["cache-control"] == "no-store"
    assert b"about" not in refused.body
    assert lab.get("closed.localhost", "/nothing").status == 401
    assert lab.get("closed.localhost", "/about", Authorization=basic("me", "word")).status == 200
    assert lab.get("closed.localhost", "/about", Authorization=basic("me", "wrong")).status == 401


@pytest.mark.parametrize("path", ["/.well-known/jarvis-release", "//.well-known/jarvis-release"])
def test_which_release_answers_is_no_secret(lab: GateLab, path: str):
    reply = lab.get("closed.localhost", path)
    assert (reply.status, reply.body) == (200, b"r1")


@pytest.fixture
def backend() -> Iterator[Backend]:
    running = Backend("program")
    yield running
    running.close()


def program(lab: GateLab, backend: Backend, service: str, **settings: object) -> str:
    folder = lab.home / "releases" / service / "p1"
    front.make(folder, "p1", backend.path)
    (folder / ".jarvis-rules").write_text(json.dumps({"service": service, **settings}))
    site.publish(lab.www, service=service, hosts=[f"{service}.localhost"], release=folder)
    return f"{service}.localhost"


def test_a_program_with_logins(lab: GateLab, backend: Backend):
    host = program(lab, backend, "secret", logins={"me": password.hash("word")})
    marker = "/.well-known/jarvis-release"
    for method, path in (("GET", "/"), ("POST", "/"), ("POST", marker), ("GET", f"{marker}/")):
        assert lab.get(host, path, method=method).status == 401
    assert backend.seen == []
    said = lab.get(host, "/headers", Authorization=basic("me", "word"), Jarvis_X="1").body.decode()
    assert "authorization" not in said, "the password is nobody else's business"
    assert f"host: {host}" in said
    login, body = {"Host": host, "Authorization": basic("me", "word")}, b"x" * 300_000
    assert sent(lab, "POST", "/up", body, login) == hashlib.sha256(body).hexdigest().encode()
    assert b"content-length: 5" in sent(lab, "GET", "/headers", b"query", login), "a GET may have a body, too"


def sent(lab: GateLab, method: str, path: str, body: bytes, headers: dict[str, str]) -> bytes:
    connection = HTTPConnection("127.0.0.1", lab.port, timeout=30)
    connection.request(method, path, body, headers)
    reply = connection.getresponse()
    assert reply.status == 200
    answer = reply.read()
    connection.close()
    return answer


def test_a_websocket_through_the_gate(lab: GateLab, backend: Backend):
    host = program(lab, backend, "wired", logins={"me": password.hash("word")})
    with socket.create_connection(("127.0.0.1", lab.port), timeout=30) as wire:
        head = f"GET /ws HTTP/1.1\r\nHost: {host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        head += f"Authorization: {basic('me', 'word')}\r\n"
        wire.sendall(f"{head}Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: x\r\n\r\n".encode())
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += wire.recv(1)
        assert answer.startswith(b"HTTP/1.1 101"), answer
        wire.sendall(b" a")
        assert wire.recv(100) == b"program a"


def test_a_part_that_another_service_answers(lab: GateLab, backend: Backend):
    program(lab, backend, "back")
    routes = {
        "api": {"service": "back", "strip": True},
        "whole": {"service": "back", "strip": False},
        "pages": {"service": "clean", "strip": True},
        "nowhere": {"service": "never-deployed", "strip": True},
        "closed": {"service": "closed", "strip": True},
    }
    host = lab.pages("front", {"index.html": "front"}, routes=routes)
    assert lab.get(host).body == b"front"
    assert lab.get(host, "/api/x%2Fy?z=1").body == b"program"
    assert lab.get(host, "/whole/x", method="DELETE").status == 200
    asked = ["GET /x%2Fy?z=1", "DELETE /whole/x"]
    assert poll(lambda: backend.seen == asked), backend.seen
    said = lab.get(host, "/api/headers", X_Forwarded_Prefix="/evil").body.decode().splitlines()
    assert {f"host: {host}", "x-forwarded-prefix: /api"} <= set(said)
    assert "x-forwarded-prefix" not in lab.get("back.localhost", "/headers").body.decode()
    assert location(lab.get(host, "/api")) == (308, "/api/")
    assert lab.get(host, "/apis").status == 404
    assert lab.get(host, "/pages/about").status == 200
    assert location(lab.get(host, "/pages/about.html?x")) == (308, "./about?x")
    assert location(lab.get(host, "/pages/docs")) == (308, "/pages/docs/")
    assert lab.get(host, "/nowhere/").status == 404
    assert lab.get(host, "/closed/").status == 401
    assert lab.get(host, "/closed/", Authorization=basic("me", "word")).status == 200


def test_a_name_that_leads_to_another(lab: GateLab):
    host = lab.pages("main", PAGES, hosts=("www.main.localhost",))
    assert lab.get("www.main.localhost").status == 200
    release = lab.home / "releases/main/r1/.jarvis-rules"
    release.write_text(json.dumps({"service": "main", "hosts": {"www.main.localhost": host}}))
    assert location(lab.get("WWW.main.localhost.", "/a%20b?c")) == (308, "//main.localhost/a%20b?c")
    assert location(lab.get("www.main.localhost:8080", "/")) == (308, "//main.localhost:8080/")
    assert lab.get(host).status == 200
    assert lab.get("www.main.localhost", "/.well-known/jarvis-release").body == b"r1"


def test_a_gate_that_is_started_again_costs_a_wait_and_no_error(lab: GateLab):
    lab.close_gate()
    answers: list[int] = []
    visitor = threading.Thread(target=lambda: answers.append(lab.get("ruled.localhost").status))
    visitor.start()
    visitor.join(0.3)  # it must still wait
    assert answers == []
    lab.open_gate()
    visitor.join()
    assert answers == [200]


def test_switches_between_rules_lose_no_request(lab: GateLab):
    pages = {"index.html": "one"}
    lab.pages("flip", pages, name="r0")
    done = threading.Event()
    wrong: list[str] = []
    count = 0

    def visit() -> None:
        nonlocal count
        connection = HTTPConnection("127.0.0.1", lab.port, timeout=30)
        while not done.is_set():
            try:
                connection.request("GET", "/", headers={"Host": "flip.localhost"})
                reply = connection.getresponse()
                if (reply.status, reply.read()) not in {(200, b"one"), (200, b"two")}:
                    wrong.append(str(reply.status))
            except (OSError, HTTPException) as error:
                wrong.append(repr(error))
                connection.close()
            count += 1
        connection.close()

    visitors = [threading.Thread(target=visit) for _ in range(3)]
    for one in visitors:
        one.start()
    for turn in range(1, 31):
        more = {"_headers": "/*\n  X-Two: 2"} if turn % 2 else {}
        lab.pages("flip", {"index.html": "two" if turn % 2 else "one", **more}, name=f"r{turn}")
        assert ("x-two" in lab.get("flip.localhost").headers) == bool(turn % 2)
        seen = count
        while count < seen + 20 and any(one.is_alive() for one in visitors):
            done.wait(0.001)
    done.set()
    for one in visitors:
        one.join()
    assert wrong == []
