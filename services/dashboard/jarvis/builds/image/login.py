"""Our accounts at registries, as Docker wants to be told of them."""

import base64
import json
from collections.abc import Mapping
from pathlib import Path

Logins = Mapping[str, tuple[str, str]]
"""Host of a registry → user and password."""

_HUB = {"docker.io": "https://index.docker.io/v1/"}
"""Docker knows its own registry by this name only."""


def registry(image: str) -> str:
    """Where an image comes from, by its name."""
    first, slash, _ = image.partition("/")
    return first if slash and (first == "localhost" or "." in first or ":" in first) else "docker.io"


def account(logins: Logins, image: str) -> dict[str, str] | None:
    """For the API: with what an image is pulled; None where we have no account there."""
    found = logins.get(registry(image))
    return {"username": found[0], "password": found[1]} if found else None


def header(logins: Logins) -> str:
    """For the API: X-Registry-Config of a build."""
    given = {
        _HUB.get(host, host): {"username": user, "password": password, "serveraddress": _HUB.get(host, host)}
        for host, (user, password) in logins.items()
    }
    return base64.urlsafe_b64encode(json.dumps(given).encode()).decode("ascii")


def settings(folder: Path, logins: Logins, outside: Mapping[str, str]) -> Path:
    """For commands: a folder for DOCKER_CONFIG with the accounts in it. Whoever makes it removes it.

    Args:
        folder: To be made.
        logins: The accounts.
        outside: Our own environment: additions to the command are where they are for us.
    """
    folder.mkdir(mode=0o700)
    accounts = {
        _HUB.get(host, host): {"auth": base64.b64encode(f"{user}:{password}".encode()).decode("ascii")}
        for host, (user, password) in logins.items()
    }
    file = folder / "config.json"
    file.touch(mode=0o600)
    file.write_text(json.dumps({"auths": accounts}), encoding="ascii")
    plugins = Path(outside.get("HOME", "/"), ".docker", "cli-plugins")
    if plugins.is_dir():
        (folder / "cli-plugins").symlink_to(plugins)
    return folder
