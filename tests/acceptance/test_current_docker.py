"""A newer Docker than Debian 12 has: the same words, another version of the API, and BuildKit by buildx.

`JARVIS_TEST_DOCKERD` names the folder where one is unpacked (.ci/current-docker FOLDER).
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

import daemon
from daemon import Daemon, page
from docker_lab import connected
from jarvis_lab import Lab, Visitor, lab, until

pytestmark = pytest.mark.root_only
STACK = """
services:
  web:
    build: .
    ports: ["8080:8080"]
  worker:
    build: .
    command: ["/caddy", "respond", "--listen", ":9000", "worker"]
"""


@pytest.fixture(scope="module")
def programs() -> Path:
    place = Path(os.environ.get("JARVIS_TEST_DOCKERD", "/nowhere"))
    if not (place / "usr/sbin/dockerd").is_file():
        pytest.skip("JARVIS_TEST_DOCKERD names no Docker (.ci/current-docker FOLDER).")
    return place / "usr"


@pytest.fixture(scope="module")
def engine(programs: Path) -> Iterator[Daemon]:
    with daemon.serve(5, f"{programs / 'sbin'}{os.pathsep}{programs / 'bin'}") as made:
        yield made


@pytest.fixture(scope="module")
def jarvis(programs: Path, engine: Daemon, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    home = tmp_path_factory.mktemp("person")
    (home / ".docker").mkdir()
    (home / ".docker" / "cli-plugins").symlink_to(programs / "libexec/docker/cli-plugins")
    path = f"{programs / 'bin'}{os.pathsep}{os.environ['PATH']}"
    with lab({"JARVIS_DOCKER_HOST": engine.url, "HOME": str(home), "PATH": path}) as made:
        yield made


def test_it_works(jarvis: Lab, engine: Daemon, tmp_path: Path) -> None:
    with connected(engine.url) as client:
        assert int(client.version()["Version"].partition(".")[0]) >= 26
    host = ("--domain", "d.localhost")
    said = jarvis.good("deploy", str(page(tmp_path / "one", "one")), *host)
    assert "load build definition" in said, "it was BuildKit"
    with Visitor(jarvis, "d.localhost", ["one", "two"]) as visitor:
        jarvis.good("deploy", str(page(tmp_path / "two", "two")), *host)
        assert jarvis.get("d.localhost") == (200, b"two")
        jarvis.good("rollback", "d")
    assert visitor.wrong == []
    assert jarvis.get("d.localhost") == (200, b"one")
    assert "v2" in jarvis.good("run", "d", "--", "/caddy", "version")
    jarvis.good("remove", "d", "--yes")
    until(lambda: not names(engine), "nothing of it stays")


def test_a_stack(jarvis: Lab, engine: Daemon, tmp_path: Path) -> None:
    folder = page(tmp_path / "s", "stack")
    (folder / "compose.yaml").write_text(STACK)
    jarvis.good("deploy", str(folder), "--domain", "s.localhost")
    assert jarvis.get("s.localhost") == (200, b"stack")
    assert len(names(engine)) == 2
    jarvis.good("remove", "s", "--yes")
    until(lambda: not names(engine), "nothing of it stays")


def names(engine: Daemon) -> list[str]:
    with connected(engine.url) as client:
        return [one.name or "" for one in client.containers.list(all=True)]
