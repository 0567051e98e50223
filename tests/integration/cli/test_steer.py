"""The verbs of workflows and tasks, and watching, against the stand-in."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import config
from api_stand_in import WORKFLOW, ApiStandIn, event
from jarvis.cli import main

ROW = {"id": WORKFLOW, "name": "Deploy mysite", "status": "running", "title": "May it?"}


@pytest.fixture(autouse=True)
def api(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[ApiStandIn]:
    with ApiStandIn() as stand_in:
        for name in [name for name in os.environ if name.startswith("JARVIS_")]:
            monkeypatch.delenv(name)
        monkeypatch.setenv("JARVIS_URL", stand_in.url)
        monkeypatch.setenv("JARVIS_HOME", str(tmp_path))
        config.settings.cache_clear()
        yield stand_in
    config.settings.cache_clear()


def verb(api: ApiStandIn, noun: str, name: str) -> str:
    path = f"/api/v1/{noun}/{WORKFLOW}/{name}"
    api.answer(f"POST {path}", 202, ROW)
    return path


@pytest.mark.parametrize(
    ("words", "body"),
    [
        (["cancel"], {}),
        (["pause"], {}),
        (["resume"], {}),
        (["retry"], {"from": "failed"}),
        (["retry", "--from", "start"], {"from": "start"}),
    ],
    ids=" ".join,
)
def test_it_works(
    api: ApiStandIn, capsys: pytest.CaptureFixture[str], words: list[str], body: dict[str, str]
) -> None:
    path = verb(api, "workflows", words[0])
    assert main(["workflows", words[0], WORKFLOW, *words[1:]]) == 0
    (seen,) = api.asked("POST", path)
    assert json.loads(seen.body) == body
    assert f"jarvis workflows watch {WORKFLOW}" in capsys.readouterr().out
    assert main(["workflows", words[0], WORKFLOW, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == ROW


@pytest.mark.parametrize(
    ("words", "body"),
    [
        (["done"], {"note": "", "answer": {}}),
        (["done", "--note", "Yes", "--answer", '{"good": true}'], {"note": "Yes", "answer": {"good": True}}),
        (["reject", "--reason", "Too dear"], {"reason": "Too dear"}),
    ],
    ids=" ".join,
)
def test_a_task_is_answered(
    api: ApiStandIn, capsys: pytest.CaptureFixture[str], words: list[str], body: dict[str, Any]
) -> None:
    path = verb(api, "tasks", words[0])
    assert main(["tasks", words[0], WORKFLOW, *words[1:]]) == 0
    (seen,) = api.asked("POST", path)
    assert json.loads(seen.body) == body
    assert "May it?" in capsys.readouterr().out
    assert main(["tasks", words[0], WORKFLOW, *words[1:], "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == ROW


@pytest.mark.parametrize(
    "words", [["done", "x", "--answer", "[1]"], ["done", "x", "--answer", "{"], ["reject", "x"]]
)
def test_a_wrong_use_asks_nothing(api: ApiStandIn, words: list[str]) -> None:
    assert main(["tasks", *words]) == 2
    assert api.seen == []


def test_lists_hand_on_their_filters(api: ApiStandIn) -> None:
    for noun in ("workflows", "tasks"):
        api.answer(f"GET /api/v1/{noun}", 200, {"items": [], "next": None})
    assert main(["workflows", "list", "--by", "kim", "--service", "a", "--since", "2026-03-02"]) == 0
    assert main(["tasks", "list", "--for", "kim", "--priority", "high"]) == 0
    first, second = api.seen
    assert first.query == {"created_by": ["kim"], "service": ["a"], "since": ["2026-03-02"], "limit": ["50"]}
    assert second.query == {"assigned_to": ["kim"], "priority": ["high"], "limit": ["50"]}


def test_lines_of_programs_are_shown_line_by_line(
    api: ApiStandIn, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = [[0.0, "out", "first of them"], [0.5, "err", "second of them"]]
    api.story.insert(2, event(3, "log", "unpack", "second of them", lines=lines, first=1, count=2))
    for number, one in enumerate(api.story, 1):
        one["sequence"] = number
    assert main(["workflows", "watch", WORKFLOW]) == 0
    told = [line.strip() for line in capsys.readouterr().out.splitlines()]
    assert [line.split(None, 1)[1] for line in told if "of them" in line] == [
        "first of them",
        "second of them",
    ]


def test_watching_begins_where_it_is_told(api: ApiStandIn, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["workflows", "watch", WORKFLOW, "--after", "3"]) == 0
    told = capsys.readouterr().out
    assert "3 files" not in told
    assert "mysite answers" in told


def test_watching_goes_on_after_a_broken_connection_without_telling_twice(
    api: ApiStandIn, capsys: pytest.CaptureFixture[str]
) -> None:
    api.cuts = [3, 1]
    assert main(["workflows", "watch", WORKFLOW]) == 0
    told = capsys.readouterr().out
    assert told.count("3 files") == told.count("mysite answers") == 1
    streams = [seen for seen in api.seen if seen.path.endswith("/events")]
    assert [seen.headers.get("Last-Event-ID") for seen in streams] == [None, "3", "4"]


def test_the_last_end_of_a_workflow_counts(api: ApiStandIn) -> None:
    api.story[-1] = event(6, "end", message="Broken.", status="failed")
    assert main(["workflows", "watch", WORKFLOW]) == 1
    api.story.append(event(7, "queued", message="Begun again"))
    api.story.append(event(8, "end", message="Deployed.", status="completed"))
    assert main(["workflows", "watch", WORKFLOW]) == 0


@pytest.mark.parametrize(("status", "code"), [("completed", 0), ("failed", 1)])
def test_a_workflow_whose_end_was_told_before_is_told_by_its_row(
    api: ApiStandIn, status: str, code: int
) -> None:
    api.answer(f"GET /api/v1/workflows/{WORKFLOW}/events", 204, b"")
    api.answer(f"GET /api/v1/workflows/{WORKFLOW}", 200, {**ROW, "status": status})
    assert main(["workflows", "watch", WORKFLOW, "--after", "6"]) == code


def test_a_question_to_a_person_names_the_task(api: ApiStandIn, capsys: pytest.CaptureFixture[str]) -> None:
    api.story.insert(5, event(6, "asked", "switch", "Asked a person: May it?", task="4711"))
    api.story[-1]["sequence"] = 7
    assert main(["workflows", "watch", WORKFLOW]) == 0
    assert "jarvis tasks show 4711" in capsys.readouterr().out
