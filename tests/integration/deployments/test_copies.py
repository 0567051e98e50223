"""The containers of a deployment: started, waited for, at most as many as wanted, on the port that fits."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import docker_lab
from docker_stage import Stage, stage, until
from jarvis.deployments.docker import copies, steady
from jarvis.errors import DeployFailed, NotProven
from jarvis.runtimes.docker import container, state
from jarvis.runtimes.docker.image import Image

WEB = (
    "import http.server as h, os, time\n"
    "h.HTTPServer(('{host}', int({port})), h.SimpleHTTPRequestHandler).serve_forever()"
)
TOLD = WEB.format(host="0.0.0.0", port="os.environ['PORT']")


@pytest.fixture
def here(docker_engine: docker_lab.Engine, tmp_path: Path) -> Iterator[Stage]:
    with stage(docker_engine, tmp_path / "home") as made:
        yield made


def with_settings(here: Stage, **settings: Any) -> dict[str, Any]:
    return {**here.facts, "configuration": {"settings": settings}}


def waited(here: Stage, found: Image, facts: dict[str, Any] | None = None) -> int:
    facts = facts or here.facts
    return steady.wait(facts, found, copies.ensure(facts), time.monotonic())


def test_it_works(here: Stage) -> None:
    found = here.made(TOLD)
    assert waited(here, found) == copies.USUAL_PORT
    (first,) = state.listed(here.service)
    assert waited(here, found) == copies.USUAL_PORT, "what runs is taken as it is"
    assert [one.id for one in state.listed(here.service)] == [first.id]
    copies.remove(here.service, here.deployment)
    assert state.brief(here.service) == []


def test_the_image_says_where_it_listens(here: Stage) -> None:
    found = here.made(WEB.format(host="0.0.0.0", port=7000), ["EXPOSE 6000 7000"])
    assert copies.environment(here.facts, found)["PORT"] == "6000"
    assert waited(here, found) == 7000, "and where it does not, the kernel does"


def test_a_person_says_where_it_listens(here: Stage) -> None:
    found = here.made(TOLD, ["EXPOSE 6000"])
    assert waited(here, found, with_settings(here, port=9000)) == 9000


def test_one_that_listens_for_itself_alone_is_told_how(here: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steady, "SHUT_IN", 0.5)
    found = here.made(WEB.format(host="127.0.0.1", port=5000))
    with pytest.raises(DeployFailed, match=r"listens on 127\.0\.0\.1:5000") as caught:
        waited(here, found)
    assert "0.0.0.0" in caught.value.hint


def test_one_that_never_listens_is_given_up(here: Stage) -> None:
    found = here.made("print('I sleep', flush=True); import time; time.sleep(100)")
    with pytest.raises(DeployFailed, match="does not listen on any port after 1 seconds: I sleep"):
        waited(here, found, with_settings(here, health={"patience": 1}))


def test_one_that_ends_well_at_once_is_no_server(here: Stage) -> None:
    found = here.made("print('done')")
    with pytest.raises(DeployFailed, match=r"ended with code 0(, \d+ times)?: done") as caught:
        waited(here, found)
    assert set(caught.value.facts["output"]) == {"done"}


def test_one_that_takes_too_much_memory_says_so(here: Stage) -> None:
    found = here.made("x = bytearray(400_000_000)")
    facts = with_settings(here, limits={"memory": 32 * 1024**2})
    with pytest.raises(DeployFailed, match="was killed: out of memory"):
        waited(here, found, facts)


def test_what_its_image_says_of_its_health_counts(here: Stage) -> None:
    late = "import threading; threading.Timer(0.5, lambda: open('/tmp/well', 'w')).start()"
    found = here.made(f"{late}\n{TOLD}", ["HEALTHCHECK --interval=60s CMD test -f /tmp/well"])
    began = time.monotonic()
    states = copies.ensure(here.facts)
    steady.wait(here.facts, found, states, began)
    steady.healthy(here.facts, found, states, began)
    assert time.monotonic() - began < 30, "Docker's own look comes after a minute"
    sick = here.made(TOLD, ["HEALTHCHECK CMD exit 7"])
    facts = with_settings(here, health={"patience": 1})
    states = copies.ensure(facts)
    with pytest.raises(DeployFailed, match=r"its HEALTHCHECK \(/bin/sh -c exit 7\) ends with code 7"):
        steady.healthy(facts, sick, states, time.monotonic() - 1)


def test_there_are_as_many_copies_as_wanted(here: Stage) -> None:
    found = here.made(TOLD)
    facts = with_settings(here, replicas=3)
    waited(here, found, facts)
    three = {one.number: one.address for one in state.listed(here.service)}
    assert sorted(three) == [1, 2, 3]
    assert len(set(three.values())) == 3
    waited(here, found)
    assert {one.number: one.address for one in state.listed(here.service)} == {1: three[1]}


def test_an_image_that_is_gone_is_said(here: Stage) -> None:
    with pytest.raises(NotProven, match="not in Docker any more"):
        copies.ensure(here.facts)


def test_a_volume_has_one_version_at_a_time_which_comes_back_if_the_next_one_fails(here: Stage) -> None:
    found = here.made(TOLD, ["VOLUME /data"])
    waited(here, found)
    (old,) = state.listed(here.service)
    first, here.deployment = here.deployment, "00000000-0000-4000-8000-000000000000"
    found = here.made(TOLD, ["VOLUME /data"])
    waited(here, found)
    assert not here.seen(old.id).running
    (new,) = state.listed(here.service, here.deployment)
    assert new.address == old.address, "whoever waits for the old one reaches the new one"
    copies.remove(here.service, here.deployment)
    copies.start_again(here.service, first)
    until(lambda: here.seen(old.id).running, "the old one runs again")
    assert here.seen(old.id).address == old.address
    container.remove(old.id)
