"""The lines of programs on a real database: told live, replayed; a crash takes but the last second."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from uuid import UUID

import pytest
from sqlalchemy import func, select

import watching
from caddy_lab import poll
from jarvis.segment import printable, read
from jarvis.workflows import ledger, stream
from jarvis.workflows.redact import Redactor
from jarvis.workflows.segments import Lines
from models import WorkflowEvent
from watching import Watcher

PROGRAM = """
import sys, time
from jarvis.workflows.redact import Redactor
from jarvis.workflows.segments import Lines
said = Lines(sys.argv[1], "build", Redactor(["correcthorse"]))
for number in range(3000):
    said.add(f"{number} correcthorse")
print("said", flush=True)
time.sleep(600)
"""


@pytest.fixture
def room(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[watching.Room]:
    with watching.room(database_url) as made:
        monkeypatch.setattr(ledger, "db_service", made.database)
        yield made


def texts(watcher: Watcher[stream.Told | None]) -> list[str]:
    return [
        text
        for told in watcher.heard
        if told is not None and told["kind"] == "log"
        for text in printable(told)
    ]


def rows(room: watching.Room, key: str) -> int:
    with room.database.get_session() as session:
        query = select(func.count()).where(
            WorkflowEvent.workflow_id == UUID(key), WorkflowEvent.kind == "log"
        )
        return int(session.scalar(query) or 0)


def test_it_works(room: watching.Room) -> None:
    key = room.story()
    watcher = Watcher(stream.follow(key))
    with Lines(key, "build", Redactor(["correcthorse"])) as said:
        said.add("begin")
        assert poll(lambda: texts(watcher) == ["begin"])
        said.add("NUL \x00 and half a sign \ud800 and correcthorse", "err")
    room.say(key, "over", "end")
    assert watcher.ended()
    assert texts(watcher)[0] == "begin"
    assert "correcthorse" not in texts(watcher)[1]
    last = watcher.heard[-2]
    assert last is not None
    assert (last["step"], last["data"]["first"], last["data"]["count"]) == ("build", 2, 1)
    assert read(last["data"])[0].stream == "err"


def test_a_hundred_thousand_lines_are_some_hundred_rows_and_can_be_replayed(room: watching.Room) -> None:
    key = room.story()
    expected = [f"{number} of a build that has a lot to say" for number in range(100_000)]
    with Lines(key, "build", Redactor()) as said:
        for line in expected:
            said.add(line)
    room.say(key, "over", "end")
    assert rows(room, key) <= 300
    watcher = Watcher(stream.follow(key))
    assert watcher.ended()
    assert texts(watcher) == expected


def test_others_may_write_into_the_story_meanwhile(room: watching.Room) -> None:
    key = room.story()
    with Lines(key, "build", Redactor()) as one, Lines(key, "start", Redactor()) as two:
        for number in range(10_000):
            one.add(f"one {number}")
            two.add(f"two {number}")
            if number % 500 == 0:
                ledger.say(key, "progress", f"{number}", step="build")
    room.say(key, "over", "end")
    watcher = Watcher(stream.follow(key))
    assert watcher.ended()
    for name in ("one", "two"):
        own = [text for text in texts(watcher) if text.startswith(name)]
        assert own == [f"{name} {number}" for number in range(10_000)]


def test_a_killed_worker_has_kept_all_but_the_last_second(room: watching.Room, database_url: str) -> None:
    key = room.story()
    variables = {**os.environ, "JARVIS_DATABASE_URL": database_url, "PYTHONPATH": os.pathsep.join(sys.path)}
    watcher = Watcher(stream.follow(key))
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, key], env=variables, stdout=subprocess.PIPE
    ) as program:
        assert program.stdout is not None
        assert program.stdout.readline() == b"said\n"
        assert poll(lambda: len(texts(watcher)) == 3000)
        program.send_signal(signal.SIGKILL)
    room.say(key, "over", "end")
    assert watcher.ended()
    assert texts(watcher) == [f"{number} •••" for number in range(3000)]
