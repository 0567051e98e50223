"""Services of a real swarm of three machines: begun, changed in place, taken back by Swarm, ended."""

import http.client
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch
from uuid import uuid4

import pytest

import config
import swarm_lab
from jarvis.errors import DeployFailed, InvalidInput, Unavailable
from jarvis.runtimes.docker import engine, image
from jarvis.runtimes.swarm import converge, logs, network, nodes, registry, service, tasks
from jarvis.runtimes.swarm.registry import Registry
from jarvis.runtimes.swarm.service import Spec
from swarm_lab import Swarm
from waiting import soon, until

pytestmark = pytest.mark.root_only  # machines are made of namespaces

PORT = 8080
SERVES = "mkdir /tmp/w; echo {text} > /tmp/w/index.html; echo it begins; exec httpd -f -p 8080 -h /tmp/w"


@pytest.fixture(scope="module")
def swarm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Swarm]:
    with swarm_lab.serve() as made:
        settings = config.Settings(
            home=tmp_path_factory.mktemp("home"),
            docker_host=made.manager.url,
            swarm_registry_image=swarm_lab.registry_image(),
        )
        with patch.object(config, "settings", lambda: settings), patch.object(service, "WATCHED", 1):
            yield made
            engine.client().close()
            engine._CLIENT.clear()


@pytest.fixture
def spec(swarm: Swarm) -> Iterator[Spec]:
    """A web server on the first machine, the only one that has its image."""
    name = f"t{uuid4().hex[:8]}"
    yield Spec(
        service=name,
        deployment=str(uuid4()),
        image=swarm_lab.tiny_image(),
        network=network.make(name),
        ports=(PORT,),
        placement=("node.hostname==node1",),
        words=("sh", "-c", SERVES.format(text="hello")),
    )
    there = service.listed(name)
    for one in there:
        service.remove(one.id)
    assert tasks.gone([one.id for one in there], 30)
    network.remove(name)
    assert soon(lambda: not [one for one in swarm.leftovers(engine.owner()) if name in one])


def begun(spec: Spec, patience: float = 30) -> list[tasks.Task]:
    return converge.wait(service.ensure(spec), nodes.listed(), patience=patience)


def answers(there: list[tasks.Task]) -> list[bytes]:
    found: list[bytes] = []
    for host, port in tasks.targets(there, nodes.listed(), PORT):
        connection = http.client.HTTPConnection(host, port, timeout=30)
        connection.request("GET", "/index.html")
        found.append(connection.getresponse().read().strip())
        connection.close()
    return found


def test_it_works(spec: Spec, swarm: Swarm) -> None:
    there = begun(spec)
    assert answers(there) == [b"hello"]
    assert begun(spec) == there, "what runs already is taken as it is"
    seen = [line for _, line in logs.lines(there[0].id, follow=False)]
    assert seen[:1] == [b"it begins"]
    (container, *_) = swarm.manager.api.containers(filters={"label": f"jarvis.service={spec.service}"})
    host = swarm.manager.api.inspect_container(container["Id"])["HostConfig"]
    assert (host["CapDrop"], host["PidsLimit"]) == (["ALL"], 2048)


def test_a_change_that_swarm_takes_back_is_a_failure_and_the_old_version_answers(spec: Spec) -> None:
    begun(replace(spec, replicas=2))
    with pytest.raises(DeployFailed) as error:
        begun(replace(spec, replicas=2, words=("sh", "-c", "echo oh no; exit 3")))
    assert error.value.message == "Swarm took the change back: its new copy ended with code 3 on node1."
    assert error.value.facts["output"] == ["oh no"]
    after = begun(replace(spec, replicas=2))
    assert answers(after) == [b"hello", b"hello"]


def test_without_a_machine_that_fits_it_is_given_up(spec: Spec) -> None:
    with (
        patch.object(converge, "NOWHERE", 0.5),
        pytest.raises(DeployFailed, match="finds no machine: no sui"),
    ):
        begun(replace(spec, placement=("node.labels.disk==ssd",)))


def test_an_image_that_a_machine_cannot_fetch_is_told(spec: Spec) -> None:
    missing = swarm_lab.tiny_image().replace("tiny:1", "none:1")
    with pytest.raises(DeployFailed, match=r"No such image: .*/none:1 on node1") as error:
        begun(replace(spec, image=missing))
    assert "That machine cannot fetch the image" in error.value.hint


def test_only_a_manager_knows(swarm: Swarm) -> None:
    settings = replace(config.settings(), docker_host=swarm.machines[1].url)
    with patch.object(config, "settings", lambda: settings):
        assert not nodes.manages()
        with pytest.raises(InvalidInput, match="does not manage a swarm"):
            nodes.listed()


def test_our_own_registry_gives_images_to_all_machines_and_forgets_them(swarm: Swarm, spec: Spec) -> None:
    release, api = str(uuid4()), swarm.manager.api
    made = api.create_container(swarm_lab.tiny_image(), ["sh"])
    name, _, tag = engine.image_tag(spec.service, release).partition(":")
    api.commit(made["Id"], name, tag, changes=f"LABEL {engine.OWNER}={engine.owner()}")
    api.remove_container(made["Id"])
    with registry.using():
        ours = registry.chosen({})
        reference = registry.push(ours, spec.service, release)
        registry.tidy()
    assert reference.startswith(f"{swarm.manager.address}:5000/jarvis/{spec.service}:{release}@sha256:")
    assert registry.reference(ours, spec.service, release) == reference, "nothing is tidied away in use"
    there = converge.wait(
        service.ensure(replace(spec, image=reference, placement=("node.hostname==node2",)), ours.account),
        nodes.listed(),
        patience=30,
    )
    assert answers(there) == [b"hello"]
    stranger = Registry(ours.host, {"username": "jarvis", "password": "wrong"})
    with pytest.raises(Unavailable, match="does not let Jarvis in"):
        registry.reference(stranger, spec.service, release)
    registry.forget(spec.service, release)
    assert registry.reference(ours, spec.service, release) == ""
    registry.tidy()
    image.remove(spec.service, release)
    registry.retire()
    left = swarm.leftovers(engine.owner())
    assert not [one for one in left if "registry" in one or one.startswith("image")]


def test_a_registry_that_nobody_runs_is_told_by_name(swarm: Swarm, tmp_path: Path) -> None:
    settings = replace(config.settings(), swarm_registry="127.0.0.1:9", home=tmp_path)
    with patch.object(config, "settings", lambda: settings):
        found = registry.chosen({"127.0.0.1:9": ("shop", "secret")})
        assert found.account == {"username": "shop", "password": "secret"}
        with pytest.raises(Unavailable, match=r"The registry 127\.0\.0\.1:9 cannot be used: .*refused"):
            registry.reference(found, "shop", str(uuid4()))


def test_until_it_is_asked_for_nothing_of_ours_is_there(swarm: Swarm) -> None:
    until(lambda: swarm.leftovers(engine.owner()) == set(), "all that the tests made is gone")
