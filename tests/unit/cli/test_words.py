"""What a person reads: lines, tables, sizes, ages."""

import io
from datetime import UTC, datetime, timedelta

import pytest

from jarvis.cli.console import Console, clean
from jarvis.cli.stream import Lines
from jarvis.cli.table import cells, table
from jarvis.cli.units import age, clock, count, size, span
from jarvis.cli.upload import progress
from jarvis.errors import JarvisError


def test_it_works() -> None:
    out = io.StringIO()
    Console(out, io.StringIO()).say("Deployed mysite → http://mysite.localhost:8080/")
    assert out.getvalue() == "Deployed mysite → http://mysite.localhost:8080/\n"


def test_nothing_in_a_line_can_steer_a_terminal() -> None:
    nasty = "a\x1b[2J\x9b31m\x07\r\u202eb\nDeployed evil"
    assert clean(nasty) == r"a\u001b[2J\u009b31m\u0007\u000d\u202eb Deployed evil"
    assert clean("plain ✓ 日本語") == "plain ✓ 日本語"


def test_a_letter_that_the_encoding_lacks_is_spelt_out() -> None:
    raw = io.BytesIO()
    out = io.TextIOWrapper(raw, "ascii")
    Console(out, io.StringIO()).say("✓ ok \udcff")
    assert raw.getvalue() == b"\\u2713 ok \\udcff\n"


def test_a_changing_line_is_for_screens_only() -> None:
    out = io.StringIO()
    console = Console(out, io.StringIO())
    console.change("half way")
    assert out.getvalue() == ""
    assert console.width is None


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1.0 kB"),
        (1_234_567, "1.2 MB"),
        (99_960, "100 kB"),
        (999_999, "1.0 MB"),
        (2**31, "2.1 GB"),
        (5e15, "5000.0 TB"),
    ],
)
def test_sizes(number: float, words: str) -> None:
    assert size(number) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.03, "0.03 s"), (12, "12 s"), (59.7, "1 min 0 s"), (245, "4 min 5 s"), (11_400, "3 h 10 min")],
)
def test_spans(seconds: float, words: str) -> None:
    assert span(seconds) == words


@pytest.mark.parametrize(("number", "words"), [(1, "1 file"), (2, "2 files"), (0, "0 files")])
def test_counts(number: int, words: str) -> None:
    assert count(number, "file") == words


def test_ages() -> None:
    now = datetime(2026, 1, 2, 12, 0, tzinfo=UTC)
    steps = {5: "just now", 61: "1 min ago", 7200: "2 h ago", 3 * 86400: "3 d ago", -30: "just now"}
    for seconds, words in steps.items():
        assert age((now - timedelta(seconds=seconds)).isoformat(), now) == words
    assert age("nonsense", now) == ""
    assert age(None, now) == ""
    assert clock("nonsense") == "nonsense"


def test_progress_says_how_long_it_will_take() -> None:
    assert progress(1_000_000, 4_000_000, 2.0) == "1.0 MB of 4.0 MB   25%   500 kB/s   6.00 s left"
    assert progress(4_000_000, 4_000_000, 2.0) == "4.0 MB of 4.0 MB   100%   2.0 MB/s"
    assert "0%" in progress(0, 10, 0.0)


def test_a_table_fits_the_screen() -> None:
    rows = [("mysite", "http://a-very-long-name.example.org/", None), ("日本語サイト", "http://x/", "ok")]
    lines = table(("NAME", "URL", "STATE"), rows, 40)
    assert max(map(cells, lines)) <= 40
    assert "…" in lines[1]
    assert lines[1].endswith("-")


def test_a_piped_table_is_whole() -> None:
    url = "http://" + "long." * 60 + "org/"
    lines = table(("NAME", "URL"), [("mysite", url), ("b\x1b[0m\nc", "x")], None)
    assert lines[1] == f"mysite        {url}"
    assert lines[2].startswith(r"b\u001b[0m c")


def test_a_table_on_a_tiny_screen_is_cut_not_broken() -> None:
    lines = table(("A", "B", "C"), [("x" * 50, "y" * 50, "z" * 50)], 20)
    assert all(len(line) <= 20 for line in lines)


@pytest.mark.parametrize("step", [1, 2, 7, 1000])
def test_events_are_cut_out_of_any_pieces(step: int) -> None:
    raw = b': hello\n\nid: 1\nevent: x\ndata: {"a":1}\n\n'
    raw += b"data: one\r\ndata:two\r\n\r\n: still here\n\ndata: last"
    lines = Lines()
    found = [data for at in range(0, len(raw), step) for data in lines.feed(raw[at : at + step])]
    assert found == [b'{"a":1}', b"one\ntwo"]


def test_an_endless_event_is_refused() -> None:
    lines = Lines()
    with pytest.raises(JarvisError, match="too large"):
        list(lines.feed(b"data: " + b"x" * 2_000_000))
