"""Who may see a site: how often a password is worked out."""

import asyncio
import base64
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from jarvis.proxy import password
from jarvis.proxy.gate import guard
from jarvis.proxy.gate.guard import Guard

LOGINS = {"me": password.hash("word"), "ähm": password.hash("a:b")}


def basic(user: str, word: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{word}".encode()).decode()


@pytest.fixture
def worked_out(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The words that a password was worked out for."""
    words: list[bytes] = []
    real = password.verify

    def verify(word: bytes, kept: str) -> bool:
        words.append(word)
        return real(word, kept)

    monkeypatch.setattr(password, "verify", verify)
    return words


def run(work: Coroutine[Any, Any, Any]) -> Any:
    """In a thread, since a browser of another test may hold this thread's event loop."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


async def status(of: Guard, header: str, origin: str = "10.0.0.1") -> int:
    return await of.check("shop", LOGINS, header, origin)


def test_it_works():
    async def work() -> None:
        made = Guard()
        assert await status(made, basic("me", "word")) == 200
        assert await status(made, basic("ähm", "a:b")) == 200
        assert await status(made, basic("me", "wrong")) == 401

    run(work())


@pytest.mark.parametrize(
    "header", ["", "Basic", "Basic !", "Basic bWU=", "Bearer abc", basic("", ""), basic("nobody", "nobody's")]
)
def test_what_is_no_login(header: str):
    assert run(status(Guard(), header)) == 401


def test_a_right_word_is_worked_out_once(worked_out: list[bytes]):
    async def work() -> None:
        made = Guard()
        assert not made.knows(LOGINS, basic("me", "word"))
        asked = [status(made, basic("me", "word")) for _ in range(5)]
        assert await asyncio.gather(*asked) == [200] * 5
        assert made.knows(LOGINS, basic("me", "word"))
        assert not made.knows({"me": password.hash("word")}, basic("me", "word")), "it was set anew"

    run(work())
    assert worked_out == [b"word"]


def test_a_name_that_does_not_exist_takes_as_long(worked_out: list[bytes]):
    assert run(status(Guard(), basic("nobody", "x"))) == 401
    assert worked_out == [b"x"]


def test_many_wrong_words_from_one_address_have_to_wait(
    worked_out: list[bytes], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(guard, "TRIES", 3)

    async def work() -> None:
        made = Guard()
        said = [await status(made, basic("me", f"wrong {number}")) for number in range(5)]
        assert said == [401, 401, 401, 429, 429]
        assert await status(made, basic("me", "word")) == 429
        assert await status(made, basic("me", "word"), "10.0.0.2") == 200
        assert await status(made, basic("me", "word")) == 200, "known by now"

    run(work())
    assert len(worked_out) == 4
