"""What Docker says of a swarm, and what follows from it."""

from typing import Any

import pytest

from jarvis.errors import InvalidInput
from jarvis.limits import Limits
from jarvis.runtimes.swarm import bcrypt, converge, nodes, registry, rule, service, tasks
from jarvis.runtimes.swarm.nodes import Node
from jarvis.runtimes.swarm.registry import Registry
from jarvis.runtimes.swarm.service import Spec
from jarvis.runtimes.swarm.tasks import Task

LABELS = {"jarvis.owner": "me", "jarvis.service": "shop", "jarvis.deployment": "d"}
SPEC = Spec("shop", "0123456789", "reg:5000/jarvis/shop@sha256:1", "net", ports=(8080, 9000), replicas=3)


def machine(name: str, **more: Any) -> Node:
    facts = {"node.hostname": name, "node.role": "worker", **more.pop("facts", {})}
    return Node(id=name, name=name, address=f"10.0.0.{name[-1]}", facts=facts, **more)


def task(
    slot: int = 1, node: str = "n1", state: str = "running", wanted: str = "running", **more: Any
) -> Task:
    return Task(f"{slot}{node}{state}{more}", "s", slot, node, state, wanted, **more)


def test_it_works() -> None:
    made = service.written(SPEC, LABELS)
    assert made["Name"] == "jarvis-shop-01234567"
    assert made["EndpointSpec"]["Mode"] == "dnsrr"
    assert [(one["TargetPort"], one["PublishMode"]) for one in made["EndpointSpec"]["Ports"]] == [
        (8080, "host"),
        (9000, "host"),
    ]
    assert made["Mode"] == {"Replicated": {"Replicas": 3}}
    assert (made["UpdateConfig"]["Order"], made["UpdateConfig"]["FailureAction"]) == (
        "start-first",
        "rollback",
    )
    container = made["TaskTemplate"]["ContainerSpec"]
    assert container["CapabilityDrop"] == ["ALL"]
    assert "CAP_CHOWN" in container["CapabilityAdd"]
    assert container["Healthcheck"] == {"Test": ["NONE"]}
    assert service.written(SPEC, LABELS) == made, "the same is the same again"


def test_limits_placement_volumes_and_the_check_of_its_image_are_taken_over() -> None:
    spec = Spec(
        "shop",
        "d",
        "i",
        "net",
        limits=Limits(memory=1 << 20, cpus=0.5, pids=9),
        placement=("node.labels.disk==ssd",),
        volumes={"jarvis-shop-data": "/data"},
        is_root=False,
        read_only=True,
        checked=True,
    )
    template = service.written(spec, LABELS)["TaskTemplate"]
    assert template["Resources"]["Limits"] == {"MemoryBytes": 1 << 20, "NanoCPUs": 500_000_000, "Pids": 9}
    assert template["Placement"]["Constraints"] == ["node.labels.disk==ssd"]
    container = template["ContainerSpec"]
    assert [one["Target"] for one in container["Mounts"]] == ["/data", "/tmp"]
    assert container["Mounts"][0]["VolumeOptions"]["Labels"] == {
        "jarvis.owner": "me",
        "jarvis.service": "shop",
    }
    assert (container["CapabilityAdd"], container["ReadOnly"]) == ([], True)
    assert container["Healthcheck"] == {"Interval": 3_000_000_000}


def test_a_command_runs_once_and_is_not_changed_in_place() -> None:
    made = service.written(Spec("shop", "d", "i", "net", words=("true",), workflow="w1234567890"), LABELS)
    assert made["Name"] == "jarvis-shop-run-w1234567"
    assert made["Mode"] == {"ReplicatedJob": {"MaxConcurrent": 1, "TotalCompletions": 1}}
    assert made["TaskTemplate"]["RestartPolicy"] == {"Condition": "none"}
    assert "UpdateConfig" not in made
    assert "Ports" not in made["EndpointSpec"]


def test_a_long_name_is_cut() -> None:
    assert len(Spec("s" * 63, "0" * 36, "i", "net").called) <= 63


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("node.labels.disk==ssd", "node.labels.disk==ssd"),
        (" node.role != manager ", "node.role!=manager"),
        ("engine.labels.os==debian", "engine.labels.os==debian"),
        ("node.disk==ssd", ""),
        ("node.role=manager", ""),
        ("node.role==", ""),
        ("node.role==a; rm", ""),
    ],
)
def test_a_rule_is_read_as_docker_reads_it(text: str, kept: str) -> None:
    assert rule.read(text) == kept


def test_rules_hold_for_machines() -> None:
    facts = {"node.role": "worker", "node.labels.disk": "SSD"}
    assert rule.hold(["node.role==worker", "node.labels.disk==ssd"], facts)
    assert rule.hold(["node.labels.zone!=a"], facts), "what is not known is not a"
    assert not rule.hold(["node.labels.zone==a"], facts)
    assert not rule.hold(["nonsense"], facts)


def test_only_machines_that_answer_and_take_copies_fit() -> None:
    there = [machine("n1"), machine("n2", ready=False), machine("n3", active=False)]
    assert nodes.fitting([], there) == there[:1]
    with pytest.raises(InvalidInput, match=r"fits takes copies now: n2, n3\."):
        nodes.fitting(["node.hostname!=n1"], there)
    with pytest.raises(
        InvalidInput, match=r"No machine of the swarm fits node\.labels\.disk==ssd\."
    ) as error:
        nodes.fitting(["node.labels.disk==ssd"], there)
    assert "--label-add" in error.value.hint


def test_a_machine_is_read() -> None:
    row: dict[str, Any] = {
        "ID": "x",
        "Spec": {"Role": "manager", "Availability": "drain", "Labels": {"disk": "ssd"}},
        "Description": {"Hostname": "one", "Platform": {"OS": "linux", "Architecture": "x86_64"}},
        "Status": {"State": "ready", "Addr": "0.0.0.0"},
        "ManagerStatus": {"Addr": "192.168.0.7:2377"},
    }
    found = nodes.read(row)
    assert (found.name, found.address, found.ready, found.active) == ("one", "192.168.0.7", True, False)
    assert found.fits(["node.labels.disk==ssd", "node.platform.arch==x86_64"])


def test_a_copy_is_read() -> None:
    row: dict[str, Any] = {
        "ID": "t",
        "ServiceID": "s",
        "Slot": 2,
        "NodeID": "n1",
        "DesiredState": "running",
        "Status": {
            "State": "failed",
            "Err": "task: non-zero exit (3)",
            "Timestamp": "2026-11-23T09:07:29.592047462Z",
            "ContainerStatus": {"ContainerID": "c", "ExitCode": 3},
            "PortStatus": {"Ports": [{"TargetPort": 8080, "PublishedPort": 32768}, {"TargetPort": 1}]},
        },
    }
    found = tasks.read(row)
    assert (found.slot, found.ports, found.ended_with, found.container) == (2, {8080: 32768}, 3, "c")
    assert (found.failed, found.runs, found.ending) == (True, False, "ended with code 3")
    assert found.at == 1795424849.0
    assert tasks.read({"ID": "t", "ServiceID": "s"}).state == "new"


def test_connections_go_to_copies_that_run_on_machines_that_answer() -> None:
    there = [
        task(1, "n1", ports={80: 3}),
        task(2, "n2", ports={80: 4}),
        task(3, "n3", ports={80: 5}),
        task(4, "n1", "starting", ports={80: 6}),
        task(5, "n1", wanted="shutdown", ports={80: 7}),
        task(6, "n1", ports={81: 8}),
    ]
    machines = [machine("n1"), machine("n2", ready=False), machine("n3", active=False)]
    assert tasks.targets(there, machines, 80) == (("10.0.0.1", 3), ("10.0.0.3", 5))


def test_a_copy_that_ends_again_and_again_is_hopeless() -> None:
    ended = [task(1, "n1", "failed", "shutdown", error="task: non-zero exit (1)", ended_with=1)] * 3
    assert converge.hopeless(ended, [machine("n1")], 1) == "ended with code 1 on n1, 3 times"
    assert converge.hopeless(ended[:2], [machine("n1")], 1) == ""
    apart = [task(slot, "n1", "failed", "shutdown", ended_with=1) for slot in (1, 2, 3)]
    assert converge.hopeless(apart, [machine("n1")], 1) == "", "each of them once"


def test_a_copy_without_a_machine_is_hopeless_after_a_while() -> None:
    waits = [task(1, "", "pending", error="no suitable node (scheduling constraints)")]
    assert converge.hopeless(waits, [], converge.NOWHERE - 1) == ""
    assert converge.hopeless(waits, [], converge.NOWHERE + 1).startswith("finds no machine: no suitable node")


def test_what_is_missing_when_time_is_over_is_counted() -> None:
    there = [task(1), task(2, state="rejected", error="No such image: x")]
    assert converge.late(there, 2, 9.6) == "only 1 of 2 copies run after 10 seconds (No such image: x)"
    assert converge.late([], 1, 5) == "does not run after 5 seconds"


@pytest.mark.parametrize(
    ("said", "message", "hint"),
    [
        (
            "http: server gave HTTP response to HTTPS client",
            "wants HTTPS",
            '{"insecure-registries": ["r:5000"]}',
        ),
        (
            "unauthorized: authentication required",
            "does not let Jarvis in",
            "jarvis registries add r:5000 NAME",
        ),
        ("dial tcp: connection refused", "cannot be used: dial tcp", "JARVIS_SWARM_REGISTRY"),
    ],
)
def test_a_registry_that_cannot_be_used_is_told_with_what_to_do(said: str, message: str, hint: str) -> None:
    error = registry.refused(Registry("r:5000"), said)
    assert message in error.message
    assert hint in error.hint


def test_passwords_of_registries_are_made_by_bcrypt() -> None:
    made = bcrypt.hashed("secret")
    assert made.startswith("$2y$05$")
    assert len(made) == 60
    assert bcrypt.hashed("secret") != made
