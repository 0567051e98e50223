"""The private network of a service over all machines of the swarm."""

import time
import zlib
from contextlib import suppress
from typing import Any

from jarvis import control
from jarvis.runtimes.docker import engine
from jarvis.runtimes.docker.engine import part
from jarvis.runtimes.swarm import wire

Json = dict[str, Any]

KIND = "jarvis.network"
SWARM = "swarm"
"""The value of the label `KIND` that ours have."""
GONE_WITHIN = 30.0
LOOK_EVERY = 0.3


def make(service: str) -> str:
    """The id of the network of the service, made if it is not there.

    Raises:
        InvalidInput: This Docker manages no swarm.
        Unavailable: It does not answer.
    """
    if found := find(service):
        return found
    with wire.asked("make a network of the swarm"):
        body: Json = {
            "Name": name(service),
            "Driver": "overlay",
            "Attachable": False,
            "Labels": {**engine.labels(service), KIND: SWARM},
            "CheckDuplicate": True,
        }
        return str(wire.send("POST", "/networks/create", body=body)["Id"])


def name(service: str) -> str:
    """Its name, unlike that of the network on this machine alone; 63 signs at most, and of this Jarvis."""
    key = zlib.crc32(f"{engine.owner()} {service}".encode())
    return f"jarvis-{service[:40]}-{key:08x}"


def find(service: str) -> str:
    """Its id; empty when it is not there."""
    with wire.asked("list its networks"):
        rows: list[Json] = wire.send("GET", "/networks", filters=engine.ours(service))
    mine = [row for row in rows if part(row, "Labels").get(KIND) == SWARM]
    return str(mine[0]["Id"]) if mine else ""


def remove(service: str) -> None:
    """Remove it, as soon as the last copies are gone from it; left there when they do not go."""
    import docker.errors

    end = time.monotonic() + GONE_WITHIN
    while (key := find(service)) and time.monotonic() < end:
        with wire.asked("remove a network"), suppress(docker.errors.APIError):
            wire.send("DELETE", f"/networks/{key}")
            return
        control.check()
        time.sleep(LOOK_EVERY)
