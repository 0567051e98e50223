"""What a site says about its own addresses, from deploy to visitor; and how long the gate lives."""

import http.client
import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from gate_lab import basic
from jarvis_lab import Lab, lab, until
from programs import program


@pytest.fixture(scope="module")
def jarvis() -> Iterator[Lab]:
    with lab() as running:
        yield running


def pages(folder: Path, **files: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "index.html").write_text("<h1>home</h1>")
    for name, content in files.items():
        (folder / name.replace("__", ".")).write_text(content)
    return folder


def gates(jarvis: Lab) -> list[int]:
    """The processes of the gate itself, without their keepers."""
    found: list[int] = []
    for process in Path("/proc").iterdir():
        with suppress(OSError):
            words = (process / "cmdline").read_bytes().decode().split("\0")
            if any(word.endswith("gate/__main__.py") for word in words) and str(jarvis.home / "www") in words:
                found.append(int(process.name))
    return found


def test_it_works(jarvis: Lab, tmp_path: Path) -> None:
    assert gates(jarvis) == [], "no site needs it"
    site = pages(
        tmp_path / "a",
        about__html="<p>about</p>",
        _redirects="/old/* /new/:splat 302\n/ /welcome 302!\n",
        _headers="/*\n  X-Mine: 1\n  Server: me\n",
    )
    told = jarvis.good("deploy", str(site), "--domain", "a.localhost")
    assert "_headers, line 3: Server is what only the server can say" in told
    assert len(gates(jarvis)) == 1
    assert jarvis.get("a.localhost", "/about") == (200, b"<p>about</p>")
    assert [jarvis.get("a.localhost", path)[0] for path in ("/about.html", "/old/x", "/", "/_redirects")] == [
        308,
        302,
        302,
        404,
    ]
    jarvis.good("check", "a")


def test_rules_go_back_with_their_release(jarvis: Lab, tmp_path: Path) -> None:
    first = pages(tmp_path / "b1", _redirects="/here /there 302")
    jarvis.good("deploy", str(first), "--domain", "b.localhost")
    assert jarvis.get("b.localhost", "/here")[0] == 302
    jarvis.good("deploy", str(pages(tmp_path / "b2")), "--domain", "b.localhost")
    assert jarvis.get("b.localhost", "/here")[0] == 404
    jarvis.good("rollback", "b")
    assert jarvis.get("b.localhost", "/here")[0] == 302


def test_a_wrong_line_fails_the_deploy_and_changes_nothing(jarvis: Lab, tmp_path: Path) -> None:
    jarvis.good("deploy", str(pages(tmp_path / "c1")), "--domain", "c.localhost")
    bad = pages(tmp_path / "c2", _redirects="/fine /there\n/* https://:splat/ 301\n")
    said = jarvis.refused("deploy", str(bad), "--domain", "c.localhost")
    assert "_redirects, line 2: the visitor would choose which server it leads to" in said
    round_ = pages(tmp_path / "c3", _redirects="/x /y\n/y /x\n")
    assert "leads round in a circle: /x → /y → /x" in jarvis.refused(
        "deploy", str(round_), "--domain", "c.localhost"
    )
    assert jarvis.get("c.localhost") == (200, b"<h1>home</h1>")


def test_a_killed_gate_comes_back(jarvis: Lab) -> None:
    (before,) = gates(jarvis)
    os.kill(before, signal.SIGKILL)
    assert jarvis.get("a.localhost", "/about") == (200, b"<p>about</p>")
    until(lambda: gates(jarvis) not in ([], [before]), "another gate runs")


def test_the_gate_outlives_jarvis_and_ends_with_down(jarvis: Lab) -> None:
    (before,) = gates(jarvis)
    jarvis.kill_everything()
    assert gates(jarvis) == [before]
    jarvis.good("up", "--detach")
    assert jarvis.get("a.localhost", "/about")[0] == 200
    jarvis.good("down")
    assert gates(jarvis) == []
    jarvis.good("up", "--detach")
    until(lambda: len(gates(jarvis)) == 1, "the gate is started with Jarvis")
    assert jarvis.get("a.localhost", "/about")[0] == 200


def place(jarvis: Lab, host: str, path: str = "/", **headers: str) -> tuple[int, str]:
    """Status and Location that a visitor gets."""
    connection = http.client.HTTPConnection("127.0.0.1", jarvis.http_port, timeout=30)
    try:
        connection.request("GET", path, headers={"Host": host, **headers})
        answer = connection.getresponse()
        return answer.status, answer.getheader("Location") or ""
    finally:
        connection.close()


def test_more_names_and_www(jarvis: Lab, tmp_path: Path) -> None:
    toml = 'domains = ["two.localhost"]\nwww = "redirect"\n'
    site = pages(tmp_path / "one", jarvis__toml=toml)
    jarvis.good("deploy", str(site), "--domain", "one.localhost")
    assert [jarvis.get(host)[0] for host in ("one.localhost", "two.localhost")] == [200, 200]
    assert place(jarvis, "www.two.localhost", "/x?y") == (308, "//two.localhost/x?y")
    assert jarvis.get("one.localhost", "/jarvis.toml")[0] == 404
    jarvis.good("check", "one")
    other = pages(tmp_path / "three", jarvis__toml='domains = ["two.localhost"]\n')
    said = jarvis.refused("deploy", str(other), "--domain", "three.localhost")
    assert "The domain two.localhost belongs to the service “one”." in said
    (site / "jarvis.toml").unlink()
    jarvis.good("deploy", str(site), "--domain", "one.localhost")
    assert [jarvis.get(host)[0] for host in ("one.localhost", "two.localhost", "www.one.localhost")] == [
        200,
        404,
        404,
    ]
    jarvis.good("rollback", "one")
    assert jarvis.get("two.localhost")[0] == 200
    assert place(jarvis, "www.one.localhost") == (308, "//one.localhost/")


def close(jarvis: Lab, name: str) -> None:
    """From the next deploy on, a password is wanted."""
    change = {"set": {"logins": [{"user": "me", "password": "open sesame"}]}}
    assert jarvis.api("PATCH", f"/api/v1/services/{name}/settings", change)[0] == 200


def test_a_part_that_a_program_answers(jarvis: Lab, tmp_path: Path) -> None:
    back = program(tmp_path / "back", "from the program")
    jarvis.good("deploy", str(back), "--name", "back")
    toml = '[[routes]]\npath = "/api"\nservice = "back"\nstrip = true\n'
    jarvis.good("deploy", str(pages(tmp_path / "front", jarvis__toml=toml)), "--domain", "front.localhost")
    assert jarvis.get("front.localhost") == (200, b"<h1>home</h1>")
    assert jarvis.get("front.localhost", "/api/") == (200, b"from the program")
    close(jarvis, "back")
    jarvis.good("deploy", str(back), "--name", "back")
    for host, path in (("back.localhost", "/"), ("front.localhost", "/api/")):
        assert jarvis.get(host, path)[0] == 401
        given = jarvis.get(host, path, Authorization=basic("me", "open sesame"))
        assert given == (200, b"from the program")
    assert jarvis.get("front.localhost")[0] == 200
    jarvis.good("check", "back")


def test_who_may_see_it(jarvis: Lab, tmp_path: Path) -> None:
    folder = pages(tmp_path / "closed")
    jarvis.good("deploy", str(folder), "--domain", "closed.localhost")
    close(jarvis, "closed")
    jarvis.good("deploy", str(folder), "--domain", "closed.localhost")
    host = "closed.localhost"
    assert jarvis.get(host)[0] == 401
    assert jarvis.get(host, Authorization=basic("me", "open sesame")) == (200, b"<h1>home</h1>")
    assert jarvis.get(host, Authorization=basic("me", "open"))[0] == 401
    jarvis.good("check", "closed")
    jarvis.good("rollback", "closed")
    assert jarvis.get(host)[0] == 200, "the version before was open"
