"""The gate of this machine: one process for all sites with rules, kept like a program."""

import hashlib
import sys
from functools import cache
from pathlib import Path

import config
from jarvis.home import Home
from jarvis.mark import RULES
from jarvis.proxy import gate, password
from jarvis.runtimes import process
from jarvis.runtimes.process import Spec

DRAIN = 5.0
"""Seconds that questions to the version before have to end; each takes milliseconds."""


def ensure() -> None:
    """Let it run, and end one of another version: a new one takes over the socket when it is ready.

    Raises:
        Unavailable: Its keeper does not answer.
    """
    home = Home(config.settings().home)
    home.www.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder = Path(gate.__file__).parent
    words = (sys.executable, "-I", "-S", str(folder / "__main__.py"), str(home.www), str(home.gate))
    key = f"gate-{_version(folder, words)}"
    process.start(home.gates, Spec(key=key, words=words, cwd=home.www))
    for other in process.running(home.gates):
        if other != key:
            process.stop(home.gates, other, drain=DRAIN)


def resume() -> None:
    """Let it run where a service needs it, for example after the machine was restarted.

    Raises:
        Unavailable: Its keeper does not answer.
    """
    services = Home(config.settings().home).www / "services"
    if services.is_dir() and any((one / "current" / RULES).is_file() for one in services.iterdir()):
        ensure()


@cache
def _version(folder: Path, words: tuple[str, ...]) -> str:
    digest = hashlib.sha256("\0".join(words).encode())
    for file in (*sorted(folder.glob("*.py")), Path(password.__file__)):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]
