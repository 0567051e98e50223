"""A deployment as a service of the swarm: written, made, changed, scaled, removed. All may run twice."""

import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from jarvis.errors import Conflict
from jarvis.limits import Limits
from jarvis.runtimes.docker import engine
from jarvis.runtimes.docker.container import GRACE, LOG_BYTES, LOGS_KEPT, PROCESSES, ROOT_NEEDS
from jarvis.runtimes.docker.engine import part
from jarvis.runtimes.docker.state import WORKFLOW
from jarvis.runtimes.swarm import wire
from jarvis.runtimes.swarm.wire import Account, asked

Json = dict[str, Any]

REPLICAS, WRITTEN = "jarvis.replicas", "jarvis.spec"
"""Labels of the service alone: how many copies it is to have unless it is stopped, and what was asked for."""
CHECK_EVERY = 3
"""Seconds between two looks of Docker at the health of a copy. A new one is not used before the first."""
RESTART_AFTER = 1
"""Seconds before a copy that ended is started again."""
WATCHED = 5
"""Seconds for which Swarm looks at a copy of an update before it goes on."""
_SECOND = 1_000_000_000


@dataclass(frozen=True)
class Spec:
    """How it is run.

    Attributes:
        service: Whose it is.
        deployment: And of which version.
        image: Under which name, and digest, every machine gets the image.
        network: The name of its network.
        ports: Where its copies may listen; each gets a free port of its machine.
        replicas: Copies.
        environment: What it gets beside what the image says.
        volumes: Name in Docker → path in the container.
        limits: What one copy may take.
        placement: Rules that a machine has to fit.
        is_root: It starts as root.
        read_only: It writes nowhere but in its volumes and /tmp.
        checked: Its image says how one sees that it is well, and that counts.
        words: What is run in place of what the image says.
        workflow: It runs a command once for this workflow.
    """

    service: str
    deployment: str
    image: str
    network: str
    ports: tuple[int, ...] = ()
    replicas: int = 1
    environment: Mapping[str, str] = field(default_factory=dict[str, str])
    volumes: Mapping[str, str] = field(default_factory=dict[str, str])
    limits: Limits = field(default_factory=Limits)
    placement: tuple[str, ...] = ()
    is_root: bool = True
    read_only: bool = False
    checked: bool = False
    words: tuple[str, ...] = ()
    workflow: str = ""

    @property
    def called(self) -> str:
        """Its name in the swarm, which takes 63 signs at most."""
        kind = f"run-{self.workflow[:8]}" if self.workflow else self.deployment[:8]
        return f"jarvis-{self.service[:40]}-{kind}"


def written(spec: Spec, labels: Mapping[str, str]) -> Json:
    """The same as Docker takes it. Pure."""
    limits = spec.limits
    container: Json = {
        "Image": spec.image,
        "Labels": dict(labels),
        "Env": [f"{name}={value}" for name, value in sorted(spec.environment.items())],
        "Init": True,
        "StopGracePeriod": GRACE * _SECOND,
        "CapabilityDrop": ["ALL"],
        "CapabilityAdd": [f"CAP_{name}" for name in ROOT_NEEDS] if spec.is_root else [],
        "Privileges": {"NoNewPrivileges": True},
        "ReadOnly": spec.read_only,
        "Healthcheck": {"Interval": CHECK_EVERY * _SECOND} if spec.checked else {"Test": ["NONE"]},
        "Mounts": [
            {
                "Type": "volume",
                "Source": name,
                "Target": path,
                "VolumeOptions": {"Labels": _of_volume(labels)},
            }
            for name, path in sorted(spec.volumes.items())
        ],
    }
    if spec.read_only:
        container["Mounts"].append({"Type": "tmpfs", "Target": "/tmp"})  # noqa: S108 - in the container
    if spec.words:
        container |= {"Command": list(spec.words)}
    most: Json = {"Pids": limits.pids or PROCESSES}
    most |= {"MemoryBytes": limits.memory} if limits.memory else {}
    most |= {"NanoCPUs": int(limits.cpus * _SECOND)} if limits.cpus else {}
    made: Json = {
        "Name": spec.called,
        "Labels": {**labels, REPLICAS: str(spec.replicas)},
        "TaskTemplate": {
            "ContainerSpec": container,
            "Resources": {"Limits": most},
            "Placement": {"Constraints": list(spec.placement)},
            "Networks": [{"Target": spec.network}],
            "LogDriver": {"Name": "json-file", "Options": {"max-size": LOG_BYTES, "max-file": LOGS_KEPT}},
        },
        # Names lead to the copies themselves: addresses that stand for several need IPVS in the kernel.
        "EndpointSpec": {"Mode": "dnsrr", **({} if spec.workflow else {"Ports": _ports(spec)})},
    }
    made |= _once(made) if spec.workflow else _kept(made, spec)
    said = json.dumps(made, sort_keys=True)
    made["Labels"][WRITTEN] = hashlib.sha256(said.encode()).hexdigest()
    return made


def _of_volume(labels: Mapping[str, str]) -> Json:
    return {name: labels[name] for name in (engine.OWNER, engine.SERVICE) if name in labels}


def _ports(spec: Spec) -> list[Json]:
    return [{"Protocol": "tcp", "TargetPort": port, "PublishMode": "host"} for port in spec.ports]


def _once(made: Json) -> Json:
    template: Json = {**made["TaskTemplate"], "RestartPolicy": {"Condition": "none"}}
    return {"TaskTemplate": template, "Mode": {"ReplicatedJob": {"MaxConcurrent": 1, "TotalCompletions": 1}}}


def _kept(made: Json, spec: Spec) -> Json:
    """It is started again when it ends; whoever changes it gets the new copies before the old ones go."""
    policy = {"Condition": "any", "Delay": RESTART_AFTER * _SECOND}
    change: Json = {"Parallelism": 1, "Order": "start-first", "Monitor": WATCHED * _SECOND}
    return {
        "TaskTemplate": {**made["TaskTemplate"], "RestartPolicy": policy},
        "Mode": {"Replicated": {"Replicas": spec.replicas}},
        "UpdateConfig": {**change, "FailureAction": "rollback"},
        "RollbackConfig": {**change, "FailureAction": "pause"},
    }


@dataclass(frozen=True)
class Service:
    """One that is there.

    Attributes:
        id: In the swarm.
        name: Its name.
        service: Whose it is.
        deployment: And of which version.
        workflow: For which it runs a command; empty for copies.
        replicas: How many copies it has to have now.
        wanted: How many it is to have when it is not stopped.
        image: What it runs.
        written: A checksum of what was asked for.
        update: How its last change in place went; empty where there was none.
        said: What Docker said of that.
        changed_at: When that began.
    """

    id: str
    name: str
    service: str
    deployment: str
    workflow: str
    replicas: int
    wanted: int
    image: str
    written: str
    update: str
    said: str
    changed_at: str


def _read(row: Json) -> Service:
    spec, labels = row["Spec"], part(row["Spec"], "Labels")
    replicas = int(part(spec, "Mode", "Replicated").get("Replicas") or 0)
    status = part(row, "UpdateStatus")
    return Service(
        id=str(row["ID"]),
        name=str(spec["Name"]),
        service=str(labels.get(engine.SERVICE, "")),
        deployment=str(labels.get(engine.DEPLOYMENT, "")),
        workflow=str(labels.get(WORKFLOW, "")),
        replicas=replicas,
        wanted=int(labels.get(REPLICAS) or replicas),
        image=str(part(spec, "TaskTemplate", "ContainerSpec").get("Image") or ""),
        written=str(labels.get(WRITTEN, "")),
        update=str(status.get("State") or ""),
        said=str(status.get("Message") or ""),
        changed_at=str(status.get("StartedAt") or ""),
    )


def listed(service: str = "", deployment: str = "") -> list[Service]:
    """Ours in the swarm; those of one service or one deployment. What runs a command is among them."""
    with asked("list its services"):
        rows: list[Json] = wire.send("GET", "/services", filters=engine.ours(service, deployment))
    found = [_read(row) for row in rows]
    return sorted((one for one in found if one.deployment), key=lambda one: one.name)


def find(key: str) -> Service | None:
    """The one of that id or name; None when there is none."""
    import docker.errors

    with asked("look at a service"), suppress(docker.errors.NotFound):
        return _read(wire.send("GET", f"/services/{key}"))
    return None


def labels_of(spec: Spec) -> dict[str, str]:
    """The labels of the service and of its copies."""
    return engine.labels(
        spec.service, spec.deployment, **({"workflow": spec.workflow} if spec.workflow else {})
    )


def ensure(spec: Spec, account: Account = None) -> str:
    """Let it be there as `spec` says; one that is there is changed in place, if it differs. Returns its id.

    Raises:
        Conflict: A service of that name is not ours.
        InvalidInput: Docker refused, or manages no swarm.
        Unavailable: It does not answer.
    """
    made = written(spec, labels_of(spec))
    there = find(spec.called)
    if there is None:
        with asked("make a service"):
            return str(wire.send("POST", "/services/create", body=made, account=account)["ID"])
    if (there.service, there.deployment) != (spec.service, spec.deployment):
        raise Conflict(
            f"There is a service {spec.called} in the swarm already, and it is not of this Jarvis.",
            f"Remove it (docker service rm {spec.called}), then deploy again.",
        )
    same = (there.written, there.image) == (made["Labels"][WRITTEN], spec.image)
    if not same or (not spec.workflow and there.replicas != spec.replicas):
        change(there.id, made, account)
    return there.id


def change(key: str, made: Json, account: Account = None) -> None:
    """Change it in place; Swarm starts the new copies first, and takes it back where they fail."""
    with asked("change a service"):
        version = int(wire.send("GET", f"/services/{key}")["Version"]["Index"])
        wire.send("POST", f"/services/{key}/update", body=made, account=account, version=version)


def scale(one: Service, replicas: int) -> None:
    """Let it have so many copies."""
    with asked("scale a service"):
        row: Json = wire.send("GET", f"/services/{one.id}")
        made: Json = {**row["Spec"], "Mode": {"Replicated": {"Replicas": replicas}}}
        wire.send("POST", f"/services/{one.id}/update", body=made, version=row["Version"]["Index"])


def remove(key: str) -> None:
    """Remove it; its copies end within their grace. Nothing when it is gone."""
    import docker.errors

    with asked("remove a service"), suppress(docker.errors.NotFound):
        wire.send("DELETE", f"/services/{key}")
