"""Containers of ours: made, started, asked, ended. Every function may run twice."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from jarvis.errors import Conflict, InvalidInput, NotProven
from jarvis.limits import Limits
from jarvis.runtimes.docker import engine
from jarvis.runtimes.docker.engine import asked, part
from jarvis.runtimes.docker.state import COPY, NUMBER, ROLE, RUN, WORKFLOW, inspected

Json = dict[str, Any]

GRACE = 10
"""Seconds between SIGTERM and SIGKILL."""
PROCESSES = 2048
"""Processes and threads of one container where its limits say nothing: a fork bomb stays in it."""
LOG_BYTES, LOGS_KEPT = "10m", "3"
ROOT_NEEDS = ("CHOWN", "DAC_OVERRIDE", "FOWNER", "KILL", "NET_BIND_SERVICE", "SETGID", "SETUID")
"""What images that start as root do before they become somebody else. The other powers of root that Docker
gives (to send raw packets, to make devices, to enter other roots …) they do without. Others get none."""


@dataclass(frozen=True)
class Spec:
    """How a container is run.

    Attributes:
        service: Whose it is.
        deployment: And of which version.
        number: Which of its copies, from 1.
        image: The id of its image.
        network: The name of its network.
        address: Its address there.
        environment: What it gets beside what the image says.
        volumes: Name in Docker → path in the container.
        limits: What it may take.
        is_root: It starts as root.
        read_only: It writes nowhere but in its volumes and /tmp.
        words: What is run in place of what the image says.
        workflow: It is no copy, but runs a command beside them for this workflow.
        restart: It is started again when it ends.
    """

    service: str
    deployment: str
    number: int
    image: str
    network: str
    address: str = ""
    environment: Mapping[str, str] = field(default_factory=dict[str, str])
    volumes: Mapping[str, str] = field(default_factory=dict[str, str])
    limits: Limits = field(default_factory=Limits)
    is_root: bool = True
    read_only: bool = False
    words: tuple[str, ...] = ()
    workflow: str = ""
    restart: bool = True

    @property
    def called(self) -> str:
        """Its name in Docker."""
        if self.workflow:
            return f"jarvis-{self.service}-run-{self.workflow[:8]}"
        return engine.container_name(self.service, self.deployment, self.number)


def create(spec: Spec) -> str:
    """Make the container, without starting it; one that is there already is taken as it is. Returns its id.

    Raises:
        Conflict: A container of that name is not ours.
        InvalidInput: The image says nothing that could be run, or Docker refused.
    """
    import docker.errors

    with asked("make a container"):
        if (found := _taken(spec)) is not None:
            return found
        try:
            return str(engine.api().create_container_from_config(_config(spec), spec.called)["Id"])
        except docker.errors.APIError as error:
            if "no command specified" in str(error).lower():
                raise InvalidInput(
                    "The image does not say what is to be run in it.",
                    "Give its Dockerfile a CMD.",
                    {"image": spec.image},
                ) from error
            if error.status_code == 409 and (found := _taken(spec)) is not None:
                return found
            raise


def _taken(spec: Spec) -> str | None:
    """The container of that name, if it is this one."""
    row = inspected(spec.called)
    if row is None:
        return None
    labels = part(row, "Config", "Labels")
    if labels.get(engine.OWNER) != engine.owner() or labels.get(engine.DEPLOYMENT) != spec.deployment:
        raise Conflict(
            f"There is a container {spec.called} in Docker already, and it is not of this Jarvis.",
            f"Rename or remove it (docker rename {spec.called} OTHER), then deploy again.",
            {"container": spec.called},
        )
    return str(row["Id"])


def _config(spec: Spec) -> Json:
    limits = spec.limits
    host: Json = {
        "Init": True,
        "NetworkMode": spec.network,
        "CapDrop": ["ALL"],
        "CapAdd": list(ROOT_NEEDS) if spec.is_root else [],
        "SecurityOpt": ["no-new-privileges:true"],
        "PidsLimit": limits.pids or PROCESSES,
        "RestartPolicy": {"Name": "unless-stopped" if spec.restart else "no"},
        "LogConfig": {"Type": "json-file", "Config": {"max-size": LOG_BYTES, "max-file": LOGS_KEPT}},
        "Mounts": [
            {"Type": "volume", "Source": name, "Target": path} for name, path in sorted(spec.volumes.items())
        ],
    }
    if limits.memory:
        host |= {"Memory": limits.memory, "MemorySwap": limits.memory}
    if limits.cpus:
        host["NanoCpus"] = int(limits.cpus * 1_000_000_000)
    if spec.read_only:
        host |= {"ReadonlyRootfs": True, "Tmpfs": {"/tmp": "rw,nosuid,nodev"}}  # noqa: S108 - in the container
    copy = {ROLE: COPY, NUMBER: str(spec.number)}
    role = {ROLE: RUN, WORKFLOW: spec.workflow} if spec.workflow else copy
    ipam: Json = {"IPAMConfig": {"IPv4Address": spec.address}} if spec.address else {}
    return {
        "Image": spec.image,
        "Env": [f"{name}={value}" for name, value in sorted(spec.environment.items())],
        "Labels": {**engine.labels(spec.service, spec.deployment), **role},
        "StopTimeout": GRACE,
        "HostConfig": host,
        "NetworkingConfig": {"EndpointsConfig": {spec.network: ipam}},
        **({"Cmd": list(spec.words), "Entrypoint": [""]} if spec.words else {}),
    }


def start(key: str) -> None:
    """Start the container; nothing when it runs.

    Raises:
        NotProven: It cannot be started; Docker says why.
        AddressTaken: Its address was given to another one.
    """
    import docker.errors

    with asked("start a container"):
        try:
            engine.api().start(key)
        except docker.errors.APIError as error:
            said = str(error.explanation or error)
            if "address already in use" in said.lower():
                raise AddressTaken("The address of the container is taken.") from error
            if isinstance(error, docker.errors.NotFound) or any(word in said for word in _CANNOT):
                raise NotProven(
                    f"The container cannot be started: {_short(said)}.",
                    "Look at CMD, ENTRYPOINT and USER of its image.",
                    {"output": [said[:2000]]},
                ) from error
            raise


_CANNOT = ("OCI runtime", "executable file", "exec format", "permission denied", "unable to find user")


def _short(said: str) -> str:
    """The end of what runc says: it names each of its own layers first."""
    _, _, cause = said.rpartition("caused: ")
    return (cause or said).removesuffix(": unknown").strip().rstrip(".")[:300]


class AddressTaken(Conflict):
    """Another container has its address by now."""

    code = "address_taken"


def stop(key: str, grace: int = GRACE) -> None:
    """End it: SIGTERM, and SIGKILL after `grace` seconds. It stays there, and is not started by Docker."""
    import docker.errors

    with asked("stop a container"), suppress(docker.errors.NotFound):
        engine.api().stop(key, timeout=grace)


def remove(key: str) -> None:
    """End it now, and remove it with its nameless volumes; nothing when it is gone."""
    import docker.errors

    with asked("remove a container"):
        try:
            engine.api().remove_container(key, force=True, v=True)
        except docker.errors.NotFound:
            return
        except docker.errors.APIError as error:
            if "in progress" not in str(error):  # somebody else removes it
                raise
