"""Folders with a Dockerfile: made, started beside the version before, switched to, proven, gone back to."""

import http.client
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import docker_lab
from container_apps import BASE, app
from jarvis_lab import Lab, Visitor, lab, until

SHUT_IN = (
    "import http.server as h; h.HTTPServer(('127.0.0.1', 8000), h.SimpleHTTPRequestHandler).serve_forever()"
)


@pytest.fixture(scope="module")
def jarvis(docker_engine: docker_lab.Engine) -> Iterator[Lab]:
    docker_engine.base(BASE)
    docker_engine.free("v")
    with lab({"JARVIS_DOCKER_HOST": docker_engine.url}) as made:
        yield made
        owner = owner_of(made)
        for (name,) in made.rows("SELECT name FROM services"):
            made.good("remove", name, "--yes")
        left = docker_engine.leftovers(owner)
    docker_engine.sweep(owner)
    assert left == set(), "removed services leave nothing"


def owner_of(jarvis: Lab) -> str:
    return (jarvis.home / "owner").read_text().strip()


def containers(jarvis: Lab, engine: docker_lab.Engine, service: str) -> list[dict[str, Any]]:
    labels = [f"jarvis.owner={owner_of(jarvis)}", f"jarvis.service={service}"]
    return engine.api.containers(all=True, filters={"label": labels})


def left(jarvis: Lab, engine: docker_lab.Engine, service: str) -> tuple[set[str], int]:
    """What there is of a service in Docker, and how many instances have a keeper."""
    found = {
        one for one in engine.leftovers(owner_of(jarvis)) if f"-{service}" in one or f"/{service}:" in one
    }
    return found, len(list((jarvis.home / "run" / "i").glob("[0-9a-f]*")))


def test_it_works(jarvis: Lab, docker_engine: docker_lab.Engine, tmp_path: Path) -> None:
    told = jarvis.told("deploy", str(app(tmp_path / "a", "hello")), "--domain", "a.localhost")
    assert told["status"] == "completed"
    assert jarvis.get("a.localhost") == (200, b"hello")
    assert jarvis.get("a.localhost", "/env/PORT") == (200, b"8000")
    (row,) = jarvis.rows(
        "SELECT configuration->>'runtime', configuration->>'runtime_why', configuration->>'image',"
        " configuration->>'port' FROM deployments WHERE id = %s",
        told["deployment_id"],
    )
    (one,) = containers(jarvis, docker_engine, "a")
    assert row == ("container", "The project has its own Dockerfile, Dockerfile.", one["ImageID"], "8000")
    host = docker_engine.api.inspect_container(one["Id"])["HostConfig"]
    assert host["CapDrop"] == ["ALL"]
    assert host["SecurityOpt"] == ["no-new-privileges:true"]
    assert host["PortBindings"] in (None, {}), "only the proxy reaches it"
    assert (host["Init"], host["PidsLimit"], host["RestartPolicy"]["Name"]) == (True, 2048, "unless-stopped")
    said = until(lambda: jarvis.good("logs", "a", "--program"), "its log is here")
    assert said.count("it begins") == 1


def test_a_new_version_cuts_nobody_off_and_going_back_brings_all_of_the_old_one(
    jarvis: Lab, docker_engine: docker_lab.Engine, tmp_path: Path
) -> None:
    jarvis.good("env", "set", "b", "COLOUR=green")
    jarvis.good("deploy", str(app(tmp_path / "b1", "the old one")), "--domain", "b.localhost")
    (old,) = containers(jarvis, docker_engine, "b")
    wire = http.client.HTTPConnection("127.0.0.1", jarvis.http_port, timeout=30)
    wire.request("GET", "/big", headers={"Host": "b.localhost"})
    download = wire.getresponse()
    first = download.read(1024)
    jarvis.good("env", "set", "b", "COLOUR=red")
    with Visitor(jarvis, "b.localhost", ["the old one", "the new one"]) as visitor:
        jarvis.good("deploy", str(app(tmp_path / "b2", "the new one")), "--domain", "b.localhost")
    assert visitor.wrong == []
    assert jarvis.get("b.localhost") == (200, b"the new one")
    assert jarvis.get("b.localhost", "/env/COLOUR") == (200, b"red")
    assert len(containers(jarvis, docker_engine, "b")) == 2, "the old one still sends"
    assert len(first) + len(download.read()) == 64 * 1024 * 1024
    wire.close()
    until(lambda: len(containers(jarvis, docker_engine, "b")) == 1, "then it goes")
    jarvis.good("rollback", "b")
    assert jarvis.get("b.localhost") == (200, b"the old one")
    assert jarvis.get("b.localhost", "/env/COLOUR") == (200, b"green")
    assert old["ImageID"] in {one["ImageID"] for one in containers(jarvis, docker_engine, "b")}


def test_one_that_does_not_work_changes_nothing(
    jarvis: Lab, docker_engine: docker_lab.Engine, tmp_path: Path
) -> None:
    host = ("--domain", "bad.localhost")
    jarvis.good("deploy", str(app(tmp_path / "good", "good")), *host)
    before = left(jarvis, docker_engine, "bad")
    with Visitor(jarvis, "bad.localhost", ["good"]) as visitor:
        dies = app(tmp_path / "dies", "bad", before="raise SystemExit('no database')")
        said = jarvis.refused("deploy", str(dies), *host)
        silent = app(tmp_path / "silent", "bad", lines="ENTRYPOINT []\nCMD []")
        other = jarvis.refused("deploy", str(silent), *host)
    assert re.search(r"ended with code 1(, \d+ times)?: no database", said), said
    assert "The image does not say what is to be run in it." in other
    assert visitor.wrong == []
    assert left(jarvis, docker_engine, "bad") == before


def test_its_volume_outlives_its_versions_which_do_not_run_at_once(
    jarvis: Lab, docker_engine: docker_lab.Engine, tmp_path: Path
) -> None:
    count = "n = len(os.listdir('/data')); open(f'/data/{n}', 'w')"
    lines = 'VOLUME /data\nEXPOSE 8000\nCMD ["python", "-u", "server.py"]'
    host = ("--domain", "v.localhost")
    jarvis.good("deploy", str(app(tmp_path / "v1", "one", before=count, lines=lines)), *host)
    assert jarvis.get("v.localhost", "/file/data/0") == (200, b"there")
    two = str(app(tmp_path / "v2", "two", before=count, lines=lines))
    with Visitor(jarvis, "v.localhost", ["one", "two"]) as visitor:
        jarvis.good("deploy", two, *host)
    assert all(one.startswith("50") for one in visitor.wrong), "most wait, nobody gets anything else"
    assert jarvis.get("v.localhost", "/file/data/1") == (200, b"there")
    until(lambda: len(containers(jarvis, docker_engine, "v")) == 1, "the old container is removed")
    dies = app(tmp_path / "v3", "three", before="raise SystemExit('no')", lines=lines)
    assert re.search(r"ended with code 1(, \d+ times)?: no", jarvis.refused("deploy", str(dies), *host))
    assert jarvis.get("v.localhost") == (200, b"two"), "it was started again"
    jarvis.good("remove", "v", "--yes")
    owner = {"label": [f"jarvis.owner={owner_of(jarvis)}", "jarvis.service=v"]}
    (kept,) = docker_engine.api.volumes(filters=owner)["Volumes"]
    assert kept["Name"] == "jarvis-v-data", "only an explicit wish removes it"
    jarvis.good("deploy", two, *host)
    assert jarvis.get("v.localhost", "/file/data/2") == (200, b"there")
    jarvis.good("remove", "v", "--yes", "--volumes")
    assert not docker_engine.api.volumes(filters=owner)["Volumes"]


def test_commands_run_beside_it(jarvis: Lab, docker_engine: docker_lab.Engine, tmp_path: Path) -> None:
    if not jarvis.rows("SELECT 1 FROM services WHERE name = 'a'"):
        jarvis.good("deploy", str(app(tmp_path / "a", "a")), "--domain", "a.localhost")
    code = "import os; print(os.environ['PORT'], os.listdir())"
    assert "8000 ['server.py']" in jarvis.good("run", "a", "--", "python", "-c", code)
    assert "ended with code 3" in jarvis.refused("run", "a", "--", "python", "-c", "raise SystemExit(3)")
    assert len(containers(jarvis, docker_engine, "a")) == 1


def test_its_settings_reach_it(jarvis: Lab, docker_engine: docker_lab.Engine, tmp_path: Path) -> None:
    folder = app(tmp_path / "s", "s")
    (folder / "jarvis.toml").write_text('replicas = 2\nport = 9000\n[limits]\nmemory = "64MiB"\ncpus = 0.5\n')
    jarvis.good("deploy", str(folder), "--domain", "s.localhost")
    both = containers(jarvis, docker_engine, "s")
    assert len(both) == 2
    host = docker_engine.api.inspect_container(both[0]["Id"])["HostConfig"]
    assert (host["Memory"], host["NanoCpus"]) == (64 * 1024**2, 500_000_000)
    names = {jarvis.get("s.localhost", "/env/HOSTNAME")[1].decode() for _ in range(6)}
    assert names == {one["Id"][:12] for one in both}, "they take turns"
    said = until(lambda: jarvis.good("logs", "s", "--program"), "their logs are here")
    assert "1 | it begins" in said
    assert "2 | it begins" in said
    docker_engine.api.stop(both[0]["Id"], timeout=0)
    assert {jarvis.get("s.localhost")[0] for _ in range(4)} == {200}, "the other one answers for it"
    jarvis.good("check", "s")
    until(
        lambda: docker_engine.api.inspect_container(both[0]["Id"])["State"]["Running"], "it is started again"
    )


@pytest.fixture
def own(docker_engine: docker_lab.Engine) -> Iterator[Lab]:
    docker_engine.base(BASE)
    with lab({"JARVIS_DOCKER_HOST": docker_engine.url}) as made:
        yield made
        owner = owner_of(made)
    docker_engine.sweep(owner)


def test_it_outlives_jarvis_and_down_ends_it(
    own: Lab, docker_engine: docker_lab.Engine, tmp_path: Path
) -> None:
    chatty = (
        "import threading\ndef say(n=0):\n    print('line', n, flush=True)\n"
        "    threading.Timer(0.2, say, (n + 1,)).start()\nsay()"
    )
    own.good("deploy", str(app(tmp_path / "p", "p", before=chatty)), "--domain", "p.localhost")
    (one,) = containers(own, docker_engine, "p")
    until(lambda: "line 3" in own.good("logs", "p", "--program"), "its log is copied")
    own.kill_everything()
    assert docker_engine.api.inspect_container(one["Id"])["State"]["Running"]
    own.good("up", "--detach")
    until(lambda: own.get("p.localhost") == (200, b"p"), "the same container answers")

    def numbers() -> list[int]:
        items = own.api("GET", "/api/v1/services/p/output?limit=200")[1]["items"]
        return [int(item["text"].split()[1]) for item in items if item["text"].startswith("line ")]

    last = numbers()[-1]
    until(lambda: numbers()[-1] > last + 3, "its log goes on")
    assert sorted(set(found := numbers())) == list(range(min(found), max(found) + 1)), "no line is missing"
    assert docker_engine.api.inspect_container(one["Id"])["State"]["StartedAt"]
    own.good("down")
    assert not docker_engine.api.inspect_container(one["Id"])["State"]["Running"]
    own.good("up", "--detach")
    until(lambda: own.get("p.localhost") == (200, b"p"), "it is started again")
    assert [found["Id"] for found in containers(own, docker_engine, "p")] == [one["Id"]]
    docker_engine.api.remove_container(one["Id"], force=True)
    own.good("check", "p")
    assert own.get("p.localhost") == (200, b"p"), "one that a person removed is made again"
    own.good("down", "--keep-programs")
    (kept,) = containers(own, docker_engine, "p")
    assert kept["State"] == "running"
    own.good("down")
