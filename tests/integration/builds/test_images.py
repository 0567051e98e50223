"""Images from real Dockerfiles, by both builders of a real Docker: what comes out, what is refused."""

import io
import os
import shutil
import socket
import tempfile
import threading
import uuid
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import docker.errors
import pytest

import build_lab
import registry_lab
from docker_lab import Engine
from image_lab import DEBIAN, SECRET, Yard, own
from jarvis import control
from jarvis.builds.image import buildkit
from jarvis.builds.image.make import LIMITS, Image
from jarvis.builds.image.remove import prune, remove
from jarvis.errors import Cancelled, DeployFailed, InvalidInput, JarvisError, Overdue, TooLarge, Unavailable
from jarvis.limits import available
from waiting import soon as until


@pytest.fixture(params=["classic", "buildkit"])
def yard(request: pytest.FixtureRequest, docker_engine: Engine, tmp_path: Path) -> Iterator[Yard]:
    modern = request.param == "buildkit"
    if modern and not buildkit.command(os.environ):
        pytest.skip("No command of Docker on this machine can do BuildKit (apt install docker-buildx).")
    docker_engine.base(DEBIAN)
    made = Yard(docker_engine, tmp_path / "tree", os.environ if modern else None)
    yield made
    docker_engine.sweep(made.owner)
    prune(docker_engine.client, made.owner, older=0)


@pytest.fixture
def classic(docker_engine: Engine, tmp_path: Path) -> Iterator[Yard]:
    docker_engine.base(DEBIAN)
    made = Yard(docker_engine, tmp_path / "tree", None)
    yield made
    docker_engine.sweep(made.owner)
    prune(docker_engine.client, made.owner, older=0)


def test_it_works(yard: Yard) -> None:
    yard.dockerfile(
        f"FROM {DEBIAN}",
        "ARG COLOUR=none",
        "WORKDIR /srv",
        "COPY . .",
        "RUN echo colour $COLOUR > colour && ls -A",
        "EXPOSE 8080 9090/tcp 53/udp",
        "VOLUME /data",
        "HEALTHCHECK CMD true",
        "USER 1000",
        'CMD ["cat", "colour", "page"]',
        page="hello",
    )
    image = yard.make(environment={"COLOUR": "green", "NOBODY_ASKED": "x"})
    assert image == Image(
        id=yard.engine.api.inspect_image(f"jarvis/{yard.owner}:1")["Id"],
        ports=(8080, 9090),
        volumes=("/data",),
        health=True,
        user="1000",
        size=image.size,
        command=True,
    )
    assert yard.run() == "colour green\nhello"
    assert "COPY . ." in yard.text
    labels = yard.engine.api.inspect_image(image.id)["Config"]["Labels"]
    assert labels["jarvis.owner"] == yard.owner
    assert labels["jarvis.service"] == "shop"
    assert yard.engine.leftovers(yard.owner) == {f"image jarvis/{yard.owner}:1"}
    remove(yard.engine.client, image.id)
    assert yard.engine.leftovers(yard.owner) == set()


def test_a_dockerfile_of_any_name_builds_its_root_without_what_is_ignored(yard: Yard) -> None:
    build_lab.lay(
        yard.tree,
        {
            "shop/docker/web.Dockerfile": f"FROM {DEBIAN}\nCOPY . /srv\nCMD find /srv -type f | sort",
            "shop/.dockerignore": "# comment\n*.log\nsecret\n!secret/kept\ndocker\n.dockerignore\n",
            "shop/a.log": "x",
            "shop/page": "x",
            "shop/secret/kept": "x",
            "shop/secret/gone": "x",
            "outside": "x",
        },
    )
    yard.make(own("shop/docker/web.Dockerfile", "shop"))
    assert yard.run().split() == ["/srv/page", "/srv/secret/kept"]


def test_a_generated_dockerfile_runs_a_program(yard: Yard) -> None:
    yard.engine.base("node:24-bookworm-slim")
    server = "require('http').createServer().listen(process.env.PORT || 3000);"
    package = '{"name": "shop", "scripts": {"start": "node server.js"}}'
    build_lab.lay(yard.tree, {"package.json": package, "server.js": server})
    plan = build_lab.plan_of(yard.tree)
    assert plan["uses"] == "generated-dockerfile"
    yard.engine.base(*(image["name"] for image in plan["images"]))
    image = yard.make(plan)
    assert image.health
    assert image.user == "10001:10001"
    assert image.ports == (plan["port"]["number"],)
    print(yard.text)


def test_a_failed_build_tells_its_last_lines_and_where_it_failed(yard: Yard) -> None:
    yard.dockerfile(f"FROM {DEBIAN}", "RUN echo one; echo two; echo key=s3cr3t-of-nobody; exit 3")
    with pytest.raises(DeployFailed) as caught:
        yard.make()
    error = caught.value
    assert "ended with code 3: key=***" in error.message
    assert error.facts["exit_code"] == 3
    assert error.facts["output"][-3:] == ["one", "two", "key=***"]
    assert error.facts["instruction"].startswith("RUN echo one")
    assert error.hint
    assert yard.engine.leftovers(yard.owner) == set()


def test_what_a_failed_build_leaves_is_known_as_ours_and_goes(classic: Yard) -> None:
    classic.dockerfile(f"FROM {DEBIAN}", f"RUN echo {classic.owner} > /made", "RUN false")
    with pytest.raises(DeployFailed):
        classic.make()
    client = classic.engine.client
    assert prune(client, "somebody-else", older=0) == 0
    assert prune(client, classic.owner) == 0  # young: the next build is faster by it
    assert prune(client, classic.owner, older=0) > 0
    assert classic.engine.api.images(all=True, filters={"label": f"jarvis.owner={classic.owner}"}) == []


@pytest.mark.parametrize(
    ("lines", "kind", "words"),
    [
        ((f"FROM {DEBIAN}", "COPY nothing /srv"), DeployFailed, "found nothing to copy"),
        ((f"FROM {DEBIAN}", "RUNN true"), DeployFailed, "cannot be read"),
        (("# nothing",), DeployFailed, "cannot be read"),
        ((f"FROM {DEBIAN}", "RUN no-such-program"), DeployFailed, "ended with code 127"),
        (("FROM localhost:1/nothing:1",), Unavailable, "could not be fetched"),
        (("FROM no-such-registry.invalid/nothing:1",), Unavailable, "could not be fetched"),
    ],
)
def test_what_cannot_be_built_is_said_in_a_sentence(
    yard: Yard, lines: tuple[str, ...], kind: type[JarvisError], words: str
) -> None:
    yard.dockerfile(*lines)
    with pytest.raises(kind) as caught:
        yard.make()
    assert words in caught.value.message
    assert caught.value.hint
    assert yard.engine.leftovers(yard.owner) == set()


def test_an_image_that_says_nothing_of_a_command_is_known(yard: Yard) -> None:
    yard.dockerfile("FROM scratch", "COPY page /page", page="x")
    image = yard.make()
    assert not image.command
    assert not image.health
    assert image.user == ""


def test_a_build_that_is_called_off_really_ends(yard: Yard) -> None:
    mark = f"sleep 3{uuid.uuid4().int % 10**8}"
    yard.dockerfile(f"FROM {DEBIAN}", f"RUN echo begun; {mark}")
    work = control.Control("w", "build", 600)

    def stop(line: str) -> None:
        if line.endswith("begun"):
            threading.Timer(0.1, work.stop, [Cancelled("It was called off.")]).start()

    with control.within(work), pytest.raises(Cancelled):
        yard.make(say=stop)
    assert until(lambda: mark not in processes())
    assert until(lambda: not yard.engine.leftovers(yard.owner))
    assert until(lambda: not unfinished(yard.engine, mark))


def processes() -> str:
    found = (file.read_bytes() for file in Path("/proc").glob("[0-9]*/cmdline") if readable(file))
    return "\n".join(words.replace(b"\0", b" ").decode(errors="replace") for words in found)


def readable(file: Path) -> bool:
    try:
        return bool(file.read_bytes())
    except OSError:
        return False


def unfinished(engine: Engine, mark: str) -> list[Any]:
    return [row for row in engine.api.containers(all=True) if mark in row["Command"]]


def test_a_build_ends_when_its_time_is_over(yard: Yard) -> None:
    yard.dockerfile(f"FROM {DEBIAN}", f"RUN echo {yard.owner}; sleep 300")
    with pytest.raises(Overdue, match="not built within 2 seconds"):
        yard.make(limits=replace(LIMITS, seconds=2))
    assert until(lambda: not yard.engine.leftovers(yard.owner))


def test_a_build_gets_no_more_memory_than_builds_may_take(yard: Yard) -> None:
    """It has several tries: another build on this Docker may bind its steps otherwise at the same moment."""
    if "memory" not in available():
        pytest.skip("No control groups can be made here.")
    errors: list[DeployFailed] = []
    for number in range(5):
        yard.dockerfile(
            f"FROM {DEBIAN}", f"RUN echo {number}; head -c 900M /dev/zero | tail -c 900M >/dev/null"
        )
        try:
            yard.make(limits=replace(LIMITS, memory=300 * 1024**2))
        except DeployFailed as error:
            errors.append(error)
            break
    assert [(one.facts["exit_code"], "JARVIS_BUILD_MEMORY" in one.hint) for one in errors] == [(137, True)]


def test_a_build_that_says_too_much_is_stopped(yard: Yard) -> None:
    yard.dockerfile(f"FROM {DEBIAN}", f"RUN yes {yard.owner}")
    with pytest.raises(TooLarge) as caught:
        yard.make(limits=replace(LIMITS, output=100_000))
    assert "stopped" in caught.value.message
    assert until(lambda: not yard.engine.leftovers(yard.owner))


def test_a_secret_is_no_argument_and_in_no_layer(yard: Yard) -> None:
    yard.dockerfile(
        f"FROM {DEBIAN}",
        "ARG TOKEN=none",
        "ARG PLAN_SAYS=none",
        f"RUN echo {yard.owner} token $TOKEN $PLAN_SAYS",
    )
    plan = {**own(), "environment": [{"name": "PLAN_SAYS", "secret": True}]}
    image = yard.make(plan, environment={"TOKEN": SECRET, "PLAN_SAYS": "other-secret"})
    assert "TOKEN is a secret" in yard.text
    assert "token none none" in yard.text
    known = str(yard.engine.api.history(image.id)) + str(yard.engine.api.inspect_image(image.id)) + yard.text
    assert SECRET not in known
    assert "other-secret" not in known


def test_buildkit_mounts_a_secret_and_leaves_no_trace(yard: Yard) -> None:
    yard.dockerfile(
        f"FROM {DEBIAN}",
        f"RUN --mount=type=secret,id=TOKEN echo {yard.owner} $(wc -c < /run/secrets/TOKEN)",
    )
    if yard.outside is None:
        with pytest.raises(InvalidInput, match="needs BuildKit") as caught:
            yard.make(environment={"TOKEN": SECRET})
        assert "docker-buildx" in caught.value.hint
        return
    image = yard.make(environment={"TOKEN": SECRET})
    assert f"{yard.owner} {len(SECRET)}" in yard.text
    assert SECRET not in str(yard.engine.api.history(image.id)) + yard.text


def test_a_generated_dockerfile_gets_secrets_where_that_leaves_no_trace(yard: Yard) -> None:
    text = (
        f"# syntax=docker/dockerfile:1\nFROM {DEBIAN} AS build\n"
        "RUN --mount=type=cache,sharing=locked,target=/cache \\\n"
        "    --mount=type=secret,id=TOKEN,env=TOKEN \\\n"
        f'    ["/bin/sh", "-c", "echo {yard.owner} one ${{#TOKEN}}"]\n'
        f"RUN --mount=type=secret,id=OTHER,env=OTHER echo {yard.owner} two ${{#OTHER}} ${{#TOKEN}}\n"
    )
    plan = {**own(), "uses": "generated-dockerfile", "dockerfile": {"text": text, "ignore": ""}}
    yard.tree.mkdir()
    yard.make(plan, environment={"TOKEN": SECRET})
    told = [line.partition(yard.owner)[2].strip() for line in yard.said if yard.owner in line]
    length = 0 if yard.outside is None else len(SECRET)
    assert f"one {length}" in told
    assert "two 0 0" in told
    assert ("Built without TOKEN" in yard.text) == (yard.outside is None)
    assert SECRET not in yard.text


def test_a_dockerfile_that_leads_out_of_the_project_is_refused(yard: Yard, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_text(f"FROM {DEBIAN}\n")
    yard.tree.mkdir()
    (yard.tree / "Dockerfile").symlink_to("../elsewhere")
    with pytest.raises(InvalidInput, match="leads out"):
        yard.make()
    with pytest.raises(InvalidInput, match="not among"):
        yard.make(own("missing"))
    with pytest.raises(InvalidInput, match="leads out"):
        yard.make(own("Dockerfile", ".."))


def test_docker_that_is_not_there_is_a_sentence(classic: Yard, tmp_path: Path) -> None:
    classic.dockerfile(f"FROM {DEBIAN}")
    classic.engine = replace(classic.engine, url=f"unix://{tmp_path}/none.sock")
    with pytest.raises(Unavailable, match="does not answer"):
        classic.make()


@pytest.fixture(scope="module")
def private(docker_engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An image that only those get who have the password, and that is not here."""
    docker_engine.base(DEBIAN)
    with registry_lab.serve(tmp_path_factory.mktemp("registry")) as host:
        name, api = f"{host}/shop/base:1", docker_engine.api
        account = {"username": registry_lab.USER, "password": registry_lab.PASSWORD}
        found = api.build(
            fileobj=io.BytesIO(b"FROM scratch\nENV COLOUR=green\nCMD none\n"), tag=name, rm=True
        )
        assert "Successfully tagged" in b"".join(found).decode()
        said = api.push(f"{host}/shop/base", "1", auth_config=account)
        assert "error" not in said
        api.remove_image(name)
        yield name


def test_an_image_of_a_private_registry_is_fetched_with_our_account(yard: Yard, private: str) -> None:
    host = private.partition("/")[0]
    yard.dockerfile(f"FROM {private}", "COPY page /page", page="x")
    for logins in ({}, {host: ("shop", SECRET)}, {"elsewhere.invalid": ("shop", "open-sesame")}):
        with pytest.raises(DeployFailed, match="did not accept our login") as caught:
            yard.make(logins=logins)
        assert "jarvis registries add" in caught.value.hint
    image = yard.make(logins={host: (registry_lab.USER, registry_lab.PASSWORD)})
    seen = str(yard.engine.api.inspect_image(image.id)) + str(yard.engine.api.history(image.id)) + yard.text
    assert "COLOUR=green" in seen
    assert registry_lab.PASSWORD not in seen
    with suppress(docker.errors.ImageNotFound):  # only the old builder keeps what it fetched by its name
        yard.engine.api.remove_image(private)


def test_docker_that_goes_away_in_the_middle_is_a_sentence(classic: Yard, tmp_path: Path) -> None:
    classic.dockerfile(f"FROM {DEBIAN}")
    folder = tempfile.mkdtemp(dir="/tmp")  # a socket's path must be short
    place = f"{folder}/s"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(place)
        listener.listen()

        def die() -> None:
            told, _ = listener.accept()
            with told:
                said = b""
                while not said.endswith(b"0\r\n\r\n"):
                    said += told.recv(1 << 16)
                line = b'{"stream":"Step 1/1 : FROM x\\n"}\n'
                told.sendall(
                    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n" % (len(line), line)
                )

        death = threading.Thread(target=die)
        death.start()
        classic.engine = replace(classic.engine, url=f"unix://{place}")
        with pytest.raises(Unavailable, match="went away in the middle") as caught:
            classic.make()
        death.join()
    shutil.rmtree(folder)
    assert caught.value.facts["part"] == "docker"
    assert classic.said[-1] == "Step 1/1 : FROM x"
