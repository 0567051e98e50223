"""Live events for many watchers of one workflow, whatever happens meanwhile."""

from collections.abc import Iterator
from itertools import islice

import pytest

import postgres_lab
import watching
from caddy_lab import poll
from jarvis.workflows import channel, events, stream
from jarvis.workflows.channel import Told
from watching import Watcher


@pytest.fixture
def room(database_url: str) -> Iterator[watching.Room]:
    with watching.room(database_url) as made:
        yield made


def sequences(told: list[Told | None]) -> list[int]:
    return [one["sequence"] for one in told if one is not None]


def test_it_works(room: watching.Room) -> None:
    key = room.story(lines=50)
    room.say(key, "over", "end")
    told = [one for one in stream.follow(key) if one is not None]
    assert [one["sequence"] for one in told] == list(range(1, 53))
    assert (told[0]["kind"], told[1]["message"], told[-1]["kind"]) == ("queued", "line 0", "end")
    assert told[-1].frame.startswith(b'id: 52\nevent: end\ndata: {"sequence":52,')


def test_what_has_the_shape_of_a_secret_is_not_written_down(room: watching.Room) -> None:
    key = room.story(lines=0)
    room.say(key, "cloning https://kim:hunter22@example.com/x")
    room.say(key, "over", "end")
    told = [one["message"] for one in stream.follow(key) if one is not None]
    assert told[1:] == ["cloning https://kim:•••@example.com/x", "over"]


@pytest.mark.parametrize(("after", "first"), [(0, 1), (1, 2), (25, 26), (51, 52)])
def test_it_begins_after_any_point(room: watching.Room, after: int, first: int) -> None:
    key = room.story(lines=50)
    room.say(key, "over", "end")
    assert sequences(list(stream.follow(key, after))) == list(range(first, 53))


def test_what_happens_is_told_at_once(room: watching.Room) -> None:
    key = room.story()
    watcher = Watcher(stream.follow(key))
    for number in range(10):
        room.say(key, f"line {number}")
        # Sooner than it would look by itself.
        assert poll(lambda number=number: len(watcher.heard) == number + 2, 14)
    room.say(key, "over", "end")
    assert watcher.ended()
    assert sequences(watcher.heard) == list(range(1, 13))


def test_many_events_of_one_transaction_are_all_told_though_it_is_heard_of_once(room: watching.Room) -> None:
    key = room.story()
    watcher = Watcher(stream.follow(key))
    assert poll(lambda: len(watcher.heard) == 1)
    with room.database.get_session() as session:
        for number in range(100):
            events.append(session, key, "line", f"line {number}")
    assert poll(lambda: len(watcher.heard) == 101)
    room.say(key, "over", "end")
    assert watcher.ended()
    assert sequences(watcher.heard) == list(range(1, 103))


def test_two_hundred_watchers_cost_the_database_hardly_more_than_one(room: watching.Room) -> None:
    key = room.story()
    watchers = [Watcher(stream.follow(key)) for _ in range(200)]
    assert poll(lambda: all(watcher.heard for watcher in watchers))
    assert poll(lambda: len(stream.hub._channels) == 1)
    before = room.selects
    for number in range(30):
        room.say(key, f"line {number}")
    room.say(key, "over", "end")
    assert all(watcher.ended() for watcher in watchers)
    assert all(sequences(watcher.heard) == list(range(1, 33)) for watcher in watchers)
    assert room.selects - before <= 2 * 31 + 5, (
        "each event is read once, and once more when it came meanwhile"
    )
    assert stream.hub._channels == {}


def test_a_watcher_that_is_far_behind_misses_nothing(
    room: watching.Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(channel, "KEPT", 8)
    key = room.story()
    slow = stream.follow(key)
    heard = list(islice(slow, 1))
    quick = Watcher(stream.follow(key))
    for number in range(100):
        room.say(key, f"line {number}")
    assert poll(lambda: len(quick.heard) == 101)
    (used,) = stream.hub._channels.values()
    assert len(used._kept) <= 8
    heard += islice(slow, 50)
    room.say(key, "over", "end")
    heard += slow
    assert quick.ended()
    assert sequences(heard) == sequences(quick.heard) == list(range(1, 103))


def test_large_events_are_not_kept_without_bound(
    room: watching.Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(channel, "KEPT_BYTES", 50_000)
    key = room.story()
    watcher = Watcher(stream.follow(key))
    assert poll(lambda: len(watcher.heard) == 1)
    for _ in range(20):
        room.say(key, "x" * 20_000)
    assert poll(lambda: len(watcher.heard) == 21)
    (used,) = stream.hub._channels.values()
    assert used._bytes == sum(len(told.frame) for told in used._kept) <= 50_000
    room.say(key, "over", "end")
    assert watcher.ended()


def test_a_story_goes_on_after_an_end_that_was_not_the_last(room: watching.Room) -> None:
    key = room.story(lines=2)
    room.say(key, "failed", "end")
    assert stream.is_over(key, 4)
    assert not stream.is_over(key, 3)
    assert list(stream.follow(key, 4)) == []
    room.say(key, "again", "queued")
    assert not stream.is_over(key, 4)
    first, second = Watcher(stream.follow(key)), Watcher(stream.follow(key, 4))
    assert poll(lambda: (len(first.heard), len(second.heard)) == (5, 1))
    room.say(key, "completed", "end")
    assert first.ended()
    assert second.ended()
    assert sequences(first.heard) == [1, 2, 3, 4, 5, 6]
    assert sequences(second.heard) == [5, 6]


def test_a_stream_from_beyond_the_story_hears_what_comes(room: watching.Room) -> None:
    key = room.story()
    watcher = Watcher(stream.follow(key, 900_000_000))
    neighbour = Watcher(stream.follow(key))
    assert poll(lambda: len(neighbour.heard) == 1)
    room.say(key, "over", "end")
    assert watcher.ended()
    assert neighbour.ended()
    assert sequences(watcher.heard) == [2]
    assert list(stream.follow(key, 900_000_000)) == []


def test_a_silent_stream_says_that_it_is_there(room: watching.Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "HEARTBEAT", 0.05)
    key = room.story()
    parts = stream.sent(key)
    assert next(parts) == stream.BEGIN
    assert next(parts).startswith(b"id: 1\nevent: queued\n")
    assert list(islice(parts, 3)) == [b": still here\n\n"] * 3


def test_other_workflows_wake_nobody(room: watching.Room) -> None:
    key, other = room.story("shop"), room.story("blog")
    watcher, neighbour = Watcher(stream.follow(key)), Watcher(stream.follow(other))
    assert poll(lambda: bool(watcher.heard and neighbour.heard))
    before = room.selects
    for _ in range(10):
        room.say(other, "line")
    assert poll(lambda: len(neighbour.heard) == 11)
    room.say(other, "over", "end")
    assert neighbour.ended()
    assert room.selects - before <= 25
    assert watcher.heard == watcher.heard[:1]
    room.say(key, "over", "end")
    assert watcher.ended()


def test_what_is_said_while_the_ear_is_deaf_is_told_afterwards(
    room: watching.Room, postgres: postgres_lab.Server
) -> None:
    key = room.story()
    watcher = Watcher(stream.follow(key))
    assert poll(lambda: len(watcher.heard) == 1)
    with postgres.connect() as connection:
        killed = connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name = 'jarvis stream' AND datname = %s",
            [room.database._address().url.database],
        ).fetchall()
    assert killed
    room.say(key, "said to nobody")
    assert poll(lambda: len(watcher.heard) == 2)
    room.say(key, "over", "end")
    assert watcher.ended()
    assert sequences(watcher.heard) == [1, 2, 3]


def test_without_the_database_a_stream_ends_and_the_next_one_goes_on(database_url: str) -> None:
    with postgres_lab.local_server() as server:
        name = server.create()
        with watching.room(server.url(name)) as room:
            room.database.migrate()
            key = room.story(lines=3)
            watchers = [Watcher(stream.sent(key)) for _ in range(20)]
            assert poll(lambda: all(len(watcher.heard) == 5 for watcher in watchers))
            server.stop()
            stream.hub.hear(key)
            assert all(watcher.ended(30) for watcher in watchers)
            assert {watcher.heard[-1] for watcher in watchers} == {stream.AWAY}
            server.start()
            again = Watcher(stream.sent(key, 4))
            room.say(key, "over", "end")
            assert again.ended(30)
            assert [part[:5] for part in again.heard] == [b"retry", b"id: 5"]


def test_where_too_many_watch_one_more_hears_what_there_is_and_comes_again(
    room: watching.Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "most", lambda: 3)
    key = room.story(lines=30)
    watchers = [Watcher(stream.sent(key)) for _ in range(3)]
    assert poll(lambda: all(len(watcher.heard) == 32 for watcher in watchers))
    late = list(stream.sent(key))
    assert (late[0], len(late)) == (stream.CROWDED, 32)
    assert list(stream.sent(key, 31)) == [stream.CROWDED]
    room.say(key, "over", "end")
    assert all(watcher.ended() for watcher in watchers)
    assert [watcher.heard[0] for watcher in watchers] == [stream.BEGIN] * 3
    assert [part[:5] for part in stream.sent(key, 31)] == [b"retry", b"id: 3"]
