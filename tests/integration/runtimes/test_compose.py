"""Compose files, read by docker-compose and run in a real Docker."""

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import docker_lab
from docker_stage import IMAGE, Stage, stage
from jarvis.deployments.compose import stack_images
from jarvis.errors import InvalidInput, NotProven
from jarvis.private import write_private
from jarvis.runtimes.compose import command, files, groups, member, override, read, up
from jarvis.runtimes.compose.override import Names
from jarvis.runtimes.compose.stack import Stack
from jarvis.runtimes.docker import engine, image, network

Json = dict[str, Any]


def compose(folder: Path, text: str, **files_: str) -> Path:
    """A compose file, and files beside it; `env` is its .env."""
    folder.mkdir(exist_ok=True)
    for name, content in files_.items():
        (folder / ("." + name if name == "env" else name)).write_text(content)
    file = folder / "compose.yaml"
    file.write_text(text)
    return file


def document(folder: Path, text: str, variables: dict[str, str] | None = None, **files_: str) -> Json:
    file = compose(folder, text, **files_)
    return read.read("shop", folder, file, variables or {})


def test_it_works(tmp_path: Path) -> None:
    found = document(
        tmp_path,
        "services: {web: {image: 'x:${TAG}', env_file: e, environment: {A: '${A:-a}', B: 'b$$c', C: $C}}}",
        {"TAG": "2", "PATH": "/elsewhere"},
        env="TAG=1\nC=from the file\nCOMPOSE_FILE=/etc/passwd\nDOCKER_HOST=tcp://example.com\n",
        e="D=d\n",
    )
    assert found["services"]["web"]["image"] == "x:2", "what the service sets stands above its .env"
    assert found["services"]["web"]["environment"] == {"A": "a", "B": "b$c", "C": "from the file", "D": "d"}
    assert read.escaped(found)["services"]["web"]["environment"]["B"] == "b$$c"


@pytest.mark.parametrize(
    ("image", "sentence"),
    [
        ("x:${TAG}-${MODE}", "compose.yaml uses the variables TAG, MODE, which are not set."),
        ("x:${TAG:?say which}", "TAG, which is not set. It says of it: say which."),
    ],
)
def test_a_variable_that_nobody_set_is_named(tmp_path: Path, image: str, sentence: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        document(tmp_path, f"services: {{web: {{image: '{image}'}}}}")
    assert sentence in caught.value.message
    assert "jarvis env set shop TAG=VALUE" in caught.value.hint


@pytest.mark.parametrize(
    "text",
    [
        "services: {web: {imag: x}}",
        "services: {web: {image: x, depends_on: [nobody]}}",
        "services: {web: {image: x, env_file: a, env_file: b}}",
        "services: {a: {image: x, depends_on: [b]}, b: {image: x, depends_on: [a]}}",
    ],
)
def test_a_wrong_file_is_refused_with_what_is_wrong(tmp_path: Path, text: str) -> None:
    with pytest.raises(InvalidInput, match=r"compose\.yaml is wrong: "):
        document(tmp_path, text)


def test_an_env_file_that_was_not_handed_in_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput) as caught:
        document(tmp_path, "services: {web: {image: x, env_file: shop.env}}")
    assert "reads variables from shop.env, which is not in what was handed in" in caught.value.message
    assert "required: false" in caught.value.hint


def test_nothing_of_ours_reaches_the_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("A_SECRET_OF_OURS", "s3cret")
    with pytest.raises(InvalidInput, match="A_SECRET_OF_OURS, which is not set"):
        document(tmp_path, "services: {web: {image: '${A_SECRET_OF_OURS}'}}")
    given = command.environment(
        {"COMPOSE_FILE": "/x", "DOCKER_HOST": "tcp://x", "COMPOSE_PROFILES": "p", "A": "1"}
    )
    assert "COMPOSE_FILE" not in given
    assert given["DOCKER_HOST"] == engine.address()
    assert (given["COMPOSE_PROFILES"], given["A"]) == ("p", "1")


def test_files_are_copies_and_what_is_not_there_is_a_volume(tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    text = """
services:
  web:
    image: x
    volumes: ["./conf:/conf", "./data:/data", "./one.txt:/one:ro", "/nameless"]
    secrets: [key, word]
secrets: {key: {file: ./key}, word: {environment: WORD}}
"""
    (tree / "conf").mkdir(parents=True)
    (tree / "conf" / "a").write_text("a")
    found = document(tree, text, {"WORD": "w0rd"}, key="k", **{"one.txt": "1"})
    done, said = files.own(found, tree, tmp_path / "copies", {"WORD": "w0rd"}, make=True)
    conf, data, one, nameless = done["services"]["web"]["volumes"]
    assert (Path(conf["source"]) / "a").read_text() == "a"
    assert conf["read_only"] is True
    assert (data["type"], data["source"]) == ("volume", "data")
    assert Path(one["source"]).read_text() == "1"
    assert nameless["source"] == "web-nameless"
    assert Path(done["secrets"]["key"]["file"]).read_text() == "k"
    assert Path(done["secrets"]["word"]["file"]).read_text() == "w0rd"
    assert len(said) == 2
    again, _ = files.own(found, tree, tmp_path / "copies", {"WORD": "w0rd"}, make=False)
    assert again == done, "the same content has the same name"
    assert files.unused(tmp_path / "copies", [done]) == []
    assert len(files.unused(tmp_path / "copies", [])) == 4


def test_what_is_mounted_within_a_copied_folder_has_a_place_there(tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    text = """
services:
  web:
    image: x
    tmpfs: [/app/tmp]
    volumes: ["./app:/app", "/app/node_modules", "data:/app/var/data", "./one.txt:/app/etc/one"]
  other: {image: x, volumes: ["./app:/app"]}
volumes: {data: {}}
"""
    (tree / "app").mkdir(parents=True)
    (tree / "app" / "out").symlink_to("/")
    found = document(tree, text, None, **{"one.txt": "1"})
    done, _ = files.own(found, tree, tmp_path / "copies", {}, make=True)
    app, modules, *_ = done["services"]["web"]["volumes"]
    assert {one.name for one in Path(app["source"]).iterdir()} == {"node_modules", "tmp", "var", "etc", "out"}
    assert (Path(app["source"]) / "etc" / "one").is_file()
    assert app["source"] != done["services"]["other"]["volumes"][0]["source"]
    assert "source" not in modules, "what each image brings anew does not outlive it"
    assert override.volumes(done) == {"data": ""}
    assert list(groups.reasons({"services": {"a": {"volumes": [modules]}}})) == []


def test_a_secret_behind_a_link_is_its_content(tmp_path: Path) -> None:
    text = "services: {web: {image: x, secrets: [key]}}\nsecrets: {key: {file: ./key}}"
    seen: list[str] = []
    for content in ("old", "new"):
        tree = tmp_path / content
        found = document(tree, text, real=content)
        (tree / "key").symlink_to("real")
        done, _ = files.own(found, tree, tmp_path / "copies", {}, make=True)
        seen.append(Path(done["secrets"]["key"]["file"]).read_text())
    assert seen == ["old", "new"]


@pytest.fixture
def here(docker_engine: docker_lab.Engine, tmp_path: Path) -> Iterator[Stage]:
    with stage(docker_engine, tmp_path / "home") as made:
        yield made


def lifted(here: Stage, folder: Path, services: Json) -> tuple[Stack, Names, Path]:
    """A stack that keeps nothing, ready to be started."""
    for raw in services.values():
        raw.setdefault("image", IMAGE)
    found: Json = {"services": services}
    made = Stack(
        service=here.service,
        release=here.deployment,
        document=found,
        public=next(iter(services)),
        port=0,
        images=dict.fromkeys(services, here.image),
        once=groups.once(found),
    )
    net = network.make(here.service)
    labels = engine.labels(here.service)
    names = Names(member.project_of(here.service), here.deployment, net.name, {}, labels)
    file = folder / "fresh.json"
    write_private(file, json.dumps(read.escaped(override.fresh(made, names))))
    return made, names, file


def python(code: str, **more: Any) -> Json:
    return {"command": ["python", "-u", "-c", code], "stop_grace_period": "1s", **more}


def need(name: str, how: str) -> Json:
    return {"depends_on": {name: {"condition": how}}}


SLEEP = "import signal, sys, time; signal.signal(15, lambda *_: sys.exit()); time.sleep(600)"


def test_services_begin_in_their_order_and_only_those_of_this_deployment_end(
    here: Stage, tmp_path: Path
) -> None:
    check = {"healthcheck": {"test": ["CMD", "true"], "interval": "1h"}}
    made, names, file = lifted(
        here,
        tmp_path,
        {
            "web": python(SLEEP, **need("migrate", "service_completed_successfully")),
            "migrate": python(
                "import socket; print(socket.gethostbyname('db'))", **need("db", "service_healthy")
            ),
            "db": python(SLEEP, **check),
        },
    )
    said: list[str] = []
    up.up(made, names, file, made.fresh, patience=60, say=said.append)
    done = [line for line in said if "…" not in line]
    assert done == ["db is healthy", "migrate has ended well", "web runs"]
    before = {one.part: one.id for one in member.of(here.service, here.deployment)}
    up.up(made, names, file, made.fresh, patience=60, say=said.append)
    assert {one.part: one.id for one in member.of(here.service, here.deployment)} == before, (
        "again is nothing"
    )
    member.end(member.of(here.service, "another"))
    assert len(member.listed(here.service)) == 3
    member.end(member.listed(here.service), 0)
    member.end_networks(here.service, here.deployment)
    network.remove(here.service)
    assert here.lab.leftovers(engine.owner()) == set()


def test_images_of_a_stack_are_not_taken_for_those_of_a_container(here: Stage) -> None:
    text = f"FROM {IMAGE}\n".encode()
    tag = f"{stack_images.repository(here.service, 'web')}:{here.deployment}"
    labels = engine.labels(here.service)
    here.lab.client.images.build(fileobj=io.BytesIO(text), tag=tag, labels=labels, rm=True)
    assert image.releases() == [], "or the reaper would remove them"
    assert image.find(tag) is not None
    stack_images.remove(here.service, "another")
    assert image.find(tag) is not None
    stack_images.remove(here.service, here.deployment)
    assert image.find(tag) is None


@pytest.mark.parametrize(
    ("broken", "sentence", "last"),
    [
        (
            python("print('the disk is bad'); exit(3)"),
            "The service bad ended with code 3",
            "bad | the disk is bad",
        ),
        (python("exit(4)", restart="no"), "The service bad ended with code 4", ""),
        ({"command": ["no-such-program"]}, "bad cannot be started: ", ""),
        (
            python(SLEEP, healthcheck={"test": ["CMD", "false"], "interval": "0.2s", "retries": 1}),
            "The service bad is not well, says its healthcheck",
            "",
        ),
    ],
)
def test_a_service_that_fails_is_named_with_its_last_lines(
    here: Stage, tmp_path: Path, broken: Json, sentence: str, last: str
) -> None:
    made, names, file = lifted(here, tmp_path, {"web": python(SLEEP), "bad": broken})
    with pytest.raises(NotProven) as caught:
        up.up(made, names, file, ["bad"], patience=60, say=lambda _: None)
    assert sentence in caught.value.message
    assert last in [*caught.value.facts["output"], ""]
