"""What a database says in passing is waited for; anything else is told at once."""

import time

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from jarvis.control import Control, within
from jarvis.errors import Unavailable
from jarvis.workflows import ledger
from story_lab import Stories

RAISE = "DO $$ BEGIN RAISE EXCEPTION 'no room' USING ERRCODE = '{}'; END $$"


class Work:
    """Something that the database refuses with `state`, so many times."""

    def __init__(self, state: str, times: int) -> None:
        self.state, self.left, self.asked = state, times, 0

    def __call__(self, session: Session) -> str:
        self.asked += 1
        if self.left:
            self.left -= 1
            session.execute(text(RAISE.format(self.state)))
        return "done"


@pytest.fixture(autouse=True)
def _own_database(stories: Stories, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger, "db_service", stories.database)


@pytest.mark.parametrize("state", ["53100", "53200", "53300", "57P03", "40001"])
def test_it_works(state: str) -> None:
    work = Work(state, 2)
    assert ledger.patiently(work) == "done"
    assert work.asked == 3


def test_what_does_not_pass_is_told_at_once() -> None:
    work = Work("22012", 2)
    with pytest.raises(DBAPIError):
        ledger.patiently(work)
    assert work.asked == 1


@pytest.mark.parametrize(
    ("state", "sentence"),
    [("53100", "The disk of the database is full"), ("53200", "The database went away")],
)
def test_in_the_end_it_is_given_up(monkeypatch: pytest.MonkeyPatch, state: str, sentence: str) -> None:
    monkeypatch.setattr(ledger, "PATIENCE", 0.3)
    with pytest.raises(Unavailable, match=sentence) as told:
        ledger.patiently(Work(state, 1000))
    assert not told.value.transient


def test_the_wait_is_not_counted_as_time_of_the_step() -> None:
    with within(Control("key", "step", 0.05)) as step:
        before = step.deadline
        began = time.monotonic()
        ledger.patiently(Work("53100", 2))
        waited = time.monotonic() - began
    assert 0.15 <= step.deadline - before <= waited
