"""What a compose file may not ask of the machine."""

from pathlib import Path
from typing import Any

import pytest

from jarvis.errors import InvalidInput
from jarvis.runtimes.compose import permissions, rules

Json = dict[str, Any]


def document(tree: Path, service: Json | None = None, **top: Any) -> Json:
    """As docker-compose gives it, with one service that asks for nothing."""
    web = {"image": "web:1", "volumes": [{"type": "bind", "source": f"{tree}/site.conf", "target": "/c"}]}
    return {"name": "jarvis-shop", "services": {"web": {**web, **(service or {})}}, **top}


def refused(tree: Path, found: Json, *allowed: str) -> list[tuple[str, str, str | None]]:
    """Service, key and permission of all that is refused."""
    with pytest.raises(InvalidInput) as caught:
        rules.check(found, tree, allowed, "shop")
    return [(row["service"], row["key"], row["permission"]) for row in caught.value.facts["refused"]]


def bind(source: str, **more: Any) -> Json:
    return {"volumes": [{"type": "bind", "source": source, "target": "/there", **more}]}


ASKED: list[tuple[Json, str, str]] = [
    ({"privileged": True}, "privileged", "privileged"),
    ({"use_api_socket": True}, "use_api_socket", "docker-socket"),
    ({"devices": ["/dev/sda"]}, "devices", "devices"),
    ({"device_cgroup_rules": ["c 1:3 mr"]}, "device_cgroup_rules", "devices"),
    ({"gpus": "all"}, "gpus", "devices"),
    ({"runtime": "nvidia"}, "runtime", "devices"),
    (
        {"deploy": {"resources": {"reservations": {"devices": [{"capabilities": ["gpu"]}]}}}},
        "deploy.resources.reservations.devices",
        "devices",
    ),
    ({"network_mode": "host"}, "network_mode: host", "host-network"),
    ({"pid": "host"}, "pid: host", "host-namespaces"),
    ({"ipc": "host"}, "ipc: host", "host-namespaces"),
    ({"uts": "host"}, "uts: host", "host-namespaces"),
    ({"userns_mode": "host"}, "userns_mode: host", "host-namespaces"),
    ({"cgroup": "host"}, "cgroup: host", "host-namespaces"),
    ({"cap_add": ["SYS_ADMIN"]}, "cap_add: SYS_ADMIN", "capabilities"),
    ({"cap_add": ["all"]}, "cap_add: all", "capabilities"),
    ({"cap_add": ["CAP_NET_ADMIN"]}, "cap_add: CAP_NET_ADMIN", "capabilities"),
    ({"security_opt": ["seccomp:unconfined"]}, "security_opt: seccomp:unconfined", "capabilities"),
    ({"security_opt": ["apparmor=unconfined"]}, "security_opt: apparmor=unconfined", "capabilities"),
    ({"security_opt": ["label:disable"]}, "security_opt: label:disable", "capabilities"),
    (
        {"security_opt": ["no-new-privileges:false"]},
        "security_opt: no-new-privileges:false",
        "capabilities",
    ),
    ({"sysctls": {"net.core.somaxconn": "1024"}}, "sysctls", "capabilities"),
    ({"cgroup_parent": "/"}, "cgroup_parent", "capabilities"),
    ({"oom_kill_disable": True}, "oom_kill_disable", "capabilities"),
    ({"oom_score_adj": -500}, "oom_score_adj", "capabilities"),
    ({"storage_opt": {"size": "1G"}}, "storage_opt", "capabilities"),
    (bind("/etc"), "volumes: /etc", "host-mounts"),
    (bind("/etc/localtime"), "volumes: /etc/localtime", "host-mounts"),
    (bind("/var/run/docker.sock", read_only=True), "volumes: /var/run/docker.sock", "docker-socket"),
    (bind("/run/podman/podman.sock"), "volumes: /run/podman/podman.sock", "docker-socket"),
    ({"post_start": [{"command": ["x"], "privileged": True}]}, "privileged", "privileged"),
    ({"build": {"context": ".", "privileged": True}}, "build.privileged", "privileged"),
    ({"build": {"context": ".", "entitlements": ["x"]}}, "build.privileged", "privileged"),
    ({"build": {"context": ".", "network": "host"}}, "build.network: host", "host-network"),
]
"""A service, and the key and permission that are named."""


def inside(tree: Path, service: Json) -> Json:
    """A build's own folder is in the artifact."""
    build = service.get("build")
    return {**service, "build": {**build, "context": str(tree)}} if build else service


def test_it_works(tmp_path: Path) -> None:
    asked = {
        "cap_add": ["NET_BIND_SERVICE", "CAP_CHOWN"],
        "security_opt": ["no-new-privileges:true"],
        "privileged": False,
        "network_mode": "none",
        "ipc": "private",
        "pid": "",
        "oom_score_adj": 200,
        "x-note": "anything",
        "build": {"context": str(tmp_path), "dockerfile": "sub/Dockerfile", "args": {"A": "1"}},
        "ports": [{"target": 8000, "published": "80"}],
        "volumes": [
            {"type": "volume", "source": "data", "target": "/data"},
            {"type": "tmpfs", "target": "/tmp"},
            {"type": "bind", "source": f"{tmp_path}/conf", "target": "/conf"},
            {"type": "bind", "source": "/etc/localtime", "target": "/etc/localtime", "read_only": True},
        ],
    }
    found = document(
        tmp_path,
        asked,
        networks={"default": {"name": "x", "ipam": {}}, "back": {"driver": "bridge", "internal": True}},
        volumes={"data": {"name": "x_data"}, "more": {"driver": "local"}},
        secrets={"key": {"file": f"{tmp_path}/key"}, "word": {"environment": "WORD"}},
    )
    assert rules.check(found, tmp_path, (), "shop") == []


@pytest.mark.parametrize(("service", "key", "permission"), ASKED)
def test_what_gives_power_over_the_machine_is_refused_until_it_is_allowed(
    tmp_path: Path, service: Json, key: str, permission: str
) -> None:
    found = document(tmp_path, inside(tmp_path, service))
    assert refused(tmp_path, found) == [("web", key, permission)]
    others = [name for name in permissions.NAMES if name != permission]
    assert refused(tmp_path, found, *others) == [("web", key, permission)]
    assert rules.check(found, tmp_path, [permission], "shop") == [permission]


@pytest.mark.parametrize(
    ("service", "key"),
    [
        ({"provider": {"type": "model"}}, "provider"),
        ({"volumes_from": ["container:other"]}, "volumes_from"),
        ({"external_links": ["other"]}, "external_links"),
        ({"credential_spec": {"file": "x"}}, "credential_spec"),
        ({"isolation": "hyperv"}, "isolation"),
        ({"a_key_of_tomorrow": True}, "a_key_of_tomorrow"),
        ({"network_mode": "container:other"}, "network_mode: container:other"),
        ({"pid": "container:other"}, "pid: container:other"),
        ({"ipc": "service:db"}, "ipc: service:db"),
        ({"volumes": [{"type": "npipe", "source": "x", "target": "/y"}]}, "volumes: npipe"),
        ({"build": {"context": "https://example.com/x.git"}}, "build.context: https://example.com/x.git"),
        ({"build": {"context": "/etc"}}, "build.context: /etc"),
        ({"build": {"context": ".", "additional_contexts": {"a": "/etc"}}}, "build.a: /etc"),
        ({"build": {"context": ".", "dockerfile": "../../Dockerfile"}}, "build.dockerfile: ../../Dockerfile"),
        ({"build": {"context": ".", "ssh": ["default"]}}, "build.ssh"),
        ({"build": {"context": ".", "secrets": [{"source": "x"}]}}, "build.secrets"),
    ],
)
def test_some_things_nobody_can_allow(tmp_path: Path, service: Json, key: str) -> None:
    own = service.get("build", {}).get("context") == "."
    found = document(tmp_path, inside(tmp_path, service) if own else service)
    assert refused(tmp_path, found, *permissions.NAMES) == [("web", key, None)]


@pytest.mark.parametrize(
    ("top", "key", "permission"),
    [
        ({"networks": {"proxy": {"external": True}}}, "networks.proxy.external", "external"),
        ({"networks": {"lan": {"driver": "macvlan"}}}, "networks.lan.driver: macvlan", None),
        ({"networks": {"h": {"driver": "host"}}}, "networks.h.driver: host", None),
        ({"volumes": {"data": {"external": True}}}, "volumes.data.external", "external"),
        ({"volumes": {"data": {"driver": "nfs"}}}, "volumes.data.driver: nfs", None),
        (
            {"volumes": {"data": {"driver_opts": {"type": "none", "o": "bind", "device": "/"}}}},
            "volumes.data.driver_opts",
            None,
        ),
        ({"secrets": {"key": {"external": True}}}, "secrets.key.external", None),
        ({"secrets": {"key": {"file": "/etc/shadow"}}}, "secrets.key.file", None),
        ({"configs": {"conf": {"file": "/etc/passwd"}}}, "configs.conf.file", None),
        ({"models": {"llm": {"model": "x"}}}, "models", None),
    ],
)
def test_what_the_file_itself_may_not_ask(
    tmp_path: Path, top: Json, key: str, permission: str | None
) -> None:
    found = document(tmp_path, **top)
    assert refused(tmp_path, found) == [("", key, permission)]
    if permission:
        assert rules.check(found, tmp_path, [permission], "shop") == [permission]


def test_a_link_in_the_artifact_does_not_lead_out_of_it(tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    tree.mkdir()
    (tree / "conf").symlink_to("/etc/hostname")
    (tree / "inner").symlink_to("site.conf")
    found = document(tree, bind(f"{tree}/conf"))
    assert refused(tree, found) == [("web", f"volumes: {tree}/conf", "host-mounts")]
    assert rules.check(document(tree, bind(f"{tree}/inner")), tree, (), "shop") == []
    assert refused(tree, document(tree, bind(f"{tree}/../other")))


def test_all_of_it_is_told_at_once_with_what_to_type(tmp_path: Path) -> None:
    found = document(tmp_path, {"privileged": True, "pid": "host", "provider": {"type": "x"}})
    with pytest.raises(InvalidInput) as caught:
        rules.check(found, tmp_path, (), "shop")
    error = caught.value
    assert error.message == (
        "The service web asks for privileged: it could do anything on this machine. "
        "And 2 more, see the details."
    )
    assert error.hint == "Take it out. Or let an administrator allow it: jarvis allow shop privileged"
    assert len(error.facts["output"]) == 3


def test_every_permission_says_what_it_means() -> None:
    assert set(permissions.MEANING) == set(permissions.NAMES)
    granted = {permission for permission, _ in rules.ASKING.values()}
    granted |= {permission for _, _, permission in ASKED}
    assert set(permissions.NAMES) - granted == {"ports", "external"}
