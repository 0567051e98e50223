"""What a compose file may not ask of this machine. Pure.

What may be asked is listed, and everything else is refused: a key that docker-compose learns tomorrow does
nothing here until somebody has thought about it.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, cast

from jarvis.errors import InvalidInput
from jarvis.runtimes.compose.permissions import Permission

Json = dict[str, Any]

PLAIN = frozenset({
    "annotations", "attach", "blkio_config", "build", "cap_drop", "command", "configs", "container_name",
    "cpu_count", "cpu_percent", "cpu_period", "cpu_quota", "cpu_rt_period", "cpu_rt_runtime", "cpu_shares",
    "cpus", "cpuset", "depends_on", "deploy", "develop", "dns", "dns_opt", "dns_search", "domainname",
    "entrypoint", "environment", "expose", "extra_hosts", "group_add", "healthcheck", "hostname", "image",
    "init", "labels", "links", "logging", "mac_address", "mem_limit", "mem_reservation", "mem_swappiness",
    "memswap_limit", "networks", "pids_limit", "platform", "ports", "post_start", "pre_stop", "profiles",
    "pull_policy", "read_only", "restart", "scale", "secrets", "shm_size", "stdin_open", "stop_grace_period",
    "stop_signal", "tmpfs", "tty", "ulimits", "user", "volumes", "working_dir",
})  # fmt: skip
"""Keys that give no power over the machine, or whose parts are looked at below."""
ASKING: dict[str, tuple[Permission, str]] = {
    "privileged": ("privileged", "it could do anything on this machine"),
    "use_api_socket": ("docker-socket", "it would rule Docker, and with it this machine"),
    "devices": ("devices", "it would reach devices of this machine"),
    "device_cgroup_rules": ("devices", "it would reach devices of this machine"),
    "gpus": ("devices", "it would reach devices of this machine"),
    "runtime": ("devices", "it would run in another runtime than the usual one"),
    "sysctls": ("capabilities", "it would change settings of the kernel"),
    "cgroup_parent": ("capabilities", "it would leave the limits of this machine's containers"),
    "oom_kill_disable": ("capabilities", "it would never be ended when memory runs out"),
    "oom_score_adj": ("capabilities", "other programs would be ended before it when memory runs out"),
    "storage_opt": ("capabilities", "it would change how Docker keeps its files"),
}
"""Keys that an administrator may allow, and what they come to."""
SPACES = {"pid": "processes", "ipc": "memory", "uts": "name", "userns_mode": "users", "cgroup": "limits"}
POWERS = frozenset({
    "AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "IPC_LOCK", "KILL", "MKNOD",
    "NET_BIND_SERVICE", "NET_RAW", "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT", "SYS_NICE",
})  # fmt: skip
"""Those that Docker gives anyway, and two that databases ask for. None of them leads out of a container."""
CLOCKS = frozenset({"/etc/localtime", "/etc/timezone", "/usr/share/zoneinfo"})
SOCKETS = frozenset({"docker.sock", "containerd.sock", "podman.sock", "crio.sock"})
TOP = frozenset({"configs", "name", "networks", "secrets", "services", "version", "volumes"})


@dataclass(frozen=True)
class Wish:
    """Something that is not for everybody.

    Attributes:
        service: Who asks; empty for the file itself.
        key: What stands in the file.
        why: What it comes to, as the end of a sentence.
        permission: With which it is granted; empty where nobody can grant it.
        hint: What to do instead.
    """

    service: str
    key: str
    why: str
    permission: Permission | None = None
    hint: str = "Take it out."

    @property
    def sentence(self) -> str:
        """For people."""
        who = f"The service {self.service}" if self.service else "The compose file"
        return f"{who} asks for {self.key}: {self.why}."


def check(document: Json, tree: Path, allowed: Collection[str], service: str) -> list[Permission]:
    """Refuse what nobody allowed.

    Args:
        document: As `read` gave it.
        tree: The unpacked artifact.
        allowed: What an administrator allowed.
        service: Whose file it is, for the hint.

    Returns:
        The permissions that it uses.

    Raises:
        InvalidInput: With all that is refused in `facts`.
    """
    found = list(wishes(document, tree))
    refused = [one for one in found if one.permission is None or one.permission not in allowed]
    if refused:
        first = refused[0]
        more = f" And {len(refused) - 1} more, see the details." if len(refused) > 1 else ""
        ask = f" Or let an administrator allow it: jarvis allow {service} {first.permission}"
        raise InvalidInput(
            f"{first.sentence}{more}",
            f"{first.hint}{ask if first.permission else ''}",
            {
                "refused": [
                    {"service": one.service, "key": one.key, "why": one.why, "permission": one.permission}
                    for one in refused
                ],
                "output": [one.sentence for one in refused],
            },
        )
    return sorted({one.permission for one in found if one.permission is not None})


def wishes(document: Json, tree: Path) -> Iterator[Wish]:
    """Everything that is not for everybody."""
    for key in sorted(document.keys() - TOP):
        if document[key] and not key.startswith("x-"):
            yield Wish("", key, "Jarvis does not know what that does")
    for name, raw in sorted(part(document, "services").items()):
        for look in _LOOKS:
            yield from look(name, cast("Json", raw), tree)
    yield from _networks(document)
    yield from _volumes(document)
    yield from _files(document, tree)


def part(members: Json, key: str) -> Json:
    """A mapping in a mapping; empty where there is none."""
    found = members.get(key)
    return cast("Json", found) if isinstance(found, dict) else {}


def items(members: Json, key: str) -> list[Any]:
    """A list in a mapping; empty where there is none."""
    found = members.get(key)
    return cast("list[Any]", found) if isinstance(found, list) else []


def _keys(name: str, raw: Json, tree: Path) -> Iterator[Wish]:  # noqa: ARG001 - all looks have the same arguments
    for key, value in sorted(raw.items()):
        if value in (None, False, "", [], {}, 0) or key in PLAIN or key.startswith("x-"):
            continue
        if key == "oom_score_adj" and isinstance(value, int) and value > 0:
            continue
        if key in ASKING:
            permission, why = ASKING[key]
            yield Wish(name, key, why, permission)
        elif key not in {"network_mode", "cap_add", "security_opt", *SPACES}:
            yield Wish(name, key, "Jarvis does not run services with it")


def _spaces(name: str, raw: Json, tree: Path) -> Iterator[Wish]:  # noqa: ARG001 - as above
    mode = str(raw.get("network_mode") or "")
    if mode == "host":
        why = "it would be in the network of this machine itself"
        yield Wish(name, "network_mode: host", why, "host-network", "Name the ports it needs instead.")
    elif mode not in {"", "none", "bridge", "default"} and not mode.startswith("service:"):
        yield Wish(name, f"network_mode: {mode}", "it would be in the network of something else")
    for key, what in SPACES.items():
        said = str(raw.get(key) or "")
        if said == "host":
            why = f"it would share the {what} of this machine"
            yield Wish(name, f"{key}: host", why, "host-namespaces")
        elif said not in {"", "private", "shareable", "none"}:
            yield Wish(name, f"{key}: {said}", f"it would share the {what} of something else")


def _powers(name: str, raw: Json, tree: Path) -> Iterator[Wish]:  # noqa: ARG001 - as above
    for said in items(raw, "cap_add"):
        if str(said).upper().removeprefix("CAP_") not in POWERS:
            why = "with it one can leave the container"
            yield Wish(name, f"cap_add: {said}", why, "capabilities")
    for said in map(str, items(raw, "security_opt")):
        if said.replace("=", ":") not in {"no-new-privileges", "no-new-privileges:true"}:
            yield Wish(name, f"security_opt: {said}", "it would take walls away", "capabilities")
    for hook in (*items(raw, "post_start"), *items(raw, "pre_stop")):
        if isinstance(hook, dict) and cast("Json", hook).get("privileged"):
            yield Wish(name, "privileged", "its hook could do anything on this machine", "privileged")
    reserved = part(part(part(raw, "deploy"), "resources"), "reservations")
    if reserved.get("devices") or reserved.get("generic_resources"):
        yield Wish(name, "deploy.resources.reservations.devices", ASKING["devices"][1], "devices")


def _mounts(name: str, raw: Json, tree: Path) -> Iterator[Wish]:
    for mount in items(raw, "volumes"):
        kind, source = str(mount.get("type")), str(mount.get("source") or "")
        if kind in {"volume", "tmpfs"}:
            continue
        if kind != "bind":
            yield Wish(name, f"volumes: {kind}", "Jarvis does not mount such things")
        elif PurePosixPath(source).name in SOCKETS:
            why = "it would rule Docker, and with it this machine"
            yield Wish(name, f"volumes: {source}", why, "docker-socket")
        elif not within(tree, source) and not (source in CLOCKS and mount.get("read_only")):
            why = f"it would reach {source} of this machine"
            hint = "Keep its data in a volume, or put the file into the project."
            yield Wish(name, f"volumes: {source}", why, "host-mounts", hint)


def _build(name: str, raw: Json, tree: Path) -> Iterator[Wish]:
    build = part(raw, "build")
    places = {"context": build.get("context"), **part(build, "additional_contexts")}
    for key, said in places.items():
        if said and not within(tree, str(said)):
            hint = "Put what is built into the project."
            yield Wish(name, f"build.{key}: {said}", "it is not in what was handed in", None, hint)
    file = build.get("dockerfile")
    if file and not within(tree, str(Path(str(build.get("context") or tree), str(file)))):
        yield Wish(name, f"build.dockerfile: {file}", "it is not in what was handed in")
    if build.get("privileged") or build.get("entitlements"):
        yield Wish(name, "build.privileged", "its build could do anything on this machine", "privileged")
    if build.get("network") not in (None, "", "default", "none"):
        why = "its build would be in another network"
        yield Wish(name, f"build.network: {build['network']}", why, "host-network")
    for key in ("ssh", "secrets"):
        if build.get(key):
            hint = "Give it by jarvis env set --build, as an argument of the build."
            yield Wish(name, f"build.{key}", "keys of this machine are not given to builds", None, hint)


_LOOKS: tuple[Callable[[str, Json, Path], Iterator[Wish]], ...] = (_keys, _spaces, _powers, _mounts, _build)


def _networks(document: Json) -> Iterator[Wish]:
    for name, raw in sorted(part(document, "networks").items()):
        network = cast("Json", raw or {})
        if network.get("external"):
            hint = "All services of the file reach each other without it."
            yield Wish("", f"networks.{name}.external", "it is not the service's own", "external", hint)
        elif network.get("driver") not in (None, "", "bridge", "default"):
            yield Wish(
                "", f"networks.{name}.driver: {network['driver']}", "only bridge networks are made here"
            )


def _volumes(document: Json) -> Iterator[Wish]:
    for name, raw in sorted(part(document, "volumes").items()):
        volume = cast("Json", raw or {})
        if volume.get("external"):
            yield Wish("", f"volumes.{name}.external", "it is not the service's own", "external")
        elif volume.get("driver") not in (None, "", "local"):
            yield Wish("", f"volumes.{name}.driver: {volume['driver']}", "only local volumes are made here")
        elif volume.get("driver_opts"):
            why = "such options reach files of this machine or of others"
            hint = "Name the volume without options."
            yield Wish("", f"volumes.{name}.driver_opts", why, None, hint)


def _files(document: Json, tree: Path) -> Iterator[Wish]:
    for kind in ("configs", "secrets"):
        for name, raw in sorted(part(document, kind).items()):
            one = cast("Json", raw or {})
            if one.get("external"):
                yield Wish("", f"{kind}.{name}.external", "only Swarm keeps such things")
            elif one.get("file") and not within(tree, str(one["file"])):
                why = f"{one['file']} is not in what was handed in"
                yield Wish("", f"{kind}.{name}.file", why, None, "Put the file into the project.")


def within(tree: Path, said: str) -> bool:
    """Does this path lie in the artifact, wherever its links lead?"""
    if "://" in said or not said.startswith("/"):
        return False
    return Path(said).resolve().is_relative_to(tree.resolve())
