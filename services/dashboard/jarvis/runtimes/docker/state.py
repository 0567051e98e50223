"""What Docker says of our containers."""

from dataclasses import dataclass
from typing import Any

from jarvis.runtimes.docker import engine
from jarvis.runtimes.docker.engine import asked, part

Json = dict[str, Any]

NUMBER, ROLE, WORKFLOW = "jarvis.number", "jarvis.role", "jarvis.workflow"
COPY, RUN = "copy", "run"
"""Labels of containers alone. A container has those of its image, too, also one that a person starts."""


@dataclass(frozen=True)
class Brief:
    """What one question tells of all containers.

    Attributes:
        id: Its id.
        deployment: Of which version.
        number: Which of its copies; 0 for a command that runs beside them.
        running: It runs now, or is started again.
        workflow: For which it runs a command; empty for a copy.
    """

    id: str
    deployment: str
    number: int
    running: bool
    workflow: str = ""


@dataclass(frozen=True)
class State:
    """What Docker says of a container.

    Attributes:
        id: Its id.
        name: Its name.
        service: Whose it is.
        deployment: And of which version.
        number: Which of its copies; 0 for a command that runs beside them.
        running: It runs now.
        restarts: How often Docker has started it again.
        exit_code: Of its last end.
        out_of_memory: The kernel killed something in it.
        error: Why Docker could not start it.
        health: `healthy`, `unhealthy`, `starting`, or empty when nothing says.
        health_said: What its last check of health said.
        pid: Its first process, as this machine counts them; 0 when it does not run.
        address: In its network.
        image: The id of its image.
        started_at: When it was started last.
        memory: Bytes that it may take; 0 for as much as there is.
    """

    id: str
    name: str
    service: str
    deployment: str
    number: int
    running: bool
    restarts: int
    exit_code: int
    out_of_memory: bool
    error: str
    health: str
    health_said: str
    pid: int
    address: str
    image: str
    started_at: str
    memory: int = 0

    @property
    def ending(self) -> str:
        """How it ended the last time, as the end of a sentence."""
        if self.error:
            return f"cannot be started: {self.error}"
        if self.out_of_memory:
            return "was killed: out of memory"
        return f"ended with code {self.exit_code}"


def status(key: str) -> State | None:
    """What it does, by id or name; None when there is none."""
    with asked("look at a container"):
        row = inspected(key)
    return _state(row) if row is not None else None


def inspected(key: str) -> Json | None:
    import docker.errors

    try:
        return dict(engine.api().inspect_container(key))
    except docker.errors.NotFound:
        return None


def _state(row: Json) -> State:
    state: Json = row["State"]
    labels, health = part(row, "Config", "Labels"), part(state, "Health")
    checks: list[Json] = health.get("Log") or []
    said = str(health.get("Status") or "")
    networks = part(row, "NetworkSettings", "Networks")
    return State(
        id=str(row["Id"]),
        name=str(row["Name"]).lstrip("/"),
        service=str(labels.get(engine.SERVICE, "")),
        deployment=str(labels.get(engine.DEPLOYMENT, "")),
        number=int(labels.get(NUMBER, 0)),
        running=bool(state.get("Running")) and not state.get("Restarting"),
        restarts=int(row.get("RestartCount") or 0),
        exit_code=int(state.get("ExitCode") or 0),
        out_of_memory=bool(state.get("OOMKilled")),
        error=str(state.get("Error") or ""),
        health="" if said == "none" else said,
        health_said=str(checks[-1].get("Output", "")).strip() if checks else "",
        pid=int(state.get("Pid") or 0),
        address=next((found for one in networks.values() if (found := _address(one))), ""),
        image=str(row.get("Image") or ""),
        started_at=str(state.get("StartedAt") or ""),
        memory=int(part(row, "HostConfig").get("Memory") or 0),
    )


def _address(endpoint: Json) -> str:
    return str(part(endpoint, "IPAMConfig").get("IPv4Address") or endpoint.get("IPAddress") or "")


def brief(service: str = "", deployment: str = "") -> list[Brief]:
    """Our containers, running or not; those of one service or one deployment, copies by their numbers."""
    with asked("list its containers"):
        rows: list[Json] = engine.api().containers(all=True, filters=engine.ours(service, deployment))
    found = [
        Brief(
            id=str(row["Id"]),
            deployment=labels.get(engine.DEPLOYMENT, ""),
            number=int(labels.get(NUMBER, 0)),
            running=row.get("State") in {"running", "restarting"},
            workflow=labels.get(WORKFLOW, ""),
        )
        for row in rows
        if ROLE in (labels := part(row, "Labels"))
    ]
    return sorted(found, key=lambda one: (one.number, one.id))


def listed(service: str = "", deployment: str = "") -> list[State]:
    """The copies among our containers with all that is known of each, by their numbers."""
    states = [status(one.id) for one in brief(service, deployment) if one.number]
    return [one for one in states if one is not None]


def logs(key: str, last: int) -> list[str]:
    """The last lines that it said; none when it is gone."""
    import docker.errors

    with asked("read a log"):
        try:
            raw: bytes = engine.api().logs(key, tail=last)
        except docker.errors.NotFound:
            return []
    return raw.decode("utf-8", "replace").splitlines()[-last:]


def usage(key: str) -> tuple[int, float]:
    """Bytes of memory and seconds of processors that it uses.

    Raises:
        Unavailable: Docker does not answer.
    """
    import docker.errors

    with asked("measure a container"):
        try:
            seen: Json = engine.api().stats(key, stream=False, one_shot=True)
        except docker.errors.NotFound:
            return 0, 0.0
    memory, detail = part(seen, "memory_stats"), part(seen, "memory_stats", "stats")
    cache = int(detail.get("total_inactive_file", detail.get("inactive_file", 0)))
    nanoseconds = int(part(seen, "cpu_stats", "cpu_usage").get("total_usage", 0))
    return max(0, int(memory.get("usage") or 0) - cache), nanoseconds / 1e9
