"""The document's own way in, word for word: Docker Compose, its log, its tables.

No registry can be reached here, so `python:3.12-slim` and `postgres:18-alpine` are stand-ins of those names
(tests/base_images.py): the files of this machine, with this machine's Python and the PostgreSQL of its wheel.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

import docker_lab
from jarvis_lab import free_port, until

ROOT = Path(__file__).resolve().parents[2]
CONTAINERS = ("homelab-dashboard", "homelab-worker", "homelab-caddy", "discord-bot-db")
BASES = ("python:3.12-slim", "postgres:18-alpine")
COMPOSE = Path(sys.executable).with_name("docker-compose")
MOST = 250 * 1000**2
"""Bytes that our image may add to the one it stands on."""


class House:
    """The platform, as Compose runs it from a copy of the sources."""

    def __init__(self, place: Path, engine: docker_lab.Engine) -> None:
        self.place, self.engine = place, engine
        self.port = free_port()
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(place),
            "DOCKER_HOST": engine.url,
            "JARVIS_DB_PASSWORD": "of-this-test-alone",
            "DASHBOARD_PORT": f"127.0.0.1:{self.port}",
            "SITES_PORT": f"127.0.0.1:{free_port()}",
            "SITES_HTTPS_PORT": f"127.0.0.1:{free_port()}",
        }

    def compose(self, *words: str) -> str:
        command = [str(COMPOSE), "-f", "docker-compose.unified.yml", *words]
        done = subprocess.run(
            command, cwd=self.place, env=self.environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
        return done.stdout + done.stderr

    def inside(self, container: str, *words: str) -> str:
        code, said = self.engine.client.containers.get(container).exec_run(list(words))
        text = bytes(said).decode()  # pyright: ignore[reportArgumentType] - it is a stream only where asked for
        assert code == 0, text
        return text


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    with docker_lab.serve() as engine:
        for name in CONTAINERS:
            if engine.api.containers(all=True, filters={"name": f"^/{name}$"}):
                pytest.fail(f"There is a container {name} on this machine: this test would take its place.")
        engine.base(*BASES)
        place = Path(tempfile.mkdtemp(prefix="jhouse-"))
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT,
            capture_output=True,
            check=True,
        ).stdout
        for name in listed.decode().split("\0"):
            if (
                name.startswith(("services/", "config/", "docker-compose.unified.yml"))
                and (ROOT / name).is_file()
            ):
                (place / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / name, place / name)
        made = House(place, engine)
        try:
            made.compose("up", "-d", "--build", "homelab-dashboard")
            yield made
        finally:
            made.compose("down", "--volumes", "--rmi", "local", "--timeout", "5")
            shutil.rmtree(place)


def test_it_works(house: House) -> None:
    def state() -> str:
        return str(house.engine.api.inspect_container("homelab-dashboard")["State"]["Health"]["Status"])

    until(lambda: state() == "healthy", "the dashboard is healthy")


def test_its_log_has_the_lines_of_the_document(house: House) -> None:
    said = house.engine.client.containers.get("homelab-dashboard").logs().decode()
    for line in (
        "Initializing Jarvis Platform Database",
        "Database service is available, running migrations...",
        "✓ Database migrations completed successfully",
        "✓ Database health check passed",
        "✓ Current migration: ",
        "✓ Latest migration: ",
    ):
        assert line in said


def test_the_tables_are_there(house: House) -> None:
    said = house.inside("discord-bot-db", "psql", "-U", "jarvis", "-d", "homelab_jarvis", "-c", r"\dt")
    for table in ("workflows", "tasks", "artifacts", "deployments", "domain_records"):
        assert f"| {table} " in said


def test_the_image_is_small_and_nobody_is_root_in_it(house: House) -> None:
    image = house.engine.api.inspect_image("homelab-jarvis:local")
    base = house.engine.api.inspect_image("python:3.12-slim")
    assert image["Size"] - base["Size"] < MOST
    assert house.inside("homelab-dashboard", "id", "-u").strip() == "10001"


def test_a_site_is_deployed_in_it(house: House) -> None:
    page = "<h1>hello</h1>"
    script = (
        "mkdir -p /tmp/page && printf '%s' '" + page + "' > /tmp/page/index.html && "
        "python -m jarvis.cli deploy /tmp/page --domain page.localhost"
    )
    # The local token is made by `jarvis up`; here it is made by hand, as docs/operate.md says.
    said = house.inside("homelab-dashboard", "sh", "-c", script)
    assert "Deployed page" in said
