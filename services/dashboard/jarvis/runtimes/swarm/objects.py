"""Small files that the swarm keeps and gives to copies: configs, and secrets."""

import base64
import hashlib
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, NamedTuple

from jarvis.runtimes.docker import engine
from jarvis.runtimes.swarm import wire

Json = dict[str, Any]


class Kind(NamedTuple):
    """Configs or secrets.

    Attributes:
        path: In the API.
        name: What the members of a reference begin with.
    """

    path: str
    name: str


CONFIG, SECRET = Kind("/configs", "Config"), Kind("/secrets", "Secret")


def as_file(kind: Kind, name: str, text: str, place: str, labels: Mapping[str, str]) -> Json:
    """Keep a text, if it is not kept; returns the reference that puts it into a container as a file.

    Args:
        kind: What it is.
        name: Its name; a part of its checksum is put behind, since neither kind can be changed.
        text: What is in it.
        place: The path of the file.
        labels: Its labels.
    """
    called = f"{name}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"
    body: Json = {"Name": called, "Labels": dict(labels), "Data": base64.b64encode(text.encode()).decode()}
    with wire.asked(f"keep a {kind.name.lower()}"):
        rows: list[Json] = wire.send("GET", kind.path, filters={"name": [called]})
        there = [str(row["ID"]) for row in rows if row["Spec"]["Name"] == called]
        key = there[0] if there else str(wire.send("POST", f"{kind.path}/create", body=body)["ID"])
    file = {"Name": place, "UID": "0", "GID": "0", "Mode": 0o444}
    return {f"{kind.name}ID": key, f"{kind.name}Name": called, "File": file}


def remove(kind: Kind) -> None:
    """Remove ours; one that is in use stays."""
    import docker.errors

    with wire.asked(f"remove a {kind.name.lower()}"):
        for row in wire.send("GET", kind.path, filters=engine.ours()):
            with suppress(docker.errors.APIError):
                wire.send("DELETE", f"{kind.path}/{row['ID']}")
