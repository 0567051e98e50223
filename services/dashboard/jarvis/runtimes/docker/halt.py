"""Ends all containers of one JARVIS_HOME, for `jarvis down`. They stay there for the next `jarvis up`."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from jarvis.errors import Unavailable
from jarvis.home import Home
from jarvis.runtimes.docker import engine
from jarvis.runtimes.docker.container import GRACE
from jarvis.runtimes.docker.engine import asked, part
from jarvis.runtimes.docker.state import ROLE

COMPOSE = "com.docker.compose.project"
AT_ONCE = 8


def stop_all(home: Home, host: str) -> int:
    """Stop those that run, each with its time to end; returns how many there were.

    Args:
        home: Whose.
        host: Its JARVIS_DOCKER_HOST.

    Raises:
        Unavailable: Docker does not answer any more.
    """
    place = engine.address(host)
    if not home.owner.is_file() or not engine.is_there(place):
        return 0
    try:
        api: Any = engine.connected(place).api
    except Unavailable:  # then it keeps nothing running either
        return 0
    label = f"{engine.OWNER}={home.owner.read_text(encoding='ascii').strip()}"
    with asked("stop containers"):
        rows: list[dict[str, Any]] = api.containers(filters={"label": [label]})
        # A container that a person started from an image of ours has its labels, but not these.
        there = [str(row["Id"]) for row in rows if {ROLE, COMPOSE} & set(part(row, "Labels"))]

        def stop(key: str) -> None:
            api.stop(key, timeout=GRACE)

        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(stop, there))
    return len(there)
