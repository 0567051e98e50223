"""A switch under load loses nothing; Caddy comes back after any death."""

from http.client import HTTPConnection
from pathlib import Path

from caddy_lab import CaddyLab
from crowd import Door, crowd, turns
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

    def switch(turn: int) -> None:
        site.publish(lab.www, service="load", hosts=["load.localhost"], release=releases[turn % 2])

    doors = [
        Door(HTTPConnection("127.0.0.1", lab.port, timeout=30), "load.localhost", keep=number > 0)
        for number in range(3)
    ]
    counts = crowd(doors, pages, turns(200, switch))
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
