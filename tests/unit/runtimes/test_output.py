from pathlib import Path

import pytest

from jarvis.runtimes.output import read


def line(number: int) -> str:
    return f"2026-01-01T00:00:00Z line {number}"


def written(folder: Path, count: int, ending: str = "\n") -> Path:
    log = folder / "log"
    log.write_text("\n".join(line(number) for number in range(count)) + ending)
    return log


def test_it_works(tmp_path: Path) -> None:
    said = read(written(tmp_path, 3), last=2)
    assert said.lines == [("2026-01-01T00:00:00Z", "line 1"), ("2026-01-01T00:00:00Z", "line 2")]


def test_no_log_is_nothing(tmp_path: Path) -> None:
    assert (read(tmp_path / "log", last=5).lines, read(tmp_path / "log", last=5, after=7).next) == ([], 0)


@pytest.mark.parametrize("count", [0, 1, 10, 10_000])
def test_what_comes_later_is_read_from_where_it_was_left(tmp_path: Path, count: int) -> None:
    log = written(tmp_path, count, "\n" if count else "")
    said = read(log, last=5)
    assert len(said.lines) == min(count, 5)
    with log.open("a") as file:
        file.write(f"{line(1)}\nhalf a line")
    more = read(log, last=5, after=said.next)
    assert [text for _, text in more.lines] == ["line 1"]
    with log.open("a") as file:
        file.write(" now whole\n")
    assert read(log, last=5, after=more.next).lines == [("half", "a line now whole")]


def test_a_log_that_was_begun_anew_is_read_from_its_beginning(tmp_path: Path) -> None:
    place = read(written(tmp_path, 1000), last=1).next
    assert len(read(written(tmp_path, 3), last=10, after=place).lines) == 3


def test_bytes_that_are_no_text_do_no_harm(tmp_path: Path) -> None:
    (tmp_path / "log").write_bytes(b"2026 \xff\xfe\n")
    assert read(tmp_path / "log", last=1).lines == [("2026", "��")]
