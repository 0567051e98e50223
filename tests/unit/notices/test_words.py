"""What a person reads."""

from typing import Any

import pytest

from jarvis.notices.words import DEFAULT, notice
from jarvis.webhooks.kinds import EVENTS, TEST

BASE = "https://jarvis.example.org"
KEY = "0d4c5f0e-3d0a-4f43-9d0c-7a1a5b0d9a11"


def message(event: str, **data: Any) -> dict[str, Any]:
    known = {"id": KEY, "service": "shop", "title": "shop.example.org", "status": "failed"}
    return {"id": KEY, "event": event, "time": "2026-03-02T09:30:00.000+00:00", "data": {**known, **data}}


def test_it_works() -> None:
    error = {"code": "not_proven", "message": "It does not answer.", "hint": "See its log."}
    told = notice(message("deployment.failed", error=error), BASE)
    assert told.title == "shop: the deploy failed"
    assert told.lines == (
        "Where: shop.example.org",
        "What: It does not answer.",
        "Since: 2026-03-02 09:30:00 UTC",
        "What to do: See its log.",
    )
    assert told.link == f"{BASE}/deployments/{KEY}"
    assert told.bad
    assert told.text.endswith(f"\n{told.link}")


@pytest.mark.parametrize("event", [*EVENTS, TEST])
def test_every_event_has_words_and_a_link(event: str) -> None:
    told = notice(message(event), BASE)
    assert told.title
    assert told.lines
    assert told.link.startswith(BASE)


def test_what_is_told_without_a_wish_is_told_of() -> None:
    assert set(DEFAULT) <= set(EVENTS)


def test_a_service_that_is_ill_says_what_to_do_and_leads_to_its_page() -> None:
    told = notice(message("service.unhealthy"), BASE)
    assert told.link == f"{BASE}/services/shop"
    assert "jarvis rollback shop" in told.lines[-1]


def test_a_task_says_what_is_asked() -> None:
    told = notice(message("task.opened", title="Set a record", created_at="2026-03-02T08:00:00+00:00"), BASE)
    assert told.title == "You are asked: Set a record"
    assert "Since: 2026-03-02 08:00:00 UTC" in told.lines


def test_words_of_strangers_are_one_line_and_not_endless() -> None:
    told = notice(message("task.opened", title="a\r\nBcc: everybody@example.org\x1b[31m"), BASE)
    assert told.title == "You are asked: a Bcc: everybody@example.org [31m"
    long = notice(message("deployment.failed", error={"message": "x" * 10_000}), BASE)
    assert max(map(len, long.lines)) < 1600


def test_a_certificate_that_ends_is_told_with_the_task_about_it() -> None:
    error = {"message": "The certificate of a.example ends on 2026-03-05.", "hint": "jarvis certificates add"}
    data = {"id": "7", "title": "a.example", "error": error, "due_at": "2026-03-05T08:00:00+00:00"}
    told = notice(message("certificate.expiring", **data), BASE)
    assert (told.title, told.bad) == ("The certificate of a.example ends soon", True)
    assert told.link == f"{BASE}/tasks/7"
    assert "Until: 2026-03-05 08:00:00 UTC" in told.lines
    assert "What to do: jarvis certificates add" in told.lines
