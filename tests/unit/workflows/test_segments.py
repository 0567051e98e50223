"""Many lines in few events: nothing lost, nothing out of order, nobody held up for ever."""

import threading
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

import pytest

from caddy_lab import poll
from jarvis import control
from jarvis.errors import Cancelled, Unavailable
from jarvis.segment import printable, read
from jarvis.workflows import segments
from jarvis.workflows.redact import Redactor
from jarvis.workflows.segments import Lines


class Book:
    """What was written."""

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []
        self.free = threading.Event()
        self.free.set()
        self.error: Exception | None = None

    def say(self, workflow_id: str, kind: str, message: str, *, step: str, data: dict[str, Any]) -> None:
        self.free.wait(60)
        if self.error is not None:
            raise self.error
        assert (workflow_id, kind, step) == ("w", "log", "build")
        self.events.append({"kind": kind, "message": message, "data": data})

    @property
    def texts(self) -> list[str]:
        return [text for event in self.events for text in printable(event)]


@contextmanager
def lines(book: Book, *secrets: str) -> Generator[Lines]:
    with Lines("w", "build", Redactor(secrets), say=book.say) as made:
        yield made


@pytest.fixture
def book() -> Book:
    return Book()


def test_it_works(book: Book) -> None:
    with lines(book) as said:
        said.add("one")
        said.add("two\n", "err")
        said.add("three\n\nfour\n")
    (event,) = book.events
    assert event["message"] == "four"
    assert (event["data"]["first"], event["data"]["count"]) == (1, 5)
    assert [(line.stream, line.text) for line in read(event["data"])] == [
        ("out", "one"),
        ("err", "two"),
        ("out", "three"),
        ("out", ""),
        ("out", "four"),
    ]


def test_a_hundred_thousand_lines_are_some_hundred_events_in_order(book: Book) -> None:
    with lines(book) as said:
        for number in range(100_000):
            said.add(f"{number} compiling something with a name of usual length")
    assert book.texts == [f"{n} compiling something with a name of usual length" for n in range(100_000)]
    assert len(book.events) <= 300
    firsts = [event["data"]["first"] for event in book.events]
    counts = [event["data"]["count"] for event in book.events]
    assert firsts == [1 + sum(counts[:number]) for number in range(len(counts))]
    assert max(counts) <= segments.LINES


def test_an_event_has_no_more_than_its_bytes(book: Book) -> None:
    with lines(book) as said:
        for _ in range(300):
            said.add("é" * 2000)
    assert len(book.texts) == 300
    assert all(
        sum(len(text.encode()) for text in printable(event)) <= segments.BYTES for event in book.events
    )


def test_what_was_said_is_written_soon_though_nothing_follows(book: Book) -> None:
    with lines(book) as said:
        said.add("waits for input")
        assert poll(lambda: book.texts == ["waits for input"])
        said.add("goes on")
        assert poll(lambda: book.texts == ["waits for input", "goes on"])


def test_what_may_be_the_begin_of_a_secret_is_written_soon_too(book: Book) -> None:
    with lines(book, "correcthorse") as said:
        said.add("it is correct")
        assert poll(lambda: book.texts == ["it is correct"])
        said.add("it is correct")
        said.add("horse")
    assert book.texts[1:] == ["it is •••", "•••"]


def test_a_huge_line_is_cut_and_says_so(book: Book) -> None:
    with lines(book) as said:
        said.add("x" * 10_000_000)
        said.add("y" * (segments.LONGEST + 1))
        said.add("z" * segments.LONGEST)
    first, second, third = book.texts
    assert first == "x" * segments.LONGEST + f" … ({10_000_000 - segments.LONGEST:,} more signs)"
    assert second == "y" * segments.LONGEST + " … (1 more signs)"
    assert third == "z" * segments.LONGEST


def test_a_secret_at_the_place_of_the_cut_is_not_told(book: Book) -> None:
    with lines(book, "correcthorsebattery") as said:
        said.add("x" * (segments.LONGEST - 8) + "correcthorsebattery" + "y" * 20_000)
    assert "correct" not in book.texts[0]


def test_a_line_is_kept_as_a_screen_would_show_it(book: Book) -> None:
    with lines(book) as said:
        said.add("\x1b[1;31mError\x1b[0m: \x1b]8;;http://x\x07link\x1b]8;;\x07\tok\x00\x07\r")
        said.add(" 10 %\r 50 %\r100 %\r\n")
    assert book.texts == ["Error: link\tok", "100 %"]


def test_lines_of_several_threads_are_all_there_each_in_its_order(book: Book) -> None:
    with lines(book) as said:

        def speak(name: str) -> None:
            for number in range(3000):
                said.add(f"{name} {number}", name)

        threads = [threading.Thread(target=speak, args=(name,)) for name in ("out", "err")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
    for name in ("out", "err"):
        assert [text for text in book.texts if text.startswith(name)] == [f"{name} {n}" for n in range(3000)]


def test_who_brings_more_than_can_be_written_waits(book: Book) -> None:
    book.free.clear()
    brought: list[int] = []

    def bring(said: Lines) -> None:
        for number in range(400):
            said.add("x" * 8000)
            brought.append(number)

    with lines(book) as said:
        thread = threading.Thread(target=bring, args=(said,))
        thread.start()
        assert poll(lambda: len(brought) * 8000 > segments.ROOM // 2)
        assert len(brought) * 8000 < 2 * segments.ROOM
        book.free.set()
        thread.join(60)
    assert len(book.texts) == 400


def test_who_waits_may_be_called_off(book: Book) -> None:
    book.free.clear()
    work = control.Control("w", "build", 60.0)
    raised: list[Exception] = []

    def bring(said: Lines) -> None:
        with control.within(work):
            try:
                while True:
                    said.add("x" * 8000)
            except Cancelled as error:
                raised.append(error)

    with lines(book) as said:
        thread = threading.Thread(target=bring, args=(said,))
        thread.start()
        assert poll(lambda: said._bytes > segments.ROOM)
        work.stop(Cancelled("Cancelled by anna."))
        thread.join(60)
        book.free.set()
    assert len(raised) == 1


def test_lines_that_cannot_be_written_are_no_secret(book: Book) -> None:
    book.error = Unavailable("The database went away.")
    said = Lines("w", "build", Redactor(), say=book.say)
    said.add("lost")
    with pytest.raises(Unavailable, match="went away"):
        said.close()
    with pytest.raises(Unavailable):
        said.add("more")


def test_another_failure_is_not_hidden_by_lines_that_cannot_be_written(book: Book) -> None:
    book.error = Unavailable("The database went away.")

    def fail() -> None:
        with lines(book) as said:
            said.add("lost")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()


def test_a_step_without_a_word_costs_nothing(book: Book) -> None:
    before = threading.active_count()
    with lines(book):
        assert threading.active_count() == before
    assert book.events == []


def test_lines_after_the_end_are_left(book: Book) -> None:
    with lines(book) as said:
        said.add("one")
    said.add("two")
    assert book.texts == ["one"]


def test_other_events_are_printed_by_their_message() -> None:
    assert printable({"kind": "line", "message": "hello", "data": {}}) == ["hello"]
    assert printable({"kind": "log", "data": None}) == []
    assert printable(
        {"kind": "log", "data": {"lines": [[0.1, "out", "a"], "b", [1], [True, 1, 2], None]}}
    ) == ["a"]


def test_control_signs_alone_do_not_hold_it_up(book: Book) -> None:
    with lines(book) as said:
        said.add("\x1b[" * 5_000_000)
        said.add("\x1b]" * 5_000_000)
        said.add("\r" * 10_000_000)
        said.add("done")
    assert book.texts[-1] == "done"
