"""A private registry of images on a free port: docker-registry of Debian, which asks for a password."""

import shutil
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

import pytest

from caddy_lab import free_port, poll

USER, PASSWORD = "shop", "open-sesame"
_HASH = "$2y$05$abcdefghijklmnopqrstuutXu9KzOt.1yBoZUeFWoT/914/JfszCO"
"""Of the password, by bcrypt: the only way of writing it that the registry reads."""
_SETTINGS = """version: 0.1
storage:
  filesystem:
    rootdirectory: {folder}/images
http:
  addr: 127.0.0.1:{port}
auth:
  htpasswd:
    realm: test
    path: {folder}/htpasswd
"""


@contextmanager
def serve(folder: Path) -> Generator[str]:
    """The host and port of a registry; without the program the test is skipped."""
    program = shutil.which("docker-registry")
    if program is None:
        pytest.skip("No registry of images is installed (apt install docker-registry).")
    port = free_port()
    (folder / "htpasswd").write_text(f"{USER}:{_HASH}\n")
    settings = folder / "settings.yml"
    settings.write_text(_SETTINGS.format(folder=folder, port=port))
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([program, "serve", settings], stdout=log, stderr=log)
    try:
        assert poll(lambda: _asks_for_password(port)), (folder / "log").read_text()
        yield f"127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()


def _asks_for_password(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", "/v2/")
        return connection.getresponse().status == 401
    except OSError:
        return False
    finally:
        connection.close()
