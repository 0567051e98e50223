"""One attempt at a delivery, without a worker: what is sent, and what is written down."""

import json
import re
from functools import partial
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, update

import hooks
import pages
from api_lab import Api
from jarvis import vault
from jarvis.errors import Conflict, InvalidInput, JarvisError, NotFound, Unavailable
from jarvis.vault import Sealed
from jarvis.webhooks import deliver
from jarvis.webhooks import post as hands
from jarvis.webhooks.deliver import PAUSES, STEPS, attempt
from models import Webhook
from receiver import Receiver
from services.db_service import db_service


def change(**values: Any) -> None:
    """Change the one webhook."""
    with db_service.get_session() as session:
        session.execute(update(Webhook).values(**values))


def waiting(api: Api, receiver: Receiver, **more: Any) -> str:
    """A delivery that is to be attempted; returns its id."""
    hooks.add(api, receiver.url, **more)
    hooks.happen()
    return str(hooks.one().id)


def test_it_works(api: Api, receiver: Receiver) -> None:
    key = waiting(api, receiver)
    assert attempt(key, 1) == {"said": "answered 204", "delivered": True}
    row = hooks.one()
    assert (row.status, row.attempts, row.answer_status, row.error) == ("delivered", 1, 204, None)
    assert row.delivered_at is not None
    (letter,) = receiver.letters
    message = json.loads(letter.body)
    assert message == row.payload
    assert message["data"] == hooks.PAYLOAD
    assert letter.headers["content-type"] == "application/json"
    assert letter.headers["jarvis-event"] == message["event"] == "workflow.failed"
    assert letter.headers["jarvis-delivery"] == key


def test_the_receiver_of_the_documentation_takes_it(api: Api, receiver: Receiver) -> None:
    attempt(waiting(api, receiver), 1)
    (letter,) = receiver.letters
    text = (pages.ROOT / "docs/webhooks.md").read_text(encoding="utf-8")
    room: dict[str, Any] = {}
    exec(re.findall(r"```python\n(.*?)```", text, re.DOTALL)[0], room)
    header = letter.headers["jarvis-signature"]
    assert room["verify"](hooks.SECRET, header, letter.body)
    assert not room["verify"](hooks.SECRET + "x", header, letter.body)
    assert not room["verify"](hooks.SECRET, header, letter.body + b" ")


def test_what_was_delivered_before_a_crash_is_not_sent_again(api: Api, receiver: Receiver) -> None:
    key = waiting(api, receiver)
    attempt(key, 1)
    assert attempt(key, 1)["delivered"]
    assert len(receiver.letters) == 1
    assert hooks.one().attempts == 1


@pytest.mark.parametrize("status", [100, 301, 400, 404, 429, 500, 503])
def test_any_other_answer_is_tried_again_later(api: Api, receiver: Receiver, status: int) -> None:
    receiver.statuses, receiver.location = [status], receiver.url
    seen = attempt(waiting(api, receiver), 2)
    assert not seen["delivered"]
    assert PAUSES[1] * 0.8 <= seen["again_in"] <= PAUSES[1] * 1.2
    row = hooks.one()
    assert (row.status, row.attempts) == ("pending", 1)
    assert len(receiver.letters) == 1
    if status != 100:  # 100 means: go on; then there is no answer
        assert row.answer_status == status
        assert str(status) in str(row.error)


def test_the_last_attempt_gives_up(api: Api, receiver: Receiver) -> None:
    receiver.statuses = [500]
    with pytest.raises(JarvisError, match=r"Given up after 7 attempts: The receiver answered 500") as caught:
        attempt(waiting(api, receiver), len(PAUSES) + 1)
    assert not caught.value.transient


def test_who_answers_gone_is_not_told_again(api: Api, receiver: Receiver) -> None:
    receiver.statuses = [410]
    key = waiting(api, receiver)
    with pytest.raises(JarvisError, match="was turned off"):
        attempt(key, 1)
    row = hooks.one()
    assert row.answer_status == 410
    assert not hooks.hook(str(row.webhook_id)).active
    hooks.happen()
    assert len(hooks.deliveries()) == 1


def test_who_is_slow_is_tried_again(api: Api, receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deliver, "post", partial(hands.post, seconds=0.3))
    receiver.before = lambda _: receiver.over.wait(30)
    seen = attempt(waiting(api, receiver), 1)
    assert "not within" in seen["said"]
    row = hooks.one()
    assert (row.status, row.attempts, row.answer_status) == ("pending", 1, None)


def test_an_address_that_is_refused_is_not_tried_again(
    api: Api, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that led elsewhere when the webhook was made: only the look at each attempt finds it."""
    hooks.add(api, "http://hook.example.org/T0P-PATH")
    hooks.happen()
    monkeypatch.setattr(hands, "addresses", lambda *_: ["169.254.169.254"])
    with pytest.raises(InvalidInput, match="link-local") as caught:
        attempt(str(hooks.one().id), 1)
    assert not caught.value.transient
    assert "link-local" in str(hooks.one().error)


def test_a_webhook_that_was_turned_off_meanwhile_is_not_told(api: Api, receiver: Receiver) -> None:
    key = waiting(api, receiver)
    change(active=False)
    with pytest.raises(Conflict, match="turned off before it was told"):
        attempt(key, 1)
    assert receiver.letters == []


def test_a_webhook_that_was_removed_meanwhile_is_not_told(api: Api, receiver: Receiver) -> None:
    key = waiting(api, receiver)
    with db_service.get_session() as session:
        session.execute(delete(Webhook))
    with pytest.raises(NotFound, match="removed"):
        attempt(key, 1)
    assert receiver.letters == []


def test_a_changed_address_counts_from_the_next_attempt_on(api: Api, receiver: Receiver) -> None:
    hooks.add(api, "http://127.0.0.1:1/")
    hooks.happen()
    key = str(hooks.one().id)
    assert not attempt(key, 1)["delivered"]
    change(url=receiver.url)
    assert attempt(key, 2)["delivered"]
    assert hooks.one().attempts == 2


def test_without_the_key_nothing_is_sent_and_the_file_is_named(api: Api, receiver: Receiver) -> None:
    key = waiting(api, receiver)
    vault.key_file().unlink()
    with pytest.raises(Sealed, match="vault_keys"):
        attempt(key, 1)
    assert receiver.letters == []
    assert "vault_keys" in str(hooks.one().error)


def test_every_attempt_is_signed_anew_and_is_the_same_otherwise(
    api: Api, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    receiver.statuses = [500]
    key = waiting(api, receiver)
    moments = iter([1_000_000_000.0, 1_000_000_060.0])
    monkeypatch.setattr(deliver, "time", SimpleNamespace(time=lambda: next(moments)))
    attempt(key, 1)
    attempt(key, 2)
    first, second = receiver.letters
    assert first.body == second.body
    assert first.headers["jarvis-delivery"] == second.headers["jarvis-delivery"]
    assert first.headers["jarvis-signature"].startswith("t=1000000000,")
    assert second.headers["jarvis-signature"].startswith("t=1000000060,")


def test_the_rows_are_closed_together_when_a_workflow_cannot_go_on(api: Api, receiver: Receiver) -> None:
    waiting(api, receiver)
    row = hooks.one()
    with db_service.get_session() as session:
        deliver.close(session, str(row.workflow_id), JarvisError("It broke off."))
    row = hooks.one()
    assert (row.status, row.error) == ("failed", "It broke off.")
    (workflow,) = hooks.workflows()
    assert workflow.id == UUID(str(row.workflow_id))
    assert (workflow.status.value, workflow.error_message) == ("failed", "It broke off.")


def test_a_database_that_goes_away_gives_nothing_up(
    api: Api, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is raised then is transient, so the step is tried again; nothing else that it raises is."""

    def away(_: object) -> None:
        raise Unavailable("The database went away.")

    key = waiting(api, receiver)
    monkeypatch.setattr(deliver.ledger, "patiently", away)
    with pytest.raises(Unavailable) as caught:
        attempt(key, 1)
    assert caught.value.transient
    assert all(promise.attempts > 1 for promise in STEPS.values())
