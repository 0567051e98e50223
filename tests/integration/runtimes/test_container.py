"""Containers, in a real Docker: made, started, asked, ended; nothing of anybody else is touched."""

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest

import config
import docker_lab
from docker_stage import IMAGE, Stage, stage, until
from jarvis.errors import Conflict, InvalidInput, NotProven, Unavailable
from jarvis.home import Home
from jarvis.limits import Limits
from jarvis.runtimes.docker import (
    check,
    container,
    engine,
    follow,
    halt,
    listen,
    network,
    state,
    volume,
)


@pytest.fixture
def here(docker_engine: docker_lab.Engine, tmp_path: Path) -> Iterator[Stage]:
    with stage(docker_engine, tmp_path / "home") as made:
        yield made


def test_it_works(here: Stage) -> None:
    one = here.run(environment={"COLOUR": "green"})
    assert one.running
    assert (one.service, one.deployment, one.number) == (here.service, here.deployment, 1)
    assert one.name == f"jarvis-{here.service}-{here.deployment[:8]}-1"
    until(lambda: listen.accepts(one.address, 8000), "it listens")
    assert listen.ports(here.seen(one.id)) == listen.Ports(frozenset({8000}), frozenset())
    assert "it listens" in state.logs(one.id, 20)
    memory, _ = state.usage(one.id)
    assert memory > 1_000_000
    assert check.run(one.id, ("/bin/sh", "-c", "test $COLOUR = green")) == ""
    assert check.run(one.id, ("/bin/sh", "-c", "exit 7")) == "ends with code 7"
    assert [found.id for found in state.listed(here.service)] == [one.id]
    container.stop(one.id, grace=0)
    assert not here.seen(one.id).running
    container.remove(one.id)
    assert state.status(one.id) is None
    container.remove(one.id)
    container.stop(one.id)


def test_making_it_twice_makes_one(here: Stage) -> None:
    one = here.run()
    spec = here.spec("python", "-c", "1")
    assert container.create(spec) == one.id
    container.start(one.id)
    assert len(state.brief(here.service)) == 1


def test_it_keeps_its_address_when_it_is_started_again(here: Stage) -> None:
    one, other = here.run(), here.run(number=2)
    assert one.address != other.address
    container.stop(one.id, grace=0)
    container.stop(other.id, grace=0)
    container.start(other.id)
    container.start(one.id)
    assert here.seen(one.id).address == one.address
    assert here.seen(other.id).address == other.address


CAPS = "print([line for line in open('/proc/self/status') if line.startswith(('CapEff', 'NoNewPrivs'))])"


def test_it_has_few_powers_and_gets_no_new_ones(here: Stage) -> None:
    one = here.ended(CAPS)
    said = state.logs(one.id, 20)[0]
    allowed = sum(1 << number for number in (0, 1, 3, 5, 6, 7, 10))  # as ROOT_NEEDS names them
    assert f"CapEff:\\t{allowed:016x}" in said
    assert "NoNewPrivs:\\t1" in said
    container.remove(one.id)
    other = here.ended(CAPS, is_root=False)
    assert f"CapEff:\\t{0:016x}" in state.logs(other.id, 20)[0]


def test_one_that_only_reads_writes_to_tmp_and_its_volumes_alone(here: Stage) -> None:
    code = "open('/tmp/a', 'w'); open('/data/a', 'w'); print('well', flush=True); open('/a', 'w')"
    name = volume.make(here.service, "data")
    one = here.ended(code, read_only=True, volumes={name: "/data"})
    said = state.logs(one.id, 20)
    assert "well" in said, "streams come in any order"
    assert "Read-only file system" in "\n".join(said)


def test_it_takes_no_more_than_its_limits(here: Stage) -> None:
    one = here.ended("x = bytearray(500_000_000); print(len(x))", limits=Limits(memory=32 * 1024**2))
    assert one.out_of_memory
    assert one.ending == "was killed: out of memory"
    container.remove(one.id)
    code = (
        "import threading, time\nfor _ in range(99): threading.Thread(target=time.sleep, args=(9,)).start()"
    )
    other = here.ended(code, limits=Limits(pids=20))
    assert "can't start new thread" in "\n".join(state.logs(other.id, 50))


def test_services_do_not_reach_each_other(here: Stage) -> None:
    one = here.run()
    until(lambda: listen.accepts(one.address, 8000), "it listens")
    code = (
        "import socket; socket.create_connection(({!r}, 8000), 2); print('in')".format(one.address)  # noqa: UP032
    )
    friend = here.ended(code, number=2)
    assert friend.exit_code == 0
    here.service = f"u{uuid4().hex[:8]}"
    stranger = here.ended(code)
    assert stranger.exit_code == 1


def test_a_container_of_somebody_else_is_not_touched(here: Stage) -> None:
    spec = here.spec("sleep", "60")
    key = here.lab.api.create_container(IMAGE, ["sleep", "60"], name=spec.called)["Id"]
    try:
        with pytest.raises(Conflict, match="not of this Jarvis"):
            container.create(spec)
        assert state.brief() == []
        assert here.lab.api.inspect_container(key)["Id"] == key
    finally:
        here.lab.api.remove_container(key, force=True)


def test_a_container_that_a_person_starts_from_our_image_is_not_ours(here: Stage) -> None:
    labels = engine.labels(here.service, here.deployment)
    key = here.lab.api.create_container(IMAGE, ["sleep", "60"], labels=labels)["Id"]
    assert state.brief() == []
    assert halt.stop_all(Home(config.settings().home), here.lab.url) == 0
    assert here.lab.api.inspect_container(key)["Id"] == key


def test_a_volume_of_somebody_else_is_not_used(here: Stage) -> None:
    full = engine.volume_name(here.service, "data")
    here.lab.api.create_volume(full)
    try:
        with pytest.raises(Conflict, match="not of this Jarvis"):
            volume.make(here.service, "data")
        mine = volume.make(here.service, "other")
        assert volume.remove_all(here.service) == [mine]
        assert here.lab.api.inspect_volume(full)["Name"] == full
    finally:
        here.lab.api.remove_volume(full)


def test_a_network_of_somebody_else_leaves_its_name_to_him(here: Stage) -> None:
    key = here.lab.api.create_network(engine.network_name(here.service))["Id"]
    try:
        made = network.make(here.service)
        assert made.name == f"{engine.network_name(here.service)}-{engine.owner()[:8]}"
        assert network.make(here.service) == made
        network.remove(here.service)
        assert network.find(here.service) is None
        assert here.lab.api.inspect_network(key)["Id"] == key
    finally:
        here.lab.api.remove_network(key)


def test_many_networks_share_a_range_of_docker(here: Stage) -> None:
    found = [network.make(f"{here.service}-{number}") for number in range(4)]
    assert len({one.subnet for one in found}) == 4
    assert all(one.subnet.prefixlen == 24 for one in found)
    assert len(found[0].free(set()).split(".")) == 4
    assert not [row for row in here.lab.api.networks() if row["Name"].endswith("-question")]


def test_what_cannot_be_started_says_why(here: Stage) -> None:
    key = container.create(here.spec("no-such-program"))
    with suppress(NotProven):  # where Docker finds it out; else its first process does
        container.start(key)
        until(lambda: here.seen(key).restarts > 0, "it is started again")
    said = f"{here.seen(key).error} {' '.join(state.logs(key, 20))}"
    assert "no-such-program" in said


def test_an_image_that_says_nothing_to_run_is_refused(here: Stage) -> None:
    made = here.lab.api.import_image_from_data(b"\0" * 10240, changes=["ENV A=b"])
    key = eval(made.splitlines()[-1])["status"]
    try:
        with pytest.raises(InvalidInput, match="what is to be run"):
            container.create(replace(here.spec(), image=key))
    finally:
        here.lab.api.remove_image(key)


def test_a_docker_that_is_not_there_is_said_with_what_to_do(here: Stage, tmp_path: Path) -> None:
    settings = config.Settings(home=tmp_path, docker_host=f"unix://{tmp_path}/nowhere")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(config, "settings", lambda: settings)
        assert not engine.available()
        with pytest.raises(Unavailable, match="does not answer") as caught:
            engine.client()
        assert "apt install docker.io" in caught.value.hint
        off = replace(settings, docker_host="off")
        patch.setattr(config, "settings", lambda: off)
        assert not engine.available()
        with pytest.raises(Unavailable, match="not to be used"):
            engine.client()


def test_a_docker_that_comes_back_is_waited_for(here: Stage, tmp_path: Path) -> None:
    place = tmp_path / "docker.sock"
    settings = config.Settings(home=tmp_path, docker_host=f"unix://{place}")
    tried: list[int] = []

    def work() -> bool:
        tried.append(1)
        if len(tried) == 1:
            threading.Timer(0.5, place.symlink_to, [here.lab.url.removeprefix("unix://")]).start()
        return bool(engine.client().ping())

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(config, "settings", lambda: settings)
        assert engine.patiently(work)
        assert len(tried) == 2
        engine.client().close()
        place.unlink()
        patch.setattr(engine, "AWAY", 0.1)
        engine._CLIENT.pop(f"unix://{place}")
        with pytest.raises(Unavailable, match="did not come back within") as caught:
            engine.patiently(lambda: engine.client().ping())
        assert not caught.value.transient, "it was waited for long enough"


def test_one_that_listens_for_itself_alone_is_seen(here: Stage) -> None:
    code = "import socket, time; keep = socket.create_server(('127.0.0.1', 5000)); time.sleep(100)"
    one = here.run(code)
    seen = until(lambda: (ports := listen.ports(here.seen(one.id))) and ports.inside and ports, "it listens")
    assert (seen.reached, seen.inside) == (frozenset(), frozenset({5000}))


def test_the_owner_is_made_once_however_many_ask(here: Stage) -> None:
    file = Home(config.settings().home).owner
    file.unlink(missing_ok=True)
    found: list[str] = []
    threads = [threading.Thread(target=lambda: found.append(engine.owner())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 1
    assert len(found) == 8


def test_a_log_is_copied_from_where_it_was_left(here: Stage, tmp_path: Path) -> None:
    code = (
        "import time\nfor number in range(5): print('early', number, flush=True)\n"
        "print('x' * 40_000, flush=True)\n"
        "while True: time.sleep(0.1); print('late', flush=True)"
    )
    one = here.run(code)
    target = tmp_path / "log"
    place = os.open(tmp_path / "place", os.O_RDWR | os.O_CREAT)
    texts = lambda: [line.split(" ", 1)[1] for line in target.read_text().splitlines()]  # noqa: E731
    go = threading.Event()
    thread = threading.Thread(target=follow.copy, args=(one.id, target, place, lambda: not go.is_set()))
    thread.start()
    until(lambda: target.exists() and texts().count("late") > 3, "it is copied")
    go.set()
    container.stop(one.id, grace=0)
    thread.join(30)
    before = texts()
    container.start(one.id)
    thread = threading.Thread(target=follow.copy, args=(one.id, target, place, lambda: True))
    thread.start()
    until(lambda: texts().count("early 4") == 2 and texts()[-1] == "late", "the second run is copied, too")
    container.remove(one.id)
    thread.join(30)
    after = texts()
    assert after[: len(before)] == before
    assert [line for line in after if line.startswith("early")] == [f"early {n}" for n in range(5)] * 2
    assert "".join(before[5:8]) == "x" * 40_000
    stamps = [line.split(" ", 1)[0] for line in target.read_text().splitlines()]
    assert stamps == sorted(stamps)
    os.close(place)


def test_down_ends_those_of_its_home_and_no_others(here: Stage) -> None:
    one = here.run()
    other = here.lab.api.create_container(IMAGE, ["sleep", "60"])["Id"]
    here.lab.api.start(other)
    try:
        assert halt.stop_all(Home(config.settings().home), here.lab.url) == 1
        assert not here.seen(one.id).running
        assert here.lab.api.inspect_container(other)["State"]["Running"]
    finally:
        here.lab.api.remove_container(other, force=True)


def test_an_address_that_was_given_away_is_told(here: Stage) -> None:
    one = here.run()
    spec = replace(here.spec("sleep", "60", number=2), address=one.address)
    key = container.create(spec)
    with pytest.raises(container.AddressTaken):
        container.start(key)
    with socket.socket() as probe:  # the first one is as it was
        probe.settimeout(5)
        until(lambda: listen.accepts(one.address, 8000), "it still listens")
