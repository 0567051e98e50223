"""Where all machines of the swarm get images from: a registry that a person names, or one that runs here.

Ours is a service of the swarm that stays on this machine, so that images are there also while Jarvis is not.
It asks for a password, and forgets what nobody goes back to.
"""

import base64
import fcntl
import http.client
import json
import os
import secrets
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import config
from jarvis import control
from jarvis.errors import NotProven, Unavailable
from jarvis.home import Home
from jarvis.private import write_private
from jarvis.runtimes.docker import check, engine
from jarvis.runtimes.swarm import bcrypt, nodes, objects, service, tasks, wire

Json = dict[str, Any]
Logins = Mapping[str, tuple[str, str]]

USER = "jarvis"
ROLE, REGISTRY = "jarvis.swarm", "registry"
PORT = 5000
"""Where it listens in its container."""
SETTINGS, WORDS = "/etc/jarvis-registry.yml", "/etc/jarvis-registry.users"
UP_WITHIN = 120.0
"""Seconds for it to answer; its image may have to be fetched."""
ANSWER_WITHIN = 10.0
END_WITHIN = 30.0
LOOK_EVERY = 0.2
_CONFIG = f"""version: 0.1
log:
  level: warn
storage:
  filesystem:
    rootdirectory: /var/lib/registry
  delete:
    enabled: true
http:
  addr: :{PORT}
auth:
  htpasswd:
    realm: jarvis
    path: {WORDS}
"""
"""Without the usual cache of what lies there: it would not see that something was tidied away."""


@dataclass(frozen=True)
class Registry:
    """Where images go, and with which account.

    Attributes:
        host: As it stands before the names of images.
        account: `username` and `password`; None where nobody asks.
        ours: We run it.
    """

    host: str
    account: wire.Account = None
    ours: bool = False

    def repository(self, name: str) -> str:
        """The name of the images of a service."""
        return f"{self.host}/jarvis/{name}"


def named(logins: Logins) -> Registry | None:
    """The one that JARVIS_SWARM_REGISTRY names; None where it names none."""
    given = config.settings().swarm_registry.strip("/")
    if not given:
        return None
    found = logins.get(given.partition("/")[0])
    return Registry(given, {"username": found[0], "password": found[1]} if found else None)


def chosen(logins: Logins) -> Registry:
    """The one to use; ours is started where it does not run.

    Args:
        logins: Our accounts at registries.

    Raises:
        InvalidInput: This Docker manages no swarm.
        NotProven: Ours does not start.
        Unavailable: Docker does not answer.
    """
    return named(logins) or _ours()


def _called() -> str:
    return f"jarvis-registry-{engine.owner()[:8]}"


def _known() -> Registry:
    """Ours, whether it runs or not."""
    password, _ = _words()
    host = f"{nodes.myself().address}:{config.settings().swarm_registry_port}"
    return Registry(host, {"username": USER, "password": password}, ours=True)


def _words() -> tuple[str, str]:
    """The password and its checksum; made once."""
    file = Home(config.settings().home).secrets / "swarm_registry"
    with suppress(FileNotFoundError, ValueError):
        password, hashed = file.read_text(encoding="ascii").split()
        return password, hashed
    password = secrets.token_urlsafe(24)
    hashed = bcrypt.hashed(password)
    write_private(file, f"{password}\n{hashed}")
    return password, hashed


def _ours() -> Registry:
    found = _known()
    there = service.find(_called())
    if there is None:
        with _alone(fcntl.LOCK_EX, "begin"):  # another lock: whoever uses it may have to begin it
            if service.find(_called()) is None:
                _begin()
    _wait(found)
    return found


def _begin() -> None:
    name, here = _called(), nodes.myself()
    labels = {**engine.labels(), ROLE: REGISTRY}
    _, hashed = _words()
    files = [
        objects.as_file(objects.CONFIG, f"{name}-settings", _CONFIG, SETTINGS, labels),
        objects.as_file(objects.SECRET, f"{name}-users", f"{USER}:{hashed}\n", WORDS, labels),
    ]
    volume: Json = {"Type": "volume", "Source": name, "Target": "/var/lib/registry"}
    container: Json = {
        "Image": config.settings().swarm_registry_image,
        "Labels": labels,
        "Command": ["registry", "serve", SETTINGS],
        "Init": True,
        "Mounts": [{**volume, "VolumeOptions": {"Labels": labels}}],
        "Configs": [files[0]],
        "Secrets": [files[1]],
    }
    port = {"Protocol": "tcp", "TargetPort": PORT, "PublishMode": "host"}
    made: Json = {
        "Name": name,
        "Labels": labels,
        "TaskTemplate": {
            "ContainerSpec": container,
            "Placement": {"Constraints": [f"node.id=={here.id}"]},
            "RestartPolicy": {"Condition": "any", "Delay": 1_000_000_000},
        },
        "Mode": {"Replicated": {"Replicas": 1}},
        "UpdateConfig": {"Order": "stop-first"},
        "EndpointSpec": {
            "Mode": "dnsrr",
            "Ports": [{**port, "PublishedPort": config.settings().swarm_registry_port}],
        },
    }
    with wire.asked("make a service"):
        wire.send("POST", "/services/create", body=made)


def _wait(found: Registry) -> None:
    end = time.monotonic() + UP_WITHIN
    while _asked(found, "GET", "/v2/")[0] != 200:
        there = service.find(_called())
        copies = tasks.of(there.id) if there else []
        said = next((one.ending for one in reversed(copies) if one.failed or one.error), "")
        if time.monotonic() > end or sum(one.failed for one in copies) > 3:
            raise NotProven(
                f"The registry that Jarvis runs for the swarm does not answer at {found.host}"
                f"{': ' + said if said else ''}.",
                f"See docker service ps {_called()}. JARVIS_SWARM_REGISTRY names another registry, "
                "JARVIS_SWARM_REGISTRY_IMAGE its image, JARVIS_SWARM_REGISTRY_PORT its port.",
                {"address": found.host},
            )
        control.check()
        time.sleep(LOOK_EVERY)


def _asked(found: Registry, method: str, path: str, **headers: str) -> tuple[int, str]:
    """Status and digest of an answer of ours; 0 where there is none."""
    if found.account:
        pair = f"{found.account['username']}:{found.account['password']}".encode()
        headers["Authorization"] = f"Basic {base64.b64encode(pair).decode('ascii')}"
    connection = http.client.HTTPConnection(found.host, timeout=ANSWER_WITHIN)
    try:
        connection.request(method, path, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.getheader("Docker-Content-Digest") or ""
    except (OSError, http.client.HTTPException):
        return 0, ""
    finally:
        connection.close()


@contextmanager
def using() -> Generator[None]:
    """As long as this lasts, nothing is tidied away and the registry is not ended."""
    with _alone(fcntl.LOCK_SH):
        yield


@contextmanager
def _alone(how: int, what: str = "use") -> Generator[None]:
    """All that use the registry, or one alone.

    Raises:
        BlockingIOError: Somebody uses it, and it was not to be waited.
    """
    file = Home(config.settings().home).run / f"swarm-registry-{what}.lock"
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, how)
        yield
    finally:
        os.close(handle)


def forget(name: str, release: str) -> None:
    """Let ours have the image of a release no more. Others decide for themselves what they keep."""
    if config.settings().swarm_registry or service.find(_called()) is None:
        return
    ours = _known()
    path = f"/v2/jarvis/{name}/manifests/"
    kind = "application/vnd.docker.distribution.manifest.v2+json, application/vnd.oci.image.manifest.v1+json"
    status, digest = _asked(ours, "HEAD", path + release, Accept=kind)
    if status == 200 and digest:
        _asked(ours, "DELETE", path + digest)


def tidy() -> None:
    """Free the room of what ours was told to forget, if nobody uses it just now."""
    there = service.find(_called())
    if there is None:
        return
    with suppress(BlockingIOError), _alone(fcntl.LOCK_EX | fcntl.LOCK_NB):
        words = ("registry", "garbage-collect", "--delete-untagged", SETTINGS)
        for one in tasks.of(there.id):
            if one.runs and one.container:
                check.run(one.container, words)


def retire() -> None:
    """End ours; its volume stays, for the next one."""
    with suppress(BlockingIOError), _alone(fcntl.LOCK_EX | fcntl.LOCK_NB):
        name = _called()
        if (there := service.find(name)) is not None:
            service.remove(there.id)
            tasks.gone([there.id], END_WITHIN)
        for kind in (objects.CONFIG, objects.SECRET):
            objects.remove(kind)


def reference(found: Registry, name: str, release: str) -> str:
    """The image of a release as every machine gets it, by its digest; empty where the registry has it not.

    Raises:
        Unavailable: The registry does not answer, or lets us not in.
    """
    import docker.errors

    tag = f"{found.repository(name)}:{release}"
    with wire.asked("ask the registry of the swarm"):
        try:
            row: Json = engine.api().inspect_distribution(tag, auth_config=found.account)
        except docker.errors.NotFound:
            return ""
        except docker.errors.APIError as error:
            said = str(error.explanation or error)
            if any(word in said.lower() for word in ("manifest unknown", "name unknown", "not found")):
                return ""
            raise refused(found, said) from error
    return f"{tag}@{row['Descriptor']['digest']}"


def push(found: Registry, name: str, release: str) -> str:
    """Give the image of a release to the registry; returns its reference.

    Raises:
        Unavailable: The registry does not answer, or lets us not in.
    """
    api = engine.api()
    repository = found.repository(name)
    with wire.asked("give an image to the registry of the swarm"):
        api.tag(engine.image_tag(name, release), repository, release)
        try:
            for said in api.push(repository, release, stream=True, decode=True, auth_config=found.account):
                control.check()
                if error := said.get("error"):
                    raise refused(found, str(error))
        finally:
            api.remove_image(f"{repository}:{release}", noprune=True)
    made = reference(found, name, release)
    if not made:
        raise refused(found, "it does not have what was just given to it")
    return made


def refused(found: Registry, said: str) -> Unavailable:
    """Why a registry cannot be used, as a sentence."""
    facts = {"registry": found.host, "output": [said[:1000]]}
    if "HTTP response to HTTPS" in said:
        entry = json.dumps({"insecure-registries": [found.host]})
        return Unavailable(
            f"Docker wants HTTPS of the registry at {found.host}, and it speaks HTTP.",
            f"Put {entry} into /etc/docker/daemon.json of every machine of the swarm and reload Docker there "
            "(systemctl reload docker), or name a registry with HTTPS by JARVIS_SWARM_REGISTRY.",
            facts,
        )
    if any(word in said.lower() for word in ("unauthorized", "authentication required", "denied")):
        return Unavailable(
            f"The registry {found.host} does not let Jarvis in.",
            f"Give it an account: jarvis registries add {found.host.partition('/')[0]} NAME.",
            facts,
        )
    return Unavailable(
        f"The registry {found.host} cannot be used: {said[:300].rstrip('.')}.",
        "See whether it runs and is reached from here; JARVIS_SWARM_REGISTRY names it.",
        facts,
    )
