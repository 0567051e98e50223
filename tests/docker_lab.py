"""A real Docker for tests: the one of this machine, or one that is started here and stopped afterwards.

`JARVIS_TEST_DOCKER_HOST` names another one. Processes of one test run share what is started and made.
"""

import fcntl
import os
import shutil
import subprocess
import time
from collections.abc import Generator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import docker
import docker.errors
import pytest
import requests.exceptions

import base_images

USUAL = "unix:///var/run/docker.sock"
OWNER = "jarvis.owner"
SHARED = Path(f"/tmp/jarvis-docker-{os.geteuid()}")
"""Of all test processes of this user: their locks, and the Docker that they started."""
_START_WITHIN = 120.0


@dataclass(frozen=True)
class Engine:
    """A Docker that answers.

    Attributes:
        url: For JARVIS_DOCKER_HOST of what is tested.
        client: Of docker-py.
    """

    url: str
    client: docker.DockerClient

    @property
    def api(self) -> Any:
        """Docker's API itself, JSON in and out."""
        return self.client.api

    def base(self, *names: str) -> None:
        """Let there be these base images; the test is skipped where this machine cannot make them."""
        for name in names:
            with _alone("images"):
                try:
                    base_images.ensure(self.client, name)
                except base_images.Missing as reason:
                    pytest.skip(f"No base image {name}: {reason}")

    def leftovers(self, owner: str) -> set[str]:
        """What carries the label `jarvis.owner` with that value: kind and name of each.

        Images without a name are left out: they are steps of builds, kept to make the next one faster.
        """
        only = {"label": f"{OWNER}={owner}"}
        rows: dict[str, list[dict[str, Any]]] = {
            "container": self.api.containers(all=True, filters=only),
            "image": self.api.images(filters={**only, "dangling": False}),
            "network": self.api.networks(filters=only),
            "volume": self.api.volumes(filters=only)["Volumes"] or [],
        }
        return {f"{kind} {_name(row)}" for kind, found in rows.items() for row in found}

    def free(self, *names: str) -> None:
        """Remove the volumes of these services (`*`: the rest of a name), which a killed test run left.

        A volume has its name for all of Docker.
        """
        rows = self.api.volumes(filters={"label": OWNER})["Volumes"] or []
        for row in rows:
            service = row["Labels"].get("jarvis.service", "")
            if any(fnmatch(service, name) for name in names):
                for one in self.api.containers(all=True, filters={"volume": row["Name"]}):
                    self.api.remove_container(one["Id"], force=True)
                self.api.remove_volume(row["Name"], force=True)

    def sweep(self, owner: str) -> None:
        """Remove all that carries that label, so that a failed test leaves nothing to others."""
        only = {"label": f"{OWNER}={owner}"}
        for row in self.api.containers(all=True, filters=only):
            with suppress(docker.errors.APIError):  # it is on its way out already
                self.api.remove_container(row["Id"], force=True, v=True)
        for row in self.api.networks(filters=only):
            self.api.remove_network(row["Id"])
        for row in self.api.volumes(filters=only)["Volumes"] or []:
            self.api.remove_volume(row["Name"], force=True)
        for row in self.api.images(all=True, filters=only):
            with suppress(docker.errors.APIError):  # gone with an image that stood on it
                self.api.remove_image(row["Id"], force=True)


def _name(row: dict[str, Any]) -> str:
    names = row.get("Names") or row.get("RepoTags") or [row.get("Name") or row["Id"]]
    return str(names[0]).lstrip("/")


@contextmanager
def serve() -> Generator[Engine]:
    """The Docker that JARVIS_TEST_DOCKER_HOST names, else that of this machine, else one of our own."""
    wanted = os.environ.get("JARVIS_TEST_DOCKER_HOST", "")
    if client := _reached(wanted or USUAL):
        yield Engine(wanted or USUAL, client)
        client.close()
        return
    if wanted:
        raise RuntimeError(f"No Docker answers at {wanted}, which JARVIS_TEST_DOCKER_HOST names.")
    if reason := _unable():
        pytest.skip(reason)
    with _own() as url:
        client = docker.DockerClient(base_url=url, timeout=120)
        yield Engine(url, client)
        client.close()


def connected(url: str) -> "closing[docker.DockerClient]":
    """A connection of one's own, for a `with`."""
    return closing(docker.DockerClient(base_url=url, timeout=120))


def _reached(url: str) -> docker.DockerClient | None:
    client = None
    try:
        client = docker.DockerClient(base_url=url, timeout=120)
        client.ping()
    except (docker.errors.DockerException, requests.exceptions.RequestException, OSError):
        if client:
            client.close()
        return None
    return client


def _unable() -> str:
    """Why no Docker can be started here; empty if nothing speaks against it."""
    if os.geteuid() != 0:
        return f"No Docker answers at {USUAL}, and only root can start one."
    if not shutil.which("dockerd"):
        return f"No Docker answers at {USUAL}, and none is installed (apt install docker.io)."
    with suppress(OSError, ValueError):
        pid = Path("/var/run/docker.pid").read_text(encoding="ascii")
        if b"dockerd" in Path(f"/proc/{int(pid)}/cmdline").read_bytes():
            # Two of them would overwrite each other's rules of the network.
            return f"A Docker runs already (process {pid}), but does not answer at {USUAL}."
    return ""


@contextmanager
def _own() -> Generator[str]:
    """The address of a Docker of our own: the first process starts it, the last one stops it."""
    SHARED.mkdir(mode=0o700, exist_ok=True)
    url = f"unix://{SHARED}/docker.sock"
    with (SHARED / "users").open("w") as users:
        with _alone("start"):
            fcntl.flock(users, fcntl.LOCK_SH)
            client = _reached(url) or _started(url)
            client.close()
        try:
            yield url
        finally:
            with _alone("start"), suppress(BlockingIOError):
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                _stop()


def _started(url: str) -> docker.DockerClient:
    pid = SHARED / "pid"
    pid.unlink(missing_ok=True)  # of one that was killed: it would keep the next from starting
    words = ["dockerd", "-H", url, "-p", str(pid)]
    words += ["--data-root", str(SHARED / "data"), "--exec-root", str(SHARED / "exec")]
    with (SHARED / "log").open("wb") as log:
        process = subprocess.Popen(
            words, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
        )
    end = time.monotonic() + _START_WITHIN
    while time.monotonic() < end and process.poll() is None:
        if client := _reached(url):
            return client
        time.sleep(0.1)
    process.kill()
    said = (SHARED / "log").read_text(errors="replace").splitlines()
    pytest.skip(f"Docker cannot be started here: {said[-1] if said else 'it says nothing'}")


def _stop() -> None:
    with suppress(OSError, ValueError):
        pid = int((SHARED / "pid").read_text(encoding="ascii"))
        os.kill(pid, 15)
        end = time.monotonic() + _START_WITHIN
        while (SHARED / "pid").exists() and time.monotonic() < end:
            time.sleep(0.1)
    shutil.rmtree(SHARED / "data", ignore_errors=True)
    shutil.rmtree(SHARED / "exec", ignore_errors=True)


@contextmanager
def _alone(what: str) -> Generator[None]:
    """One process at a time."""
    SHARED.mkdir(mode=0o700, exist_ok=True)
    with (SHARED / f"{what}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
