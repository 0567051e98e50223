"""A service on three machines: deployed, updated under load, gone back with, while machines come and go."""

from collections.abc import Iterator
from pathlib import Path

import pytest

import swarm_lab
from jarvis_lab import Lab, Visitor, lab
from swarm_lab import Swarm
from waiting import until

pytestmark = pytest.mark.root_only  # machines are made of namespaces

DOCKERFILE = """\
FROM {base}
COPY index.html /www/
EXPOSE 8080
{lines}
CMD ["sh", "-c", "echo it begins; {command}"]
"""
SERVES = "exec httpd -f -p 8080 -h /www"


def app(folder: Path, text: str, *, command: str = SERVES, lines: str = "", settings: str = "") -> Path:
    """A web server that says `text`, three of it in the swarm."""
    folder.mkdir(parents=True)
    (folder / "index.html").write_text(text)
    made = DOCKERFILE.format(base=swarm_lab.tiny_image(), lines=lines, command=command)
    (folder / "Dockerfile").write_text(made)
    (folder / "jarvis.toml").write_text(f'runtime = "swarm"\n{settings or "replicas = 3"}\n')
    return folder


@pytest.fixture(scope="module")
def swarm() -> Iterator[Swarm]:
    with swarm_lab.serve() as made:
        yield made


@pytest.fixture(scope="module")
def jarvis(swarm: Swarm) -> Iterator[Lab]:
    address = {"JARVIS_DOCKER_HOST": swarm.manager.url}
    with lab({**address, "JARVIS_SWARM_REGISTRY_IMAGE": swarm_lab.registry_image()}) as made:
        yield made


def owner_of(jarvis: Lab) -> str:
    return (jarvis.home / "owner").read_text().strip()


def where(swarm: Swarm, service: str) -> list[str]:
    """The machines on which copies of a service run, each as often as copies of it do."""
    return sorted(
        machine.name
        for machine in swarm.machines
        if machine.process.poll() is None
        for _ in machine.api.containers(filters={"label": f"jarvis.service={service}"})
    )


def answers(jarvis: Lab, host: str, text: str) -> bool:
    try:
        return jarvis.get(host) == (200, text.encode())
    except OSError:
        return False


def test_it_works(jarvis: Lab, swarm: Swarm, tmp_path: Path) -> None:
    told = jarvis.told("deploy", str(app(tmp_path / "a", "one")), "--domain", "shop.localhost")
    assert told["status"] == "completed"
    assert jarvis.get("shop.localhost") == (200, b"one")
    assert where(swarm, "shop") == [one.name for one in swarm.machines], "one copy on each machine"
    rows = jarvis.rows(
        "SELECT configuration->>'runtime', configuration->>'port' FROM deployments WHERE id = %s",
        told["deployment_id"],
    )
    assert rows == [("swarm", "8080")]
    said = until(lambda: jarvis.good("logs", "shop", "--program"), "its copies say something")
    assert "1 | it begins" in said


def test_an_update_under_load_drops_nothing(jarvis: Lab, swarm: Swarm, tmp_path: Path) -> None:
    with Visitor(jarvis, "shop.localhost", ["one", "two"]) as visitor:
        jarvis.good("deploy", str(app(tmp_path / "a", "two")), "--domain", "shop.localhost")
    assert (visitor.wrong, jarvis.get("shop.localhost")) == ([], (200, b"two"))


def test_an_update_that_is_not_well_is_a_failure_and_the_old_one_stays(
    jarvis: Lab, swarm: Swarm, tmp_path: Path
) -> None:
    sick = app(
        tmp_path / "a",
        "three",
        lines="HEALTHCHECK --retries=1 CMD false",
        settings='replicas = 2\n[health]\npatience = "5s"',
    )
    with Visitor(jarvis, "shop.localhost", ["two"]) as visitor:
        said = jarvis.refused("deploy", str(sick), "--domain", "shop.localhost")
    assert "unhealthy" in said or "only 0 of 2 copies run" in said
    assert visitor.wrong == []
    assert len(set(where(swarm, "shop"))) == 3


def test_going_back_restores_image_and_settings(jarvis: Lab, swarm: Swarm, tmp_path: Path) -> None:
    assert jarvis.told("rollback", "shop")["status"] == "completed"
    assert jarvis.get("shop.localhost") == (200, b"one")


def test_rules_that_no_machine_fits_are_told_before_anything_is_built(jarvis: Lab, tmp_path: Path) -> None:
    rules = 'placement = ["node.labels.disk==ssd"]'
    said = jarvis.refused("deploy", str(app(tmp_path / "a", "p", settings=rules)), "--domain", "p.localhost")
    assert "No machine of the swarm fits node.labels.disk==ssd." in said
    assert "docker node update --label-add" in said


def test_rules_say_where_it_runs_and_commands_run_there(jarvis: Lab, swarm: Swarm, tmp_path: Path) -> None:
    swarm.label(swarm.machines[2], disk="ssd")
    rules = 'placement = ["node.labels.disk==ssd"]\nreplicas = 2\n[[volumes]]\nname = "data"\npath = "/data"'
    jarvis.good("deploy", str(app(tmp_path / "a", "ssd", settings=rules)), "--domain", "disk.localhost")
    assert where(swarm, "disk") == [swarm.machines[2].name] * 2
    said = jarvis.good("run", "disk", "--", "sh", "-c", "echo kept > /data/f; cat /data/f /www/index.html")
    assert said.split()[:4] == ["run", "kept", "run", "ssd"]
    jarvis.good("remove", "disk", "--yes")


def test_a_machine_that_is_emptied_costs_nothing(jarvis: Lab, swarm: Swarm) -> None:
    with Visitor(jarvis, "shop.localhost", ["one"]) as visitor:
        swarm.availability(swarm.machines[1], "drain")
        until(
            lambda: len(found := where(swarm, "shop")) == 3 and swarm.machines[1].name not in found,
            "its copy moves",
        )
        swarm.availability(swarm.machines[1], "active")
    assert visitor.wrong == []


def test_it_answers_again_when_a_machine_dies(jarvis: Lab, swarm: Swarm) -> None:
    """What the dead machine was asked at that moment is lost; nothing that is asked later."""
    dead = swarm.machines[2]
    assert dead.name in where(swarm, "shop")
    dead.kill()
    for _ in range(6):
        assert answers(jarvis, "shop.localhost", "one"), "connections go to copies that are there"
    until(lambda: len(where(swarm, "shop")) == 3, "Swarm starts its copy elsewhere")
    swarm.machines.remove(dead)


def test_what_is_removed_leaves_nothing(jarvis: Lab, swarm: Swarm) -> None:
    assert swarm.leftovers(owner_of(jarvis)) != set()
    jarvis.good("remove", "shop", "--yes")
    until(lambda: swarm.leftovers(owner_of(jarvis)) == set(), f"nothing: {swarm.leftovers(owner_of(jarvis))}")
