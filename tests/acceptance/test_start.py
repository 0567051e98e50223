"""The ways in which a Jarvis comes to run."""

import json
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

import postgres_lab
from jarvis_lab import Lab, lab, site


@pytest.fixture(scope="module")
def jarvis() -> Iterator[Lab]:
    """One that does not run yet, in a folder of a long name that is not there yet either."""
    with lab(up=False, home=f"{'long' * 20}/{'deep' * 10}/home") as made:
        yield made


def test_the_first_deploy_starts_jarvis_and_says_so(jarvis: Lab, tmp_path: Path) -> None:
    done = jarvis.run("deploy", str(site(tmp_path / "s", "from nothing")), "--domain", "first.localhost")
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    assert "No Jarvis is running here" in said
    assert jarvis.token in said
    assert b"from nothing" in jarvis.get("first.localhost")[1]
    again = jarvis.run("deploy", str(tmp_path / "s"), "--domain", "first.localhost")
    assert jarvis.token not in again.stdout + again.stderr
    assert jarvis.home.stat().st_mode & 0o777 == 0o700


def test_every_command_can_answer_in_json(jarvis: Lab, tmp_path: Path) -> None:
    told = jarvis.told("deploy", str(site(tmp_path / "s", "json")), "--domain", "json.localhost")
    commands = [
        ["status"],
        ["status", "json"],
        ["logs", "json"],
        ["workflows", "list"],
        ["workflows", "show", told["workflow_id"]],
        ["tasks", "list"],
        ["artifacts", "list"],
        ["artifacts", "show", told["artifact_id"]],
        ["domains", "list"],
        ["up", "--detach"],
        ["remove", "json", "--yes"],
        ["down"],
    ]
    for words in commands:
        last = jarvis.good(*words, "--json").strip().splitlines()[-1]
        assert isinstance(json.loads(last), dict), words


def test_a_database_of_ones_own_is_used(postgres: postgres_lab.Server, tmp_path: Path) -> None:
    name = postgres.create()
    url = postgres.url(name)
    with lab({"JARVIS_DATABASE_URL": url}) as jarvis:
        jarvis.good("deploy", str(site(tmp_path / "s", "my own")), "--domain", "own.localhost")
        assert b"my own" in jarvis.get("own.localhost")[1]
        assert not (jarvis.home / "postgres").exists()
        with psycopg.connect(url) as connection:
            found = connection.execute("SELECT status::text FROM deployments").fetchall()
        assert found == [("running",)]
        for part in ("up", "web", "worker"):
            for number in jarvis.pids(part):
                assert postgres.password.encode() not in Path(f"/proc/{number}/environ").read_bytes()
    postgres.drop(name)


def test_a_database_that_does_not_answer_stops_the_start_with_a_sentence() -> None:
    url = "postgresql://jarvis:hush-hush@127.0.0.1:9/none"
    with lab({"JARVIS_DATABASE_URL": url}, up=False) as jarvis:
        said = jarvis.refused("up", "--detach")
        assert "does not answer" in said
        assert "hush-hush" not in said
        assert jarvis.pids("up") + jarvis.pids("web") + jarvis.pids("worker") + jarvis.pids("proxy") == []
