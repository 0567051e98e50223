"""Compose files: several services from one project, the public one routed, what keeps data kept."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import docker_lab
from jarvis_lab import Lab, Visitor, lab, until
from stacks import BASE, stack

MIGRATE = """\
  migrate:
    image: python:3.12-slim
    command: ["python", "-c", "print('migrated')"]
    depends_on: {db: {condition: service_healthy}}
"""
AFTER_MIGRATE = "      migrate: {condition: service_completed_successfully}"


@pytest.fixture(scope="module")
def jarvis(docker_engine: docker_lab.Engine) -> Iterator[Lab]:
    docker_engine.base(BASE)
    docker_engine.free("st-*")
    with lab({"JARVIS_DOCKER_HOST": docker_engine.url}) as made:
        yield made
        owner = owner_of(made)
        for (name,) in made.rows("SELECT name FROM services"):
            made.good("remove", name, "--yes")
        left = docker_engine.leftovers(owner)
    docker_engine.sweep(owner)
    assert {one for one in left if not one.startswith("volume ")} == set(), "removed services leave nothing"


def owner_of(jarvis: Lab) -> str:
    return (jarvis.home / "owner").read_text().strip()


def containers(jarvis: Lab, engine: docker_lab.Engine, service: str) -> dict[str, dict[str, Any]]:
    """Service of the file → its container; those that drain still are left out by their age."""
    labels = [f"jarvis.owner={owner_of(jarvis)}", f"jarvis.service={service}"]
    rows = engine.api.containers(all=True, filters={"label": labels})
    return {row["Labels"]["jarvis.stack"]: row for row in sorted(rows, key=lambda row: row["Created"])}


def there(jarvis: Lab, engine: docker_lab.Engine, service: str) -> set[str]:
    """All of a service that is in Docker, by kind and name."""
    return {
        one for one in engine.leftovers(owner_of(jarvis)) if f"-{service}" in one or f"/{service}-" in one
    }


def tags(engine: docker_lab.Engine, service: str) -> set[str]:
    found = [tag for row in engine.api.images() for tag in row["RepoTags"] or ()]
    return {tag for tag in found if tag.startswith(f"jarvis/{service}-")}


def test_it_works(jarvis: Lab, docker_engine: docker_lab.Engine, tmp_path: Path) -> None:
    project = stack(tmp_path / "a", "${SAYING}", web=AFTER_MIGRATE, more=MIGRATE)
    file = project / "compose.yaml"
    label = '    labels: {jarvis.domain: "st-a-too.localhost"}\n    ports:'
    file.write_text(file.read_text().replace("    ports:", label, 1))
    (project / "jarvis.toml").write_text("[env]\nSAYING = 'hello'\n")
    (project / "app.json").write_text('{"env": {"OF_ANOTHER_PLATFORM": {"description": "who"}}}')
    told = jarvis.told("deploy", str(project), "--domain", "st-a.localhost")
    assert told["status"] == "completed"
    assert jarvis.get("st-a.localhost") == (200, b"hello")
    assert jarvis.get("st-a-too.localhost") == (200, b"hello"), "its label says so"
    assert jarvis.get("st-a.localhost", "/add") == (200, b"1")
    (row,) = jarvis.rows(
        "SELECT configuration->>'runtime', configuration->'stack'->>'public', configuration->>'port'"
        " FROM deployments WHERE id = %s",
        told["deployment_id"],
    )
    assert row == ("compose", "web", "8000")
    ((images, records),) = jarvis.rows(
        "SELECT configuration->'images', configuration->'records' FROM deployments WHERE id = %s",
        told["deployment_id"],
    )
    assert set(images) == {"web", "db", "migrate"}
    assert [one["domain"] for one in records] == ["st-a-too.localhost", "st-a.localhost"]
    found = containers(jarvis, docker_engine, "st-a")
    assert set(found) == {"web", "db", "migrate"}
    for name in ("web", "db"):
        host = docker_engine.api.inspect_container(found[name]["Id"])["HostConfig"]
        assert host["SecurityOpt"] == ["no-new-privileges:true"]
        assert host["PortBindings"] in (None, {}), "only the proxy reaches it"
        assert host["RestartPolicy"]["Name"] == "unless-stopped"
        assert host["LogConfig"]["Config"] == {"max-size": "10m", "max-file": "3"}
    said = until(lambda: said_by(jarvis, "st-a", 3), "the logs of all three are here")
    assert {"db | the database begins", "migrate | migrated", "web | the web begins"} <= said


def said_by(jarvis: Lab, service: str, lines: int) -> set[str]:
    said = jarvis.good("logs", service, "--program").splitlines()
    found = {line.partition("  ")[2] for line in said}
    return found if len(found) >= lines else set()


def test_a_new_version_loses_no_request_and_no_data(
    jarvis: Lab, docker_engine: docker_lab.Engine, tmp_path: Path
) -> None:
    jarvis.good("deploy", str(stack(tmp_path / "b1", "the old one")), "--domain", "st-b.localhost")
    assert jarvis.get("st-b.localhost", "/add") == (200, b"1")
    before = containers(jarvis, docker_engine, "st-b")
    with Visitor(jarvis, "st-b.localhost", ["the old one", "the new one"]) as visitor:
        jarvis.good("deploy", str(stack(tmp_path / "b2", "the new one")), "--domain", "st-b.localhost")
        until(lambda: len(visitor_rows(jarvis, docker_engine)) == 2, "the old container is gone")
        jarvis.good("rollback", "st-b")
        assert jarvis.get("st-b.localhost") == (200, b"the old one")
    assert visitor.wrong == []
    after = containers(jarvis, docker_engine, "st-b")
    assert after["db"]["Id"] == before["db"]["Id"], "what keeps data is not touched"
    assert after["web"]["Id"] != before["web"]["Id"]
    assert jarvis.get("st-b.localhost", "/number") == (200, b"1")


def visitor_rows(jarvis: Lab, engine: docker_lab.Engine) -> list[dict[str, Any]]:
    labels = [f"jarvis.owner={owner_of(jarvis)}", "jarvis.service=st-b"]
    return engine.api.containers(all=True, filters={"label": labels})


def test_what_keeps_data_changes_in_place_and_that_is_told(
    jarvis: Lab, docker_engine: docker_lab.Engine, tmp_path: Path
) -> None:
    jarvis.good("deploy", str(stack(tmp_path / "c1", "c")), "--domain", "st-c.localhost")
    assert jarvis.get("st-c.localhost", "/add") == (200, b"1")
    before = containers(jarvis, docker_engine, "st-c")["db"]["Id"]
    changed = stack(tmp_path / "c2", "c", db="    environment: {MODE: other}")
    why = "db is stopped and started again: it changed, and it writes to data."
    assert why in jarvis.good("plan", str(changed), "--domain", "st-c.localhost")
    assert why in jarvis.good("deploy", str(changed), "--domain", "st-c.localhost")
    assert containers(jarvis, docker_engine, "st-c")["db"]["Id"] != before
    assert jarvis.get("st-c.localhost", "/number") == (200, b"1"), "its volume is the same"


@pytest.mark.parametrize(
    ("name", "parts", "sentence"),
    [
        (
            "st-dies",
            {"web": '    entrypoint: ["python", "-c", "raise SystemExit(\'no licence\')"]'},
            "no licence",
        ),
        (
            "st-sickdb",
            {"db": "    entrypoint: ['python', '-c', 'print(\"disk is bad\"); exit(3)']"},
            "The service db ended with code 3",
        ),
    ],
)
def test_a_service_that_fails_changes_nothing(
    jarvis: Lab,
    docker_engine: docker_lab.Engine,
    tmp_path: Path,
    name: str,
    parts: dict[str, str],
    sentence: str,
) -> None:
    host = f"{name}.localhost"
    jarvis.good("deploy", str(stack(tmp_path / "good", "good")), "--domain", host)
    before, images = there(jarvis, docker_engine, name), tags(docker_engine, name)
    said = jarvis.refused("deploy", str(stack(tmp_path / "bad", "bad", **parts)), "--domain", host)
    assert sentence in said
    assert jarvis.get(host) == (200, b"good")
    assert jarvis.get(host, "/add") == (200, b"1")
    assert there(jarvis, docker_engine, name) == before, "nothing is left over"
    assert tags(docker_engine, name) == images
    assert len(list((jarvis.home / "apps" / name).glob("*/stack.json"))) == 1


def test_a_first_one_that_fails_leaves_nothing_but_its_volume(
    jarvis: Lab, docker_engine: docker_lab.Engine, tmp_path: Path
) -> None:
    bad = stack(tmp_path / "bad", "bad", web='    entrypoint: ["false"]')
    jarvis.refused("deploy", str(bad), "--domain", "st-first.localhost")
    assert there(jarvis, docker_engine, "st-first") == {"volume jarvis-st-first-data"}
    assert tags(docker_engine, "st-first") == set()


def test_a_variable_that_nobody_set_is_named(jarvis: Lab, tmp_path: Path) -> None:
    project = stack(tmp_path / "v", "${GREETING}")
    said = jarvis.refused("deploy", str(project), "--domain", "st-v.localhost")
    assert "compose.yaml uses the variable GREETING, which is not set." in said
    assert "jarvis env set st-v GREETING=VALUE" in said
    jarvis.good("env", "set", "st-v", "GREETING=good day")
    jarvis.good("deploy", str(project), "--domain", "st-v.localhost")
    assert jarvis.get("st-v.localhost") == (200, b"good day")


def test_what_is_not_allowed_is_refused_before_anything_is_done(
    jarvis: Lab, docker_engine: docker_lab.Engine, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "note").write_text("of this machine")
    project = stack(tmp_path / "p", "p", web="    ipc: host\n    shm_size: 1m")
    text = (project / "compose.yaml").read_text()
    mounted = text.replace("./web.py:/srv/web.py:ro", f'./web.py:/srv/web.py:ro", "{outside}:/outside:ro')
    (project / "compose.yaml").write_text(mounted)
    said = jarvis.refused("deploy", str(project), "--domain", "st-p.localhost")
    assert "The service web asks for ipc: host: it would share the memory of this machine." in said
    assert "jarvis allow st-p host-namespaces" in said
    assert there(jarvis, docker_engine, "st-p") == set()
    jarvis.good("allow", "st-p", "host-namespaces", "host-mounts")
    jarvis.good("deploy", str(project), "--domain", "st-p.localhost")
    web = containers(jarvis, docker_engine, "st-p")["web"]
    assert docker_engine.api.inspect_container(web["Id"])["HostConfig"]["IpcMode"] == "host"
    jarvis.good("allow", "st-p", "host-namespaces", "host-mounts", "--forbid")
    assert "ipc: host" in jarvis.refused("deploy", str(project), "--domain", "st-p.localhost")
    assert jarvis.get("st-p.localhost") == (200, b"p")


def test_a_command_runs_with_all_that_the_public_service_has_and_removing_leaves_only_volumes(
    jarvis: Lab, docker_engine: docker_lab.Engine, tmp_path: Path
) -> None:
    project = stack(tmp_path / "r", "r", web=AFTER_MIGRATE, more=MIGRATE)
    jarvis.good("deploy", str(project), "--domain", "st-r.localhost")
    code = "import os, urllib.request as u; print(os.environ['SAYS'], u.urlopen('http://db:9000').read())"
    assert "r b'0'" in jarvis.good("run", "st-r", "--", "python", "-c", code)
    assert jarvis.run("run", "st-r", "--", "python", "-c", "exit(7)").returncode == 7
    assert jarvis.get("st-r.localhost") == (200, b"r")
    assert len(there(jarvis, docker_engine, "st-r")) > 4
    jarvis.good("remove", "st-r", "--yes")
    assert there(jarvis, docker_engine, "st-r") == {"volume jarvis-st-r-data"}
    assert tags(docker_engine, "st-r") == set()
    assert not (jarvis.home / "apps" / "st-r").exists()


def test_a_worker_that_is_killed_in_the_middle_goes_on(
    jarvis: Lab, docker_engine: docker_lab.Engine, tmp_path: Path
) -> None:
    jarvis.good("deploy", str(stack(tmp_path / "k1", "before")), "--domain", "st-k.localhost")
    jarvis.get("st-k.localhost", "/add")
    slow = MIGRATE.replace("print('migrated')", "import time; time.sleep(2)")
    project = stack(tmp_path / "k2", "after", web=AFTER_MIGRATE, more=slow)
    with Visitor(jarvis, "st-k.localhost", ["before", "after"]) as visitor:
        begun = json.loads(
            jarvis.good("deploy", str(project), "--domain", "st-k.localhost", "--detach", "--json")
        )
        until(lambda: "migrate" in containers(jarvis, docker_engine, "st-k"), "its migration runs")
        jarvis.kill("worker")
        query = "SELECT status::text FROM deployments WHERE id = %s"
        until(lambda: jarvis.rows(query, begun["deployment_id"]) == [("running",)], "it runs")
    assert visitor.wrong == []
    assert jarvis.get("st-k.localhost") == (200, b"after")
    assert jarvis.get("st-k.localhost", "/number") == (200, b"1")


def test_one_that_fell_over_is_brought_back(
    jarvis: Lab, docker_engine: docker_lab.Engine, tmp_path: Path
) -> None:
    jarvis.good("deploy", str(stack(tmp_path / "h", "h")), "--domain", "st-h.localhost")
    for row in containers(jarvis, docker_engine, "st-h").values():
        docker_engine.api.remove_container(row["Id"], force=True)
    jarvis.good("check", "st-h")
    assert jarvis.get("st-h.localhost") == (200, b"h")
    assert jarvis.get("st-h.localhost", "/add") == (200, b"1")
