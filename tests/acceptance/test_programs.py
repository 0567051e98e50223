"""Programs of people: made, started beside the version before, switched to, proven, gone back to."""

import json
import os
import shutil
import signal
import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from jarvis_lab import Lab, Visitor, lab, site, until
from programs import node, program

with_npm = pytest.mark.skipif(shutil.which("npm") is None, reason="npm is not on this machine")
with_bubblewrap = pytest.mark.skipif(
    shutil.which("bwrap") is None, reason="bubblewrap is not on this machine"
)


def of_home(jarvis: Lab) -> list[int]:
    """The shims of all programs of this Jarvis."""
    found: list[int] = []
    for process in Path("/proc").iterdir():
        with suppress(OSError):
            words = (process / "cmdline").read_bytes().decode().split("\0")
            ours = any("shim" in word for word in words) and any(str(jarvis.home) in word for word in words)
            if process.name.isdigit() and ours:
                found.append(int(process.name))
    return found


def instances(jarvis: Lab) -> list[str]:
    folder = jarvis.home / "run" / "i"
    return sorted(entry.name for entry in folder.iterdir()) if folder.is_dir() else []


def test_it_works(jarvis: Lab, tmp_path: Path) -> None:
    told = jarvis.told(
        "deploy", str(program(tmp_path / "a", "hello", packages=True)), "--domain", "a.localhost"
    )
    assert told["status"] == "completed"
    assert jarvis.get("a.localhost") == (200, b"hello")
    assert jarvis.get("a.localhost", "/.jarvis-app")[1] == b"hello", "every path is the program's"
    (row,) = jarvis.rows(
        "SELECT service_type, status::text, configuration->>'runtime' FROM deployments WHERE id = %s",
        told["deployment_id"],
    )
    assert row[1:] == ("running", "process")


@with_bubblewrap
def test_a_program_sees_neither_our_secrets_nor_peoples_folders(jarvis: Lab, tmp_path: Path) -> None:
    jarvis.good("deploy", str(program(tmp_path / "s", "s")), "--domain", "s.localhost")
    for hidden in (
        jarvis.home / "secrets" / "token",
        jarvis.home / "releases",
        jarvis.home / "run" / "jarvis.json",
    ):
        assert hidden.exists()
        assert jarvis.get("s.localhost", f"/file{hidden}") == (200, b"not there")
    assert jarvis.get("s.localhost", "/file/etc/hostname") == (200, b"there")


def test_a_new_version_loses_no_request_and_the_old_one_ends(jarvis: Lab, tmp_path: Path) -> None:
    jarvis.good("deploy", str(program(tmp_path / "b1", "the old one")), "--domain", "b.localhost")
    old = jarvis.get("b.localhost", "/pid")[1]
    with Visitor(jarvis, "b.localhost", ["the old one", "the new one"]) as visitor:
        for _ in range(3):
            jarvis.good("deploy", str(program(tmp_path / "b2", "the new one")), "--domain", "b.localhost")
    assert visitor.wrong == []
    assert jarvis.get("b.localhost") == (200, b"the new one")
    until(lambda: not Path(f"/proc/{int(old)}").exists(), "the old program ends")


def test_a_program_with_a_port_of_its_own_gives_way_and_visitors_wait(jarvis: Lab, tmp_path: Path) -> None:
    """Its port is in its text, so two versions cannot run at once: nobody said that, it was seen."""
    port, host = free_below(32768), ("--domain", "own.localhost")
    own = f"os.environ['PORT'] = '{port}'"
    jarvis.good("deploy", str(program(tmp_path / "1", "one", before=own)), *host)
    two = str(program(tmp_path / "2", "two", before=own))
    assert f"two versions cannot both listen on port {port}" in jarvis.good("plan", two, *host)
    with Visitor(jarvis, "own.localhost", ["one", "two"]) as visitor:
        jarvis.good("deploy", two, *host)
    assert visitor.wrong == []
    assert jarvis.get("own.localhost") == (200, b"two")
    dies = str(program(tmp_path / "3", "three", before="raise SystemExit('no')"))
    assert "no" in jarvis.refused("deploy", dies, *host)
    assert jarvis.get("own.localhost") == (200, b"two"), "it was started again"


def free_below(first: int) -> int:
    """A free port that the kernel gives to nobody."""
    for port in range(first - 1, 1024, -1):
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
    raise AssertionError("no port is free")


def test_going_back_starts_the_old_version_again(jarvis: Lab, tmp_path: Path) -> None:
    jarvis.good("deploy", str(program(tmp_path / "c1", "one")), "--domain", "c.localhost")
    jarvis.good("deploy", str(program(tmp_path / "c2", "two")), "--domain", "c.localhost")
    jarvis.good("rollback", "c")
    assert jarvis.get("c.localhost") == (200, b"one")
    jarvis.good("rollback", "c")
    assert jarvis.get("c.localhost") == (200, b"two")


def test_pages_and_programs_take_turns_under_one_name(jarvis: Lab, tmp_path: Path) -> None:
    pages, running = site(tmp_path / "d1", "pages"), program(tmp_path / "d2", "program")
    with_program = (200, b"program")
    jarvis.good("deploy", str(pages), "--domain", "d.localhost")
    jarvis.good("deploy", str(running), "--domain", "d.localhost")
    assert jarvis.get("d.localhost") == with_program
    jarvis.good("deploy", str(pages), "--domain", "d.localhost")
    assert b"pages" in jarvis.get("d.localhost")[1]
    jarvis.good("rollback", "d")
    assert jarvis.get("d.localhost") == with_program


@with_npm
def test_node(jarvis: Lab, tmp_path: Path) -> None:
    jarvis.good("deploy", str(node(tmp_path / "n", "from node")), "--domain", "n.localhost")
    assert jarvis.get("n.localhost") == (200, b"from node")


@pytest.mark.parametrize(
    ("name", "broken", "sentence"),
    [
        ("dies", {"before": "raise SystemExit('no database')"}, "no database"),
        ("ill", {"status": 500}, "answers 500"),
    ],
)
def test_a_program_that_does_not_work_changes_nothing(
    jarvis: Lab, tmp_path: Path, name: str, broken: dict[str, object], sentence: str
) -> None:
    host = f"{name}.localhost"
    jarvis.good("deploy", str(program(tmp_path / "good", "good")), "--domain", host)
    before = instances(jarvis), sorted((jarvis.home / "apps" / name).iterdir())
    with Visitor(jarvis, host, ["good"]) as visitor:
        bad = program(tmp_path / "bad", "bad", **broken)  # pyright: ignore[reportArgumentType] - of one sort each
        said = jarvis.refused("deploy", str(bad), "--domain", host)
    assert sentence in said
    assert visitor.wrong == []
    assert (instances(jarvis), sorted((jarvis.home / "apps" / name).iterdir())) == before


def test_a_build_that_fails_shows_its_last_lines(jarvis: Lab, tmp_path: Path) -> None:
    folder = program(tmp_path / "f", "never")
    (folder / "requirements.txt").write_text("./no-such-package\n")
    said = jarvis.refused("deploy", str(folder), "--domain", "f.localhost")
    assert "no-such-package" in said
    assert not list((jarvis.home / "apps" / "f").glob("*")) or not (jarvis.home / "apps" / "f").exists()


def test_removing_it_ends_it(jarvis: Lab, tmp_path: Path) -> None:
    jarvis.good("deploy", str(program(tmp_path / "g", "g")), "--domain", "g.localhost")
    pid = int(jarvis.get("g.localhost", "/pid")[1])
    jarvis.good("remove", "g", "--yes")
    assert jarvis.get("g.localhost")[0] == 404
    until(lambda: not Path(f"/proc/{pid}").exists(), "its program ends")
    assert not (jarvis.home / "apps" / "g").exists()


def test_the_environment_of_a_service_reaches_its_program_and_no_log(jarvis: Lab, tmp_path: Path) -> None:
    jarvis.good("env", "set", "h", "COLOUR=green")
    jarvis.good("env", "set", "h", "WORD=hunter2-hunter2", "--secret")
    folder = program(tmp_path / "h", "h", before="print(os.environ['WORD'], flush=True)")
    jarvis.good("deploy", str(folder), "--domain", "h.localhost")
    assert jarvis.get("h.localhost", "/env/COLOUR") == (200, b"green")
    assert jarvis.get("h.localhost", "/env/WORD") == (200, b"hunter2-hunter2")
    assert jarvis.get("h.localhost", "/env/JARVIS_DATABASE_URL") == (200, b"nothing")
    jarvis.good("env", "set", "h", "COLOUR=red")
    jarvis.good("deploy", str(program(tmp_path / "h2", "h2")), "--domain", "h.localhost")
    assert jarvis.get("h.localhost", "/env/COLOUR") == (200, b"red")
    jarvis.good("rollback", "h")
    assert jarvis.get("h.localhost", "/env/COLOUR") == (200, b"green")


def made(folder: Path, script: str) -> Path:
    """Pages that `node build.js` makes."""
    folder.mkdir()
    manifest = {"name": "v", "version": "1.0.0", "scripts": {"build": "node build.js"}}
    (folder / "package.json").write_text(json.dumps(manifest))
    (folder / "build.js").write_text(f"const fs = require('fs'); {script}\n")
    return folder


WORDS = ("--kind", "static", "--build-command", "npm run build", "--static-dir", "dist")


@with_npm
def test_pages_that_a_build_makes_are_made_and_served(jarvis: Lab, tmp_path: Path) -> None:
    script = """
        fs.mkdirSync('dist'); fs.writeFileSync('dist/index.html', '<p>made</p>');
        fs.symlinkSync('/etc/passwd', 'dist/stolen.txt'); fs.symlinkSync('/etc', 'dist/etc');
    """
    said = jarvis.good("deploy", str(made(tmp_path / "v", script)), "--domain", "v.localhost", *WORDS)
    assert jarvis.get("v.localhost") == (200, b"<p>made</p>")
    assert jarvis.get("v.localhost", "/stolen.txt")[0] == 404
    assert jarvis.get("v.localhost", "/etc/passwd")[0] == 404
    assert jarvis.get("v.localhost", "/package.json")[0] == 404
    assert "Left out 2 links" in said


@with_npm
def test_one_program_in_the_browser_gets_every_path_that_is_no_file(jarvis: Lab, tmp_path: Path) -> None:
    script = "fs.mkdirSync('dist'); fs.writeFileSync('dist/index.html', '<p>app</p>')"
    folder = str(made(tmp_path / "w", script))
    jarvis.good("deploy", folder, "--domain", "w.localhost", *WORDS, "--spa")
    assert jarvis.get("w.localhost", "/a/deep/path?x=1") == (200, b"<p>app</p>")
    assert jarvis.get("w.localhost", "/missing.js")[0] == 404
    assert jarvis.get("w.localhost", "/.jarvis-spa")[0] == 404


@with_npm
def test_a_build_without_pages_is_told_and_nothing_stays(jarvis: Lab, tmp_path: Path) -> None:
    folder = str(made(tmp_path / "e", "fs.mkdirSync('dist')"))
    said = jarvis.refused("deploy", folder, "--domain", "e.localhost", *WORDS)
    assert "no index.html in “dist”" in said
    assert "--static-dir" in said
    assert not list((jarvis.home / "staging").iterdir())


@pytest.fixture
def own() -> Iterator[Lab]:
    with lab() as made:
        yield made


def test_programs_outlive_a_killed_jarvis_and_a_killed_program_comes_back(own: Lab, tmp_path: Path) -> None:
    own.good("deploy", str(program(tmp_path / "p", "p")), "--domain", "p.localhost")
    pid = int(own.get("p.localhost", "/pid")[1])
    own.kill_everything()
    assert Path(f"/proc/{pid}").exists()
    own.good("up", "--detach")
    until(lambda: own.get("p.localhost", "/pid") == (200, str(pid).encode()), "the same program answers")
    os.kill(pid, signal.SIGKILL)
    until(lambda: own.get("p.localhost")[0] == 200, "another run of it answers")
    for shim in of_home(own):
        os.kill(shim, signal.SIGKILL)
    own.kill("worker")
    until(lambda: own.get("p.localhost")[0] == 200, "it is started again")
    own.good("down")
    until(lambda: not of_home(own), "nothing of it runs after down")
