"""Deliveries by real workers: tried again, given up, carried on after a death, and no secret anywhere."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import text

import hooks
from api_lab import V1, Api
from caddy_lab import poll
from jarvis.webhooks.deliver import PAUSES, STEPS
from jarvis.workflows import control
from receiver import Receiver
from services.db_service import db_service

Start = Callable[..., "subprocess.Popen[bytes]"]


def status() -> str:
    """Of the only workflow."""
    (row,) = hooks.workflows()
    return row.status.value


def over(wanted: str) -> bool:
    """Whether the only workflow comes to this status."""
    return poll(lambda: status() == wanted)


def test_it_works(api: Api, receiver: Receiver, worker: Start) -> None:
    hooks.add(api, receiver.url)
    worker()
    hooks.happen()
    row = hooks.ended("delivered")
    assert (row.attempts, row.answer_status) == (1, 204)
    assert over("completed")
    (workflow,) = hooks.workflows()
    assert workflow.current_step == workflow.total_steps == len(STEPS) == 2 * len(PAUSES) + 1
    assert len(receiver.letters) == 1
    assert len(hooks.deliveries()) == 1  # its own end was not told


def test_who_fails_is_told_again_until_it_takes_it(api: Api, receiver: Receiver, worker: Start) -> None:
    receiver.statuses = [500, 503, 200]
    hooks.add(api, receiver.url)
    worker()
    hooks.happen()
    row = hooks.ended("delivered")
    assert (row.attempts, row.answer_status, row.error) == (3, 200, None)
    assert over("completed")
    assert len({letter.body for letter in receiver.letters}) == 1
    assert {letter.headers["jarvis-delivery"] for letter in receiver.letters} == {str(row.id)}


def test_after_the_last_attempt_it_is_given_up_and_can_be_sent_anew(
    api: Api, receiver: Receiver, worker: Start
) -> None:
    receiver.statuses = [500] * (len(PAUSES) + 1)
    key = hooks.add(api, receiver.url)
    worker(0.01)
    hooks.happen()
    row = hooks.ended("failed", 120)
    assert row.attempts == len(PAUSES) + 1
    assert str(row.error).startswith("Given up after 7 attempts: The receiver answered 500")
    assert over("failed")
    answer = api.ask("POST", f"{V1}/webhooks/{key}/deliveries/{row.id}/redeliver")
    assert answer.status_code == 202
    assert poll(lambda: [each.status for each in hooks.deliveries()] == ["failed", "delivered"])
    first, *_, last = receiver.letters
    assert first.body == last.body
    assert first.headers["jarvis-delivery"] != last.headers["jarvis-delivery"]


def test_a_death_between_two_attempts_loses_nothing(api: Api, receiver: Receiver, worker: Start) -> None:
    receiver.statuses = [500]
    hooks.add(api, receiver.url)
    first = worker(3600)
    hooks.happen()
    assert poll(lambda: status() == "paused")
    first.kill()
    first.wait(30)
    assert len(receiver.letters) == 1
    assert hooks.one().error == "The receiver answered 500."
    with db_service.get_session() as session:  # the hour passes while nobody works
        session.execute(text("UPDATE workflow_steps SET deadline_at = now() WHERE status = 'waiting'"))
        session.execute(text("UPDATE workflows SET wake_at = now() WHERE wake_at IS NOT NULL"))
    worker(3600)
    row = hooks.ended("delivered")
    assert row.attempts == 2
    assert over("completed")
    assert len(receiver.letters) == 2


def test_a_death_in_the_middle_of_an_attempt_sends_it_again(
    api: Api, receiver: Receiver, worker: Start
) -> None:
    hooks.add(api, receiver.url)
    first = worker()
    receiver.before = lambda _: first.kill() if len(receiver.letters) == 1 else None
    hooks.happen()
    assert poll(lambda: first.poll() is not None)
    assert hooks.one().status == "pending"
    worker()
    row = hooks.ended("delivered")
    assert over("completed")
    one, two = receiver.letters
    assert one.body == two.body
    assert one.headers["jarvis-delivery"] == two.headers["jarvis-delivery"] == str(row.id)


def test_a_delivery_that_waits_can_be_cancelled(api: Api, receiver: Receiver, worker: Start) -> None:
    receiver.statuses = [500]
    hooks.add(api, receiver.url)
    worker(3600)
    hooks.happen()
    assert poll(lambda: status() == "paused")
    with db_service.get_session() as session:
        control.cancel(session, str(hooks.one().workflow_id), "anna")
    row = hooks.ended("failed")
    assert row.error == "Cancelled by anna."
    assert over("failed")
    assert len(receiver.letters) == 1


def test_a_slow_receiver_holds_up_nobody_else(api: Api, receiver: Receiver, worker: Start) -> None:
    slow = hooks.add(api, receiver.url)
    receiver.before = lambda letter: b"deployment.failed" in letter.body and receiver.over.wait(30)
    hooks.happen("deployment.failed")
    quick = hooks.add(api, receiver.url)
    hooks.happen("task.opened")
    worker()

    def status_of(key: str, event: str) -> list[str]:
        rows = [row for row in hooks.deliveries() if (str(row.webhook_id), row.event) == (key, event)]
        return [row.status for row in rows]

    assert poll(lambda: status_of(quick, "task.opened") == ["delivered"])
    assert status_of(slow, "deployment.failed") == ["pending"]


def everything(url: str) -> str:
    """Every row of every table, the engine's included."""
    found: list[str] = []
    with psycopg.connect(url) as connection:
        tables = connection.execute(
            "SELECT schemaname, tablename FROM pg_tables WHERE schemaname IN ('public', 'jarvis_dbos')"
        ).fetchall()
        assert len(tables) > 15
        for schema, table in tables:
            rows = connection.execute(
                sql.SQL("SELECT t::text FROM {} t").format(sql.Identifier(schema, table))
            )
            found += [str(row[0]) for row in rows]
    return "\n".join(found)


@pytest.mark.parametrize("answers", [[], [500], [410]])
def test_no_secret_is_in_the_database_or_in_a_log(
    api: Api, receiver: Receiver, worker: Start, caplog: pytest.LogCaptureFixture, answers: list[int]
) -> None:
    receiver.statuses = answers.copy()
    key = hooks.add(api, receiver.url)
    worker()
    hooks.happen()
    hooks.ended("failed" if answers == [410] else "delivered")
    assert over("failed" if answers == [410] else "completed")
    kept = everything(db_service.conninfo)
    assert str(hooks.one().id) in kept
    for secret in (hooks.SECRET, hooks.SECRET.encode().hex()):
        assert secret not in kept
    logs = Path(api.home / "worker.log").read_text() + caplog.text
    for place in (logs, str(api.get(f"/webhooks/{key}/deliveries"))):
        assert "T0P" not in place  # nor the secret part of the address
        assert hooks.SECRET not in place
    assert kept.count("T0P-PATH") == 1  # in the row of the webhook
