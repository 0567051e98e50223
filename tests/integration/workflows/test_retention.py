"""Old stories go, how they ended stays, and nothing that is young or goes on is touched."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select, text

import watching
from jarvis.workflows import retention, stream
from jarvis.workflows.retention import Purged, purge
from models import IdempotencyKey, Webhook, WebhookDelivery, Workflow, WorkflowEvent, WorkflowStatus


@pytest.fixture
def room(database_url: str) -> Iterator[watching.Room]:
    with watching.room(database_url) as made:
        yield made


def ended(room: watching.Room, days: float, status: WorkflowStatus = WorkflowStatus.COMPLETED) -> str:
    """A workflow with five events that ended so many days ago."""
    key = room.story(lines=3)
    room.say(key, "over", "end")
    then = datetime.now(UTC) - timedelta(days=days)
    with room.database.get_session() as session:
        row = session.get_one(Workflow, UUID(key))
        row.status, row.completed_at, row.created_at = status, then, then - timedelta(minutes=1)
    return key


def kept(room: watching.Room, key: str) -> list[int]:
    with room.database.get_session() as session:
        query = select(WorkflowEvent.sequence).where(WorkflowEvent.workflow_id == UUID(key))
        return sorted(session.scalars(query))


def test_it_works(room: watching.Room) -> None:
    old, failed = ended(room, 91), ended(room, 200, WorkflowStatus.FAILED)
    young = ended(room, 89)
    assert purge(90) == Purged(events=8, keys=0, deliveries=0)
    assert kept(room, old) == kept(room, failed) == [5]
    assert kept(room, young) == [1, 2, 3, 4, 5]
    assert purge(90) == Purged(0, 0, 0)


def test_a_story_that_goes_on_stays_whole_however_old_it_is(room: watching.Room) -> None:
    keys = [
        ended(room, 500, status)
        for status in (WorkflowStatus.PENDING, WorkflowStatus.RUNNING, WorkflowStatus.PAUSED)
    ]
    assert purge(1).events == 0
    assert all(kept(room, key) == [1, 2, 3, 4, 5] for key in keys)


def test_what_is_left_can_be_watched_and_goes_on_with_its_numbers(room: watching.Room) -> None:
    key = ended(room, 91)
    purge(90)
    assert [told["sequence"] for told in stream.follow(key) if told] == [5]
    room.say(key, "again", "queued")
    assert kept(room, key) == [5, 6]


def test_small_transactions_delete_as_much(room: watching.Room) -> None:
    keys = [ended(room, 100 + number % 2) for number in range(7)]
    assert purge(90, batch=2).events == 28
    assert all(kept(room, key) == [5] for key in keys)


def test_workflows_of_the_same_moment_are_all_found(room: watching.Room) -> None:
    keys = [ended(room, 100) for _ in range(5)]
    then = datetime.now(UTC) - timedelta(days=100)
    with room.database.get_session() as session:
        session.execute(text("UPDATE workflows SET created_at = :then"), {"then": then})
    purge(90, batch=2)
    assert all(kept(room, key) == [5] for key in keys)


def test_zero_days_keep_stories_for_ever(room: watching.Room) -> None:
    key = ended(room, 5000)
    assert purge(0) == Purged(0, 0, 0)
    assert kept(room, key) == [1, 2, 3, 4, 5]


def test_answers_to_requests_are_kept_for_a_day(room: watching.Room) -> None:
    now = datetime.now(UTC)
    with room.database.get_session() as session:
        for hours in (1, 23, 25, 48, 72):
            session.add(
                IdempotencyKey(
                    caller="a",
                    key=str(hours),
                    request_sha256="0" * 64,
                    created_at=now - timedelta(hours=hours),
                )
            )
    assert purge(0, batch=2).keys == 3
    with room.database.get_session() as session:
        assert sorted(session.scalars(select(IdempotencyKey.key))) == ["1", "23"]


def test_deliveries_go_with_the_stories(room: watching.Room) -> None:
    now = datetime.now(UTC)
    with room.database.get_session() as session:
        hook = Webhook(name="h", url="https://example.com/", secret=b"s")
        session.add(hook)
        session.flush()
        for days in (1, 89, 91, 400, 500):
            made = now - timedelta(days=days)
            session.add(WebhookDelivery(webhook_id=hook.id, event="end", created_at=made))
    assert purge(90, batch=2).deliveries == 3
    with room.database.get_session() as session:
        assert session.scalar(select(func.count()).select_from(WebhookDelivery)) == 2


def test_it_says_what_it_deleted(room: watching.Room, caplog: pytest.LogCaptureFixture) -> None:
    ended(room, 91)
    with caplog.at_level("INFO", logger=retention.__name__):
        purge(90)
        purge(90)
    assert [record.message for record in caplog.records] == [
        "Deleted 4 old events, 0 answers to requests, 0 deliveries"
    ]
