"""A swarm of three machines on this one: each a Docker in namespaces of its own, joined by a bridge.

All processes of a machine live in a namespace of processes, so that to end its first one ends all of them,
containers too: that is how a machine is killed, and how nothing stays. The bridge lies in a namespace of its
own as well, since the rules of this machine's own Docker would hold up what passes it.
"""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import docker
import pytest

from host_files import BUNDLE, Tree

START_WITHIN = 120.0
HEARTBEAT = 1_000_000_000
"""Nanoseconds; a machine that is silent for three of them counts as dead."""
NEEDS = ("dockerd", "ip", "nsenter", "setpriv", "unshare", "busybox", "docker-registry")
GROUPS = Path("/sys/fs/cgroup")
PREFIX = "jsw-"
"""What all of ours is called, with the process that made it behind."""


@dataclass
class Machine:
    """One of them.

    Attributes:
        name: Its name as a host.
        address: Where the others reach it.
        folder: With all that its Docker writes.
        client: Of docker-py.
    """

    name: str
    address: str
    folder: Path
    process: "subprocess.Popen[bytes]"
    client: docker.DockerClient

    @property
    def url(self) -> str:
        """For JARVIS_DOCKER_HOST."""
        return f"unix://{self.folder}/docker.sock"

    @property
    def api(self) -> Any:
        """Docker's API itself, JSON in and out."""
        return self.client.api

    def kill(self) -> None:
        """End it as if somebody had pulled the plug."""
        _run("ip", "-n", self.name, "link", "set", "eth0", "down", check=False)
        self.process.kill()
        self.process.wait()

    @property
    def containers(self) -> list[dict[str, Any]]:
        """What runs on it, or ran."""
        return self.api.containers(all=True)


@dataclass
class Swarm:
    """All of them; the first one manages."""

    machines: list[Machine]
    ids: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def manager(self) -> Machine:
        return self.machines[0]

    def availability(self, machine: Machine, wanted: str) -> None:
        """Let it be `active` or `drain`."""
        api, key = self.manager.api, self.ids[machine.name]
        node = api.inspect_node(key)
        api.update_node(key, node["Version"]["Index"], {**node["Spec"], "Availability": wanted})

    def label(self, machine: Machine, **labels: str) -> None:
        """Let it have these labels."""
        api, key = self.manager.api, self.ids[machine.name]
        node = api.inspect_node(key)
        api.update_node(key, node["Version"]["Index"], {**node["Spec"], "Labels": labels})

    def leftovers(self, owner: str) -> set[str]:
        """What carries the label `jarvis.owner` with that value, on any machine: kind and name of each."""
        only = {"label": f"jarvis.owner={owner}"}
        found = {f"service {one['Spec']['Name']}" for one in self.manager.api.services(filters=only)}
        for kind in ("configs", "secrets"):
            rows = getattr(self.manager.api, kind)(filters=only)
            found |= {f"{kind[:-1]} {one['Spec']['Name']}" for one in rows}
        for machine in self.machines:
            if machine.process.poll() is None:
                found |= {f"network {one['Name']}" for one in machine.api.networks(filters=only)}
                found |= {f"container {one['Names'][0]}" for one in machine.api.containers(filters=only)}
        found |= {f"image {one['Id']}" for one in self.manager.api.images(filters=only)}
        return found


@contextmanager
def serve() -> Generator[Swarm]:
    """Three machines that are one swarm; skipped where this machine cannot have them."""
    if reason := _unable():
        pytest.skip(reason)
    for left in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        if not Path("/proc", left.name.removeprefix(PREFIX)).exists():
            _clean(left)  # of a run that was killed
    folder = Path(tempfile.gettempdir(), f"{PREFIX}{os.getpid()}")
    folder.mkdir(mode=0o700)
    names = [f"{folder.name}m{number}" for number in (1, 2, 3)]
    machines: list[Machine] = []
    try:
        _bridge(f"{folder.name}s", folder.name)
        for number, name in enumerate(names, 1):
            machines.append(_begun(folder, name, number))
        for machine in machines:
            _ready(machine)
        swarm = Swarm(machines)
        _joined(swarm)
        _images(swarm.manager.client)
        yield swarm
    finally:
        for machine in machines:
            machine.client.close()
            machine.kill()
        _clean(folder)


def _clean(folder: Path) -> None:
    """Nothing of these machines stays; their processes are dead by now."""
    for name in _run("ip", "netns", "list").stdout.splitlines():
        if name.startswith((f"{folder.name}m", f"{folder.name}s")):
            _run("ip", "netns", "del", name.split()[0], check=False)
    for place in (GROUPS / folder.name, *GROUPS.glob(f"*/{folder.name}")):
        for inner in sorted(place.rglob("*/"), key=lambda one: -len(one.parts)):
            with suppress(OSError):
                inner.rmdir()
        with suppress(OSError):
            place.rmdir()
    shutil.rmtree(folder, ignore_errors=True)


def _unable() -> str:
    """Why there can be no swarm here; empty if nothing speaks against it."""
    if os.geteuid() != 0:
        return "Only root can make machines of namespaces for a swarm."
    if missing := [name for name in NEEDS if not shutil.which(name, path=_path())]:
        return f"A swarm needs {', '.join(missing)} (apt install docker.io iproute2 busybox docker-registry)."
    probe = f"jsw-{os.getpid()}"
    made = _run("ip", "netns", "add", probe, check=False)
    _run("ip", "netns", "del", probe, check=False)
    return f"No namespaces can be made here: {made.stderr.strip()}" if made.returncode else ""


def _path() -> str:
    return f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"


def _run(*words: str, check: bool = True) -> "subprocess.CompletedProcess[str]":
    done = subprocess.run(words, capture_output=True, text=True, check=False, env={"PATH": _path()})
    assert not check or done.returncode == 0, f"{' '.join(words)}: {done.stderr}"
    return done


def tiny_image() -> str:
    """The image of which tests make theirs: a shell and a web server. Only the first machine has it.

    Whoever asks elsewhere for a newer one of this name is refused at once.
    """
    return f"{_net()}.1:9/tiny:1"


def registry_image() -> str:
    """For JARVIS_SWARM_REGISTRY_IMAGE."""
    return f"{_net()}.1:9/registry:2"


def _bridge(space: str, tag: str) -> None:
    """The namespace with the bridge, and our own way into it."""
    _run("ip", "netns", "add", space)
    _run("ip", "-n", space, "link", "add", "br0", "type", "bridge")
    _run("ip", "-n", space, "link", "set", "br0", "up")
    _run("ip", "link", "add", tag[-12:], "type", "veth", "peer", "name", "up0", "netns", space)
    _run("ip", "-n", space, "link", "set", "up0", "master", "br0", "up")
    _run("ip", "addr", "add", f"{_net()}.1/24", "dev", tag[-12:])
    _run("ip", "link", "set", tag[-12:], "up")


def _net() -> str:
    """A range for tests of networks (RFC 2544), another one in each process."""
    return f"198.18.{os.getpid() % 256}"


def _begun(folder: Path, name: str, number: int) -> Machine:
    space, place = f"{folder.name}s", folder / str(number)
    address = f"{_net()}.{10 + number}"
    _run("ip", "netns", "add", name)
    _run(
        "ip", "-n", space, "link", "add", f"m{number}", "type", "veth", "peer", "name", "eth0", "netns", name
    )
    _run("ip", "-n", space, "link", "set", f"m{number}", "master", "br0", "up")
    _run("ip", "-n", name, "addr", "add", f"{address}/24", "dev", "eth0")
    _run("ip", "-n", name, "link", "set", "eth0", "up")
    _run("ip", "-n", name, "link", "set", "lo", "up")
    _run("ip", "-n", name, "route", "add", "default", "via", f"{_net()}.1")
    place.mkdir()
    daemon = ["dockerd", "-H", f"unix://{place}/docker.sock", "-p", f"{place}/pid"]
    daemon += ["--data-root", f"{place}/data", "--exec-root", f"{place}/exec"]
    daemon += ["--cgroup-parent", f"/{folder.name}", "--insecure-registry", f"{_net()}.0/24"]
    inside = f"hostname node{number}; sysctl -qw net.ipv4.ip_forward=1; exec {' '.join(daemon)}"
    words = [
        "setpriv",
        "--pdeathsig",
        "KILL",
        "nsenter",
        f"--net=/run/netns/{name}",
        "unshare",
        "--mount",
        "--uts",
        "--pid",
        "--fork",
    ]
    words += ["--kill-child", "--mount-proc", "sh", "-c", inside]
    with (place / "log").open("wb") as log:
        process = subprocess.Popen(
            words, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env={"PATH": _path()}
        )
    client = docker.DockerClient(base_url=f"unix://{place}/docker.sock", version="1.41", timeout=60)
    return Machine(name, address, place, process, client)


def _ready(machine: Machine) -> None:
    def answers() -> bool:
        # Not by the package: a socket that refuses it is left open by it.
        with socket.socket(socket.AF_UNIX) as probe, suppress(OSError):
            probe.connect(str(machine.folder / "docker.sock"))
            return bool(machine.client.ping())
        return False

    end = time.monotonic() + START_WITHIN
    while not answers():
        if machine.process.poll() is not None or time.monotonic() > end:
            said = (machine.folder / "log").read_text(errors="replace").splitlines()
            pytest.skip(f"No Docker starts in namespaces here: {said[-1] if said else 'it says nothing'}")
        time.sleep(0.05)


def _joined(swarm: Swarm) -> None:
    first = swarm.manager
    first.api.init_swarm(
        advertise_addr=first.address,
        listen_addr=f"{first.address}:2377",
        swarm_spec=first.api.create_swarm_spec(dispatcher_heartbeat_period=HEARTBEAT),
    )
    token = first.api.inspect_swarm()["JoinTokens"]["Worker"]
    for other in swarm.machines[1:]:
        other.api.join_swarm(
            [f"{first.address}:2377"],
            token,
            listen_addr=f"{other.address}:2377",
            advertise_addr=other.address,
        )
    end = time.monotonic() + START_WITHIN
    while len([one for one in first.api.nodes() if one["Status"]["State"] == "ready"]) < len(swarm.machines):
        assert time.monotonic() < end, first.api.nodes()
        time.sleep(0.05)
    for machine in swarm.machines:
        swarm.ids[machine.name] = str(machine.client.info()["Swarm"]["NodeID"])


def _images(client: docker.DockerClient) -> None:
    """What no registry can give us here, from the programs of this machine."""

    def tiny(tree: Tree) -> None:
        _program(tree, "busybox", "bin/busybox")
        for name in ("sh", "sleep", "cat", "echo", "mkdir", "wget", "false", "httpd"):
            tree.link(f"bin/{name}", "busybox")

    def registry(tree: Tree) -> None:
        tiny(tree)
        _program(tree, "docker-registry", "bin/registry")
        tree.add(BUNDLE)

    _image(client, tiny_image(), tiny)
    _image(client, registry_image(), registry)


def _program(tree: Tree, name: str, inside: str) -> None:
    source = shutil.which(name, path=_path())
    assert source
    tree.add(source, inside)
    tree.loads(source)


def _image(client: docker.DockerClient, name: str, fill: Callable[[Tree], None]) -> None:
    with tempfile.TemporaryFile() as file:
        tree = Tree(file)
        for folder in ("bin", "sbin", "lib", "lib64"):
            tree.link(folder, f"usr/{folder}")
        tree.made("tmp", 0o1777)
        fill(tree)
        tree.close()
        file.seek(0)
        api: Any = client.api
        blocks = iter(lambda: file.read(1 << 18), b"")
        said = api.import_image_from_stream(blocks, name, changes=["ENV PATH=/bin", 'CMD ["/bin/sh"]'])
        assert "sha256:" in str(said), said
