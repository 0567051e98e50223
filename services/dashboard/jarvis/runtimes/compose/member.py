"""The containers of stacks, as Docker has them."""

from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from jarvis.runtimes.compose.override import FRESH, GROUP, KEPT, PART
from jarvis.runtimes.docker import engine, state
from jarvis.runtimes.docker.engine import asked, part
from jarvis.runtimes.docker.state import State

Json = dict[str, Any]

PROJECT = "com.docker.compose.project"


@dataclass(frozen=True)
class Member:
    """One container.

    Attributes:
        id: Its id.
        service: Whose it is.
        part: Which service of the file.
        group: `kept`, `fresh`, or `once` for a command that runs beside them.
        deployment: Of which version; empty for what is kept.
        project: In docker-compose.
        running: It runs now, or is started again.
    """

    id: str
    service: str
    part: str
    group: str
    deployment: str
    project: str
    running: bool


def listed(service: str = "") -> list[Member]:
    """Those of one service, or all of ours, running or not."""
    with asked("list its containers"):
        rows: list[Json] = engine.api().containers(all=True, filters=engine.ours(service))
    found = [
        Member(
            id=str(row["Id"]),
            service=str(labels.get(engine.SERVICE, "")),
            part=str(labels.get(PART, "")),
            group=str(labels[GROUP]),
            deployment=str(labels.get(engine.DEPLOYMENT, "")),
            project=str(labels.get(PROJECT, "")),
            running=row.get("State") in {"running", "restarting"},
        )
        for row in rows
        if GROUP in (labels := part(row, "Labels"))
    ]
    return sorted(found, key=lambda one: (one.part, one.id))


def of(service: str, deployment: str) -> list[Member]:
    """What a deployment runs with: its own containers, and those that are kept."""
    return [
        one
        for one in listed(service)
        if one.group == KEPT or (one.group == FRESH and one.deployment == deployment)
    ]


def seen(member: Member) -> State | None:
    """What it does; None when it is gone."""
    return state.status(member.id)


def check_of(key: str) -> tuple[str, ...]:
    """The words of a container's healthcheck; none where it has none, or is gone."""
    row = state.inspected(key)
    test: list[str] = (part(row, "Config", "Healthcheck").get("Test") or []) if row else []
    kind, words = (test[0], test[1:]) if test else ("", [])
    if kind == "CMD-SHELL":
        shell: list[str] = (row or {}).get("Config", {}).get("Shell") or ["/bin/sh", "-c"]
        return (*shell, *words)
    return tuple(words) if kind == "CMD" else ()


def project_of(service: str) -> str:
    """The project of what the service keeps: the one that it has, else one that nobody else has."""
    mine = [one.project for one in listed(service) if one.group == KEPT and one.project]
    if mine:
        return mine[0]
    name = f"jarvis-{service}"
    with asked("list its containers"):
        rows: list[Json] = engine.api().containers(all=True, filters={"label": [f"{PROJECT}={name}"]})
    owner = engine.owner()
    strange = any(part(row, "Labels").get(engine.OWNER) != owner for row in rows)
    return f"{name}-{owner[:8]}" if strange else name


def taken(network: str) -> Collection[str]:
    """The addresses in a network that somebody has."""
    with asked("look at a network"):
        row: Json = engine.api().inspect_network(network)
    return {str(one.get("IPv4Address", "")).partition("/")[0] for one in part(row, "Containers").values()}


def end(members: Collection[Member], grace: int = 10) -> None:
    """End and remove these, with their nameless volumes, and what is left of their networks."""
    import docker.errors

    for one in members:
        with asked("remove a container"), suppress(docker.errors.NotFound):
            if one.running:
                engine.api().stop(one.id, timeout=grace)
            engine.api().remove_container(one.id, force=True, v=True)


def end_networks(service: str, deployment: str = "") -> None:
    """Remove the networks of stacks of the service, if nothing is in them."""
    import docker.errors

    with asked("remove a network"):
        rows: list[Json] = engine.api().networks(filters=engine.ours(service, deployment))
        for row in rows:
            if GROUP in part(row, "Labels"):
                with suppress(docker.errors.APIError):  # a container is in it, and goes soon
                    engine.api().remove_network(row["Id"])
