"""One feed over all workflows: in one order, from any point, with nothing left out."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import islice
from uuid import UUID

import pytest
from sqlalchemy import text, update
from sqlalchemy.orm import Session

import watching
from caddy_lab import poll
from jarvis.workflows import events, feed, stream
from jarvis.workflows.channel import Position
from jarvis.workflows.feed import EVERYTHING, Wanted
from models import Workflow
from watching import Watcher

OLDEST: Position = (0, 0)


@pytest.fixture
def room(database_url: str) -> Iterator[watching.Room]:
    with watching.room(database_url) as made:
        yield made


def page(
    room: watching.Room, after: Position = OLDEST, wanted: Wanted = EVERYTHING, most: int = 100
) -> tuple[list[str], Position]:
    """The messages of a page, and where the next one begins."""
    with room.database.get_session() as session:
        found = feed.page(session, after, wanted, most)
    return [told["message"] for told in found.told], found.top


def messages(parts: list[bytes]) -> list[str]:
    """The messages in the pieces of a stream."""
    fields = (line for part in parts for line in part.decode().splitlines())
    return [json.loads(line[6:])["message"] for line in fields if line.startswith("data: ")]


def serve(room: watching.Room, key: str, service: str) -> None:
    with room.database.get_session() as session:
        session.execute(update(Workflow).where(Workflow.id == UUID(key)).values(service=service))


def test_it_works(room: watching.Room) -> None:
    shop, blog = room.story("shop"), room.story("blog")
    serve(room, shop, "shop")
    _, begin = page(room)
    room.say(shop, "one")
    room.say(blog, "two")
    room.say(shop, "three", "end")
    assert page(room, begin)[0] == ["one", "two", "three"]
    with room.database.get_session() as session:
        told = feed.page(session, begin, EVERYTHING, 1).told[0]
    assert (told["workflow_id"], told["service"], told["sequence"]) == (shop, "shop", 2)
    assert feed.position(told["cursor"]) == told.position


def test_pages_join_without_a_gap(room: watching.Room) -> None:
    keys = [room.story(name) for name in ("a", "b", "c")]
    _, at = page(room)
    for number in range(30):
        room.say(keys[number % 3], str(number))
    found: list[str] = []
    while True:
        part, at = page(room, at, most=7)
        if not part:
            break
        found += part
    assert found == [str(number) for number in range(30)]


def test_what_was_begun_before_and_commits_later_is_not_missed(room: watching.Room) -> None:
    first, second = room.story("first"), room.story("second")
    _, begin = page(room)
    with ExitStack() as stack:
        early = stack.enter_context(Session(room.database.engine))
        events.append(early, first, "line", "early, and committed late")
        late = stack.enter_context(Session(room.database.engine))
        events.append(late, second, "line", "late, and committed early")
        late.commit()
        seen, at = page(room, begin)
        assert seen == [], "what is committed waits for what may still come before it"
        early.commit()
    assert page(room, at)[0] == ["early, and committed late", "late, and committed early"]
    assert page(room, begin)[0] == page(room, at)[0]


def test_a_watcher_hears_both_in_order(room: watching.Room) -> None:
    first, second = room.story("first"), room.story("second")
    _, begin = page(room)
    watcher = Watcher(feed.sent(begin, EVERYTHING))
    with ExitStack() as stack:
        early = stack.enter_context(Session(room.database.engine))
        events.append(early, first, "line", "early")
        late = stack.enter_context(Session(room.database.engine))
        events.append(late, second, "line", "late")
        late.commit()
        before = room.selects
        assert poll(lambda: room.selects > before), "it looks, and holds it back"
        assert messages(watcher.heard) == []
        early.commit()
    assert poll(lambda: messages(watcher.heard) == ["early", "late"])


def test_what_is_held_back_is_told_though_the_other_one_ends_without_a_word(room: watching.Room) -> None:
    first, second = room.story("first"), room.story("second")
    _, begin = page(room)
    watcher = Watcher(feed.sent(begin, EVERYTHING))
    with Session(room.database.engine) as other:
        other.execute(update(Workflow).where(Workflow.id == UUID(first)).values(name="never written"))
        room.say(second, "held back")
        assert page(room, begin)[0] == []
        other.rollback()
    assert poll(lambda: messages(watcher.heard) == ["held back"])


def test_many_writers_at_once_and_nothing_is_missed(room: watching.Room) -> None:
    keys = [room.story(f"s{number}") for number in range(6)]
    _, begin = page(room)
    watcher = Watcher(feed.sent(begin, EVERYTHING))

    def write(key: str) -> Iterator[int]:
        for number in range(40):
            room.say(key, f"{key} {number}")
            yield number

    writers = [Watcher(write(key)) for key in keys]
    assert all(writer.ended() for writer in writers)
    assert poll(lambda: len(messages(watcher.heard)) == 240)
    assert messages(watcher.heard) == page(room, begin, most=1000)[0]
    for key in keys:
        own = [message for message in messages(watcher.heard) if message.startswith(key)]
        assert own == [f"{key} {number}" for number in range(40)]


def test_it_tells_only_what_is_wanted(room: watching.Room) -> None:
    shop, blog = room.story("shop"), room.story("blog")
    serve(room, shop, "shop")
    _, begin = page(room)
    wishes = {
        "workflow": Wanted(workflow=UUID(blog)),
        "service": Wanted(service="shop"),
        "kind": Wanted(kind="end"),
        "two": Wanted(service="shop", kind="end"),
    }
    watchers = {name: Watcher(feed.sent(begin, wanted)) for name, wanted in wishes.items()}
    for key, kind in ((shop, "line"), (blog, "line"), (shop, "end"), (blog, "end")):
        room.say(key, f"{'shop' if key == shop else 'blog'} {kind}", kind)
    expected = {
        "workflow": ["blog line", "blog end"],
        "service": ["shop line", "shop end"],
        "kind": ["shop end", "blog end"],
        "two": ["shop end"],
    }
    assert {name: page(room, begin, wanted)[0] for name, wanted in wishes.items()} == expected
    assert poll(lambda: {name: messages(one.heard) for name, one in watchers.items()} == expected)


def test_a_page_without_anything_says_how_far_it_looked(room: watching.Room) -> None:
    key = room.story(lines=30)
    found, at = page(room, wanted=Wanted(kind="no-such-kind"))
    assert found == []
    assert page(room, at)[0] == []
    room.say(key, "new")
    assert page(room, at)[0] == ["new"]


def test_a_sign_of_life_says_how_far_it_looked(room: watching.Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "HEARTBEAT", 0.05)
    key = room.story(lines=5)
    parts = feed.sent(OLDEST, Wanted(kind="no-such-kind"))
    assert next(parts) == stream.BEGIN
    said = next(parts).decode()
    name, comment, *_ = said.splitlines()
    assert comment == ": still here"
    room.say(key, "new")
    at = feed.position(name.removeprefix("id: "))
    assert at is not None
    assert page(room, at)[0] == ["new"]
    parts.close()


def test_many_watchers_cost_the_database_hardly_more_than_one(room: watching.Room) -> None:
    key = room.story()
    _, begin = page(room)
    watchers = [Watcher(feed.sent(begin, EVERYTHING)) for _ in range(50)]
    room.say(key, "first")
    assert poll(lambda: all(messages(watcher.heard) == ["first"] for watcher in watchers))
    before = room.selects
    for number in range(10):
        room.say(key, str(number))
    assert poll(lambda: all(len(messages(watcher.heard)) == 11 for watcher in watchers))
    assert room.selects - before <= 60


@pytest.mark.parametrize(
    "given", ["", "1", "1-", "-1", "a-b", "1-2-3", "²-1", "9223372036854775808-1", "1" * 5000]
)
def test_what_is_no_cursor_is_none(given: str) -> None:
    assert feed.position(given) is None


def test_after_a_restored_backup_old_events_come_first_and_new_ones_are_told(room: watching.Room) -> None:
    key = room.story(lines=2)
    with room.database.get_session() as session:
        session.execute(text("UPDATE workflow_events SET transaction = transaction + 1000000000"))
        now, never = feed.horizon(session)
        assert now < never < (1_000_000_000, 0), "a cursor of the other server can be told from ours"
    room.say(key, "after the restore")
    assert page(room)[0] == ["after the restore"], "the old ones would never be told"
    with room.database.get_session() as session:
        assert feed.mend(session) == 3
    assert page(room)[0][1:] == ["line 0", "line 1", "after the restore"]
    with room.database.get_session() as session:
        assert feed.mend(session) == 0


def test_a_stream_from_the_oldest_event_tells_all(room: watching.Room) -> None:
    room.story(lines=45)
    parts = feed.sent(OLDEST, EVERYTHING)
    heard = messages(list(islice(parts, 47)))
    parts.close()
    assert heard[1:] == [f"line {number}" for number in range(45)]


def test_where_too_many_watch_the_feed_tells_what_there_is_and_how_far_it_looked(
    room: watching.Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "most", lambda: 0)
    key = room.story(lines=30)
    parts = list(feed.sent(OLDEST, Wanted(kind="end")))
    assert parts[0] == stream.CROWDED
    at = feed.position(parts[1].decode().removeprefix("id: ").strip())
    assert at is not None
    room.say(key, "over", "end")
    assert messages(list(feed.sent(at, EVERYTHING))) == ["over"]
