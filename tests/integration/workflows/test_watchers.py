"""Watchers on the real web server: many at once, over a restart, and beside other requests."""

import json
import time
from collections.abc import Generator, Iterator
from http.client import HTTPConnection

import pytest

import postgres_lab
import web_lab
from api_lab import V1
from watching import Watcher

MANY = 40


@pytest.fixture(scope="module")
def site(
    postgres: postgres_lab.Server, migrated_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[web_lab.Site]:
    """A web process with little more threads than watchers."""
    name = postgres.create(migrated_template)
    made = web_lab.Site(postgres.url(name), tmp_path_factory.mktemp("home"))
    made.variables["JARVIS_WEB_THREADS"] = str(MANY + 8)
    try:
        made.start()
        yield made
    finally:
        made.stop()
        made.database.close()
        postgres.drop(name)


def watch(site: web_lab.Site, path: str, token: str, after: str = "") -> Generator[dict[str, object]]:
    """The events of a stream until the server ends it."""
    wire = HTTPConnection("127.0.0.1", site.port, timeout=60)
    headers = {"Accept": "text/event-stream", "Authorization": f"Bearer {token}"}
    wire.request("GET", f"{V1}{path}", headers=headers | ({"Last-Event-ID": after} if after else {}))
    try:
        answer = wire.getresponse()
        assert answer.status == 200
        for line in answer:
            if line.startswith(b"data: "):
                yield json.loads(line[6:])
    except OSError:
        return  # the server was stopped
    finally:
        wire.close()


def wait(watchers: list[Watcher[dict[str, object]]], count: int) -> None:
    end = time.monotonic() + 60
    while any(len(watcher.heard) < count for watcher in watchers):
        assert time.monotonic() < end, sorted({len(watcher.heard) for watcher in watchers})
        time.sleep(0.01)


def test_many_watch_and_others_are_answered(site: web_lab.Site) -> None:
    token = site.seed.token()
    _, key = site.seed.deployment("shop")
    watchers = [Watcher(watch(site, f"/workflows/{key}/events", token)) for _ in range(MANY)]
    wait(watchers, 1)
    answer = site.ask(f"{V1}/workflows/{key}", Authorization=f"Bearer {token}")
    assert (answer.status, json.loads(answer.text)["id"]) == (200, key)
    for number in range(20):
        site.seed.say(key, "line", f"line {number}")
    site.seed.say(key, "end", "over", status="completed")
    assert all(watcher.ended() for watcher in watchers)
    heard = [[event["sequence"] for event in watcher.heard] for watcher in watchers]
    assert heard == [list(range(1, 23))] * MANY
    assert "Traceback" not in site.log()


def test_more_watchers_than_there_is_room_for_leave_room_for_others(site: web_lab.Site) -> None:
    token = site.seed.token()
    _, key = site.seed.deployment("full")
    story = f"/workflows/{key}/events"
    watchers = [Watcher(watch(site, story, token)) for _ in range(MANY + 2)]
    wait(watchers, 1)
    assert [event["sequence"] for event in watch(site, story, token)] == [1], "told what there is, and closed"
    assert site.ask(f"{V1}/workflows/{key}", Authorization=f"Bearer {token}").status == 200
    site.seed.say(key, "end", "over", status="completed")
    assert all(watcher.ended() for watcher in watchers)
    assert [len(watcher.heard) for watcher in watchers] == [2] * (MANY + 2)


def test_after_a_restart_each_goes_on_where_it_was(site: web_lab.Site) -> None:
    token = site.seed.token()
    _, key = site.seed.deployment("blog")
    site.seed.say(key, "line", "before")
    story, feed = f"/workflows/{key}/events", f"/events?workflow={key}"
    first = [Watcher(watch(site, story, token)), Watcher(watch(site, feed, token))]
    wait(first, 2)
    site.stop()
    assert all(watcher.ended() for watcher in first)
    site.seed.say(key, "line", "while it was away")
    site.start()
    again = [
        Watcher(watch(site, story, token, str(first[0].heard[-1]["sequence"]))),
        Watcher(watch(site, feed, token, str(first[1].heard[-1]["cursor"]))),
    ]
    site.seed.say(key, "line", "afterwards")
    wait(again, 2)
    for watcher in again:
        assert [event["message"] for event in watcher.heard] == ["while it was away", "afterwards"]
    site.seed.say(key, "end", "over", status="completed")
    assert again[0].ended()


def test_watchers_that_go_away_make_room_for_others(site: web_lab.Site) -> None:
    token = site.seed.token()
    _, key = site.seed.deployment("gone")
    for _ in range(3):
        opened = [watch(site, f"/workflows/{key}/events", token) for _ in range(MANY)]
        assert [next(one)["sequence"] for one in opened] == [1] * MANY
        for one in opened:
            one.close()
        site.seed.say(key, "line", "each thread notices that nobody listens")
        site.seed.say(key, "line", "when it sends")
    answer = site.ask(f"{V1}/workflows/{key}", Authorization=f"Bearer {token}")
    assert answer.status == 200
