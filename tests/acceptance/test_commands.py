"""Commands beside the program of a service: asked for by people, before a switch, and at their times."""

import json
import os
from pathlib import Path

import pytest

from jarvis_lab import Lab, until
from programs import program

with_bubblewrap = pytest.mark.skipif(
    not any(Path(folder, "bwrap").exists() for folder in os.environ["PATH"].split(":")),
    reason="bubblewrap is not on this machine",
)


@pytest.fixture(scope="module")
def shop(jarvis: Lab, tmp_path_factory: pytest.TempPathFactory) -> Lab:
    """A Jarvis that has a shop."""
    folder = program(tmp_path_factory.mktemp("shop") / "shop", "hello")
    jarvis.good("env", "set", "shop", "GREETING=Moin")
    jarvis.good("deploy", str(folder), "--domain", "shop.localhost")
    return jarvis


def test_it_works(shop: Lab) -> None:
    done = shop.run("run", "shop", "--", "sh", "-c", "echo $GREETING; ls; exit 3")
    assert done.returncode == 3
    assert "Moin" in done.stdout + done.stderr
    assert "server.py" in done.stdout + done.stderr
    assert "ended with code 3" in done.stderr
    query = "SELECT status::text, name FROM workflows WHERE workflow_type = 'command' AND service = 'shop'"
    (row,) = shop.rows(query)
    assert row[0] == "failed"
    assert row[1].startswith("Run sh -c")


def test_no_shell_reads_the_words(shop: Lab) -> None:
    told = shop.run("run", "shop", "--", "echo", "$(id); `id` && id")
    assert told.returncode == 0
    assert "$(id); `id` && id" in told.stdout + told.stderr


@with_bubblewrap
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a program another user")
def test_two_services_cannot_read_each_other(shop: Lab, tmp_path: Path) -> None:
    shop.good("deploy", str(program(tmp_path / "next", "next")), "--name", "neighbour")
    (app,) = (shop.home / "apps" / "neighbour").iterdir()
    done = shop.run("run", "shop", "--", "sh", "-c", f"id -u; ls {app}")
    other = shop.run("run", "neighbour", "--", "id", "-u")
    assert done.returncode == 2, "the folder is not there"
    mine = {line.split()[-1] for line in (done.stdout + done.stderr).splitlines() if "19000000" in line}
    theirs = {line.split()[-1] for line in (other.stdout + other.stderr).splitlines() if "19000000" in line}
    assert mine
    assert theirs
    assert mine != theirs
    assert app.joinpath("tree").stat().st_uid == int(theirs.pop())


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nobody", "--", "ls"), "There is no service “nobody”."),
        (("shop", "--", "no-such-program"), "ended with code 127"),
        (("shop", "--", ""), "This command cannot be run: there are no words in it."),
        (("shop", "--timeout", "1", "--", "ls"), "Options of jarvis run go before NAME."),
    ],
)
def test_what_cannot_be_run_says_why(shop: Lab, words: tuple[str, ...], said: str) -> None:
    done = shop.run("run", *words)
    assert done.returncode != 0
    assert said in done.stderr


def test_one_that_takes_too_long_is_stopped(shop: Lab) -> None:
    done = shop.run("run", "--timeout", "1", "shop", "--", "sleep", "60")
    assert done.returncode == 1
    assert "did not end within 1 seconds" in done.stderr


def test_pages_have_no_commands(shop: Lab, tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "index.html").write_text("hello")
    shop.good("deploy", str(tmp_path / "pages"), "--domain", "pages.localhost")
    done = shop.run("run", "pages", "--", "ls")
    assert "No program of “pages” runs" in done.stderr


def test_a_killed_worker_does_not_run_it_twice(shop: Lab, tmp_path: Path) -> None:
    asked = json.loads(
        shop.good("run", "-d", "--json", "shop", "--", "sh", "-c", "echo once >> ran.txt; sleep 600")
    )
    until(
        lambda: any(place.is_file() for place in (shop.home / "apps" / "shop").glob("*/tree/ran.txt")),
        "the command begins",
    )
    shop.kill("worker")
    query = "SELECT status::text, error_message FROM workflows WHERE id = %s"
    until(lambda: shop.rows(query, asked["workflow_id"])[0][0] == "failed", "it is given up")
    assert "Jarvis was restarted while the command ran" in shop.rows(query, asked["workflow_id"])[0][1]
    (ran,) = (shop.home / "apps" / "shop").glob("*/tree/ran.txt")
    assert len(ran.read_text().splitlines()) == 1
