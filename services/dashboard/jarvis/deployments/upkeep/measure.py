"""What services use of the machine now: from the kernel where it says it, else from keepers and Docker."""

import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from jarvis.deployments import settings
from jarvis.deployments.programs.program import home
from jarvis.errors import JarvisError
from jarvis.runtimes import groups, process
from jarvis.runtimes.docker import engine, state
from jarvis.runtimes.docker.engine import asked, part
from jarvis.runtimes.groups import Used

log = logging.getLogger(__name__)

Json = dict[str, Any]

AT_ONCE = 4
"""Containers that Docker is asked about at the same moment. It idles for a second before it answers."""


def measure(rows: Sequence[Json]) -> dict[str, Used]:
    """Service → what it uses; those that do not run are left out.

    Args:
        rows: Of services that run, as `repair.running` tells them.
    """
    programs = [row for row in rows if row["configuration"]["runtime"] == "process"]
    others = {row["service"] for row in rows if row["configuration"]["runtime"] not in {"process", "static"}}
    found = {row["service"]: _program(row) for row in programs}
    if others:
        try:
            found |= {name: _whole(parts) for name, parts in _containers(others).items()}
        except JarvisError as error:
            log.warning("What containers use was not measured: %s", error)
    return {name: used for name, used in found.items() if used.memory is not None}


def _program(row: Json) -> Used:
    key = row["deployment_id"]
    seen = groups.of_program(process.folder_of(home().instances, key).name)
    limit = settings.of(row).limits.memory or None
    if seen.memory is not None and seen.cpu_seconds is not None:
        return Used(seen.memory, seen.cpu_seconds, limit)
    kept = process.status(home().instances, key)
    if kept is None or not kept.running:
        return Used()
    memory = kept.memory if seen.memory is None else seen.memory
    return Used(memory, kept.cpu_seconds if seen.cpu_seconds is None else seen.cpu_seconds, limit)


def _containers(wanted: set[str]) -> dict[str, list[Used]]:
    """Of all containers of these services: those of a stack that outlive a deploy count, too."""
    with asked("list its containers"):
        rows: list[Json] = engine.api().containers(filters=engine.ours())
    there = [(str(part(row, "Labels").get(engine.SERVICE, "")), str(row["Id"])) for row in rows]
    there = [one for one in there if one[0] in wanted]
    found: dict[str, list[Used]] = {}
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for (name, _), used in zip(there, pool.map(_container, [key for _, key in there]), strict=True):
            found.setdefault(name, []).append(used)
    return found


def _container(key: str) -> Used:
    with asked("look at a container"):
        row = state.inspected(key)
    pid = int(part(row or {}, "State").get("Pid") or 0)
    if not pid:
        return Used(0, 0.0)  # it ended meanwhile
    limit = int(part(row or {}, "HostConfig").get("Memory") or 0) or None
    seen = groups.of_process(pid, key)
    if seen.memory is not None and seen.cpu_seconds is not None:
        return Used(seen.memory, seen.cpu_seconds, limit)
    return Used(*state.usage(key), limit)


def _whole(parts: Sequence[Used]) -> Used:
    """All of them together; limited only where each of them is."""
    limits = [one.limit for one in parts]
    return Used(
        memory=sum(one.memory or 0 for one in parts),
        cpu_seconds=sum(one.cpu_seconds or 0.0 for one in parts),
        limit=sum(one or 0 for one in limits) if all(limits) else None,
    )
