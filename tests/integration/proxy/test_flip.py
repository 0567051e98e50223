"""A switch under load loses nothing; Caddy comes back after any death."""

import threading
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from caddy_lab import CaddyLab
from jarvis.proxy import caddy, site

SIZE = 20_000


def test_it_works(lab: CaddyLab):
    lab.site("flip", "flip.localhost", {"index.html": "one"}, "r1")
    assert lab.get("flip.localhost").body == b"one"
    lab.site("flip", "flip.localhost", {"index.html": "two"}, "r2")
    assert lab.get("flip.localhost").body == b"two"


def test_two_hundred_switches_lose_no_request(lab: CaddyLab):
    pages = {b"a" * SIZE, b"b" * SIZE * 2}
    releases = [
        lab.release("load", name, {"index.html": page})
        for name, page in zip("ab", sorted(pages), strict=True)
    ]
    site.publish(lab.www, service="load", hosts=["load.localhost"], release=releases[0])
    done = threading.Event()
    failures: list[str] = []
    counts = [0, 0, 0]

    def visit(number: int) -> None:
        keep = number > 0
        connection = HTTPConnection("127.0.0.1", lab.port, timeout=10)
        while not done.is_set():
            try:
                connection.request("GET", "/", headers={"Host": "load.localhost"})
                reply = connection.getresponse()
                body = reply.read()
                if reply.status != 200 or body not in pages:
                    failures.append(f"{reply.status}, {len(body)} bytes")
            except (OSError, HTTPException) as error:
                failures.append(repr(error))
                connection.close()
            counts[number] += 1
            if not keep:
                connection.close()
        connection.close()

    visitors = [threading.Thread(target=visit, args=(number,)) for number in range(len(counts))]
    for visitor in visitors:
        visitor.start()
    for turn in range(1, 201):
        site.publish(lab.www, service="load", hosts=["load.localhost"], release=releases[turn % 2])
        seen = sum(counts)
        while sum(counts) < seen + 2:  # at least two requests between two switches
            done.wait(0.0005)
    done.set()
    for visitor in visitors:
        visitor.join()
    assert failures == []
    assert sum(counts) >= 400
    assert min(counts) > 0


def test_it_comes_back_after_being_killed(tmp_path: Path):
    with CaddyLab(tmp_path) as lab:
        lab.site("blog", "blog.localhost", {"index.html": "here"})
        lab.kill()
        assert lab.admin_socket.exists(), "what is left behind must not stop the next start"
        assert not caddy.answers(lab.admin_socket)
        lab.start()
        assert lab.get("blog.localhost").body == b"here"


def test_it_writes_nothing_but_its_log_and_its_storage(tmp_path: Path):
    with CaddyLab(tmp_path) as lab:
        assert caddy.answers(lab.admin_socket)
        lab.get("nobody.localhost")
    assert not list(tmp_path.rglob("autosave.json"))
    assert {path.name for path in tmp_path.iterdir()} == {
        "www",
        "storage",
        "access.log",
        "caddy.err",
        "caddy.json",
    }
