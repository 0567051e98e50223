"""What visitors got, read from the lines of the access log."""

import json
from pathlib import Path

import pytest

from jarvis.mark import MARKER
from jarvis.proxy.visits import Figures, Log, Visit, figures, read


def line(host: str = "a.localhost:8080", uri: str = "/", status: int = 200, ts: float = 100.0) -> bytes:
    """A line as Caddy writes it."""
    request = {"remote_ip": "127.0.0.1", "method": "GET", "host": host, "uri": uri}
    members = {"ts": ts, "logger": "http.log.access", "request": request, "duration": 0.5, "status": status}
    return json.dumps(members).encode() + b"\n"


def test_it_works(tmp_path: Path) -> None:
    file = tmp_path / "access.log"
    file.write_bytes(line() + line("b.localhost") + line(status=502))
    with Log(file, ["a.localhost"]) as log:
        assert log.more() == [Visit("a.localhost", 99.5, 0.5, 200), Visit("a.localhost", 99.5, 0.5, 502)]
        assert log.more() == []
        with file.open("ab") as more:
            more.write(line(ts=200.0) + line(ts=300.0)[:30])
        assert [visit.began for visit in log.more()] == [199.5]
        with file.open("ab") as more:
            more.write(line(ts=300.0)[30:])
        assert [visit.began for visit in log.more()] == [299.5]


def test_a_new_file_of_the_same_name_is_read_after_the_old_one(tmp_path: Path) -> None:
    file = tmp_path / "access.log"
    file.write_bytes(line(ts=1.0))
    with Log(file, ["a.localhost"]) as log:
        log.more()
        with file.open("ab") as old:
            old.write(line(ts=2.0))
        file.rename(tmp_path / "access-old.log")
        file.write_bytes(line(ts=3.0))
        assert [visit.began for visit in log.more()] == [1.5, 2.5]


def test_a_log_that_comes_later_is_read_from_its_beginning(tmp_path: Path) -> None:
    file = tmp_path / "access.log"
    with Log(file, ["a.localhost"]) as log:
        assert log.more() == []
        file.write_bytes(line())
        assert len(log.more()) == 1


@pytest.mark.parametrize(
    "content",
    [
        b"not JSON\n",
        b"[]\n",
        b'{"ts": 1}\n',
        line(uri=f"/{MARKER}"),
        line(uri=f"/{MARKER}?again"),
        line(status=101),
    ],
)
def test_what_is_no_visitor_is_left_out(content: bytes) -> None:
    assert read(content) is None


@pytest.mark.parametrize("host", ["a.localhost", "A.localhost:80", "a.localhost.", "a.localhost.:80"])
def test_a_host_is_told_as_it_is_named(host: str) -> None:
    visit = read(line(host))
    assert visit is not None
    assert visit.host == "a.localhost"


def test_nineteen_of_twenty() -> None:
    visits = [Visit("a", 0, number / 100, 500 if number < 5 else 200) for number in range(100)]
    found = figures(visits)
    assert found == Figures(100, 5, 0.95)
    assert str(found) == "100 answers, 5 with an error (5.0%), 19 of 20 within 950 ms"
    assert str(figures([])) == "no visitors"
