"""The log of a program: whole lines with times, cut and rolled."""

from pathlib import Path

from jarvis.runtimes.shim import journal
from jarvis.runtimes.shim.journal import LONGEST_LINE, Journal


def said(file: Path) -> list[str]:
    return [line.partition(" ")[2] for line in file.read_text().splitlines()]


def test_it_works(tmp_path: Path) -> None:
    log = Journal(tmp_path / "log")
    log.feed(b"one\ntw")
    assert said(tmp_path / "log") == ["one"], "half a line waits for its other half"
    log.feed(b"o\r\n\nlast")
    log.flush()
    log.flush()
    assert said(tmp_path / "log") == ["one", "two", "", "last"]
    time = (tmp_path / "log").read_text().split(" ")[0]
    assert (time[4], time[10], time[-1], len(time)) == ("-", "T", "Z", 24)


def test_an_overlong_line_is_cut_into_pieces(tmp_path: Path) -> None:
    log = Journal(tmp_path / "log")
    text = b"0123456789" * LONGEST_LINE
    for at in range(0, len(text), 1000):
        log.feed(text[at : at + 1000])
    log.feed(b"\n")
    pieces = said(tmp_path / "log")
    assert "".join(pieces).encode() == text
    assert max(map(len, pieces)) == LONGEST_LINE


def test_it_is_rolled_and_two_old_ones_are_kept(tmp_path: Path) -> None:
    log = Journal(tmp_path / "log", limit=1000)
    for number in range(500):
        log.feed(b"line %d\n" % number)
    assert {file.name for file in tmp_path.iterdir()} == {"log", "log.1", "log.2"}
    kept = [line for name in ("log.2", "log.1", "log") for line in said(tmp_path / name)]
    assert kept == [f"line {number}" for number in range(500 - len(kept), 500)]
    assert (tmp_path / "log.1").stat().st_mode & 0o777 == 0o600


def test_it_goes_on_where_it_was(tmp_path: Path) -> None:
    Journal(tmp_path / "log").feed(b"before\n")
    Journal(tmp_path / "log").feed(b"after\n")
    assert said(tmp_path / "log") == ["before", "after"]
    assert journal.LOGS_KEPT == 2
