"""status, logs, rollback, remove, up, down and the read-only groups against the stand-in."""

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import config
from api_stand_in import DEPLOYMENT, URL, WORKFLOW, ApiStandIn
from jarvis.cli import main
from jarvis.errors import PortTaken

OLDER = "44444444-4444-4444-8444-444444444444"
SERVICE = {
    "name": "mysite",
    "hosts": ["mysite.localhost"],
    "urls": [URL],
    "deployment_id": DEPLOYMENT,
    "status": "running",
    "health_status": "healthy",
    "deployed_at": "2026-01-02T03:04:05+00:00",
    "releases": 2,
    "deployments": [{"id": DEPLOYMENT, "status": "running"}, {"id": OLDER, "status": "stopped"}],
}


@pytest.fixture(autouse=True)
def api(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[ApiStandIn]:
    with ApiStandIn(services=[SERVICE]) as stand_in:
        for name in [name for name in os.environ if name.startswith("JARVIS_")]:
            monkeypatch.delenv(name)
        monkeypatch.setenv("JARVIS_URL", stand_in.url)
        monkeypatch.setenv("JARVIS_HOME", str(tmp_path))
        config.settings.cache_clear()
        yield stand_in
    config.settings.cache_clear()


def test_it_works(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["status"]) == 0
    titles, row = capsys.readouterr().out.splitlines()
    assert titles.split() == ["NAME", "URL", "STATE", "HEALTH", "DEPLOYED", "RELEASE"]
    assert row.split() == ["mysite", URL, "running", "healthy", "2026-01-02T03:04:05+00:00", "11111111"]


def test_status_of_one_shows_its_health_and_its_releases(
    api: ApiStandIn, capsys: pytest.CaptureFixture[str]
) -> None:
    since = "2026-01-02T03:04:05+00:00"
    health = {"status": "unhealthy", "since": since, "why": "it answers 500"}
    api.answer("GET /api/v1/services/mysite/health", 200, health)
    assert main(["status", "mysite"]) == 0
    shown = capsys.readouterr().out
    assert OLDER in shown
    assert f"Health: unhealthy, {since}: it answers 500" in shown
    assert main(["status", "mysite", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == SERVICE


def test_status_of_a_stranger_is_not_found(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["status", "no/such thing"]) == 1
    assert "There is no" in capsys.readouterr().err


def test_lists_are_items(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["status", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"items": [SERVICE]}


def test_all_pages_are_read(api: ApiStandIn, capsys: pytest.CaptureFixture[str]) -> None:
    pages: dict[str, dict[str, Any]] = {
        "": {"items": [{"id": "a"}, {"id": "b"}], "next": "c1"},
        "c1": {"items": [{"id": "c"}], "next": None},
    }

    def turn(seen: Any) -> None:
        api.answer("GET /api/v1/artifacts", 200, pages[seen.query.get("cursor", [""])[0]])

    api.before = turn
    assert main(["artifacts", "list", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"items": [{"id": "a"}, {"id": "b"}, {"id": "c"}]}
    assert main(["artifacts", "list", "--json", "--limit", "2"]) == 0
    assert len(json.loads(capsys.readouterr().out)["items"]) == 2


@pytest.mark.parametrize("group", ["workflows", "tasks", "artifacts", "domains"])
def test_the_groups_list_and_show(api: ApiStandIn, group: str, capsys: pytest.CaptureFixture[str]) -> None:
    row = {"id": OLDER, "status": "pending", "name": "x\x1b[2J", "metadata": {"deep": [1]}, "due_at": None}
    api.answer(f"GET /api/v1/{group}", 200, {"items": [row], "next": None})
    api.answer(f"GET /api/v1/{group}/{OLDER}", 200, row)
    for words in ([group, "list"], [group, "show", OLDER]):
        assert main(words) == 0
        told = capsys.readouterr().out
        assert OLDER in told
        assert "\x1b" not in told
    assert main([group, "show", OLDER, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == row


def test_workflows_can_be_filtered(api: ApiStandIn) -> None:
    api.answer("GET /api/v1/workflows", 200, {"items": []})
    assert main(["workflows", "list", "--status", "failed", "--type", "deploy"]) == 0
    assert api.seen[0].query == {"status": ["failed"], "type": ["deploy"], "limit": ["50"]}


def test_a_workflow_can_be_watched(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["workflows", "watch", WORKFLOW]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "Deploy mysite: completed."


def test_logs_are_told_in_order(api: ApiStandIn, capsys: pytest.CaptureFixture[str]) -> None:
    api.logs = [
        {
            "time": "x",
            "deployment_id": DEPLOYMENT,
            "sequence": 1,
            "kind": "line",
            "step": "build",
            "message": "a",
        },
        {
            "time": "x",
            "deployment_id": DEPLOYMENT,
            "sequence": 2,
            "kind": "error",
            "step": None,
            "message": "b",
        },
    ]
    assert main(["logs", "mysite", "--limit", "7"]) == 0
    assert [line.split() for line in capsys.readouterr().out.splitlines()] == [
        ["x", "build", "a"],
        ["x", "error", "!", "b"],
    ]
    assert api.seen[0].query == {"limit": ["7"]}
    assert main(["logs", "mysite", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"items": api.logs}


def test_followed_logs_show_each_line_once(
    api: ApiStandIn, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import jarvis.cli.logs

    def grow(_: float) -> None:
        if len(api.logs) == 3:
            raise KeyboardInterrupt
        api.logs.append({"deployment_id": DEPLOYMENT, "sequence": len(api.logs), "message": "m"})

    monkeypatch.setattr(jarvis.cli.logs.time, "sleep", grow)
    assert main(["logs", "mysite", "--follow", "--json"]) == 130
    told = [json.loads(line)["sequence"] for line in capsys.readouterr().out.splitlines()]
    assert told == [0, 1, 2]


@pytest.mark.parametrize(
    ("to", "body"),
    [([], {}), (["--to", "4444"], {"deployment_id": OLDER}), (["--to", OLDER], {"deployment_id": OLDER})],
)
def test_rollback_waits(
    api: ApiStandIn, to: list[str], body: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["rollback", "mysite", *to]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == f"Rolled mysite back → {URL}"
    (asked,) = api.asked("POST", "/api/v1/services/mysite/rollback")
    assert json.loads(asked.body) == body


@pytest.mark.parametrize(("to", "words"), [("9", "No release"), ("-1111", "No release")])
def test_rollback_to_an_unknown_release_is_refused(
    api: ApiStandIn, to: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["rollback", "mysite", f"--to={to}"]) == 1
    assert words in capsys.readouterr().err
    assert not api.asked("POST", "/api/v1/services/mysite/rollback")


def test_rollback_to_one_of_several_is_refused(api: ApiStandIn, capsys: pytest.CaptureFixture[str]) -> None:
    api.services = [{**SERVICE, "deployments": [{"id": "abc1"}, {"id": "abc2"}]}]
    assert main(["rollback", "mysite", "--to", "ABC"]) == 1
    assert "Several releases" in capsys.readouterr().err


def test_remove_needs_a_word_when_nobody_can_be_asked(
    api: ApiStandIn, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["remove", "mysite"]) == 2
    assert "--yes" in capsys.readouterr().err
    assert api.seen == []


def test_remove_waits(api: ApiStandIn, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["remove", "mysite", "--yes"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "Removed mysite."
    assert len(api.asked("DELETE", "/api/v1/services/mysite")) == 1
    assert main(["remove", "mysite", "--yes", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["name"], told["workflow_id"], told["status"]) == ("mysite", WORKFLOW, "completed")


@pytest.mark.parametrize(("answer", "code", "asked"), [(True, 0, 1), (False, 1, 0)])
def test_remove_asks_on_a_terminal(
    api: ApiStandIn, monkeypatch: pytest.MonkeyPatch, answer: bool, code: int, asked: int
) -> None:
    import jarvis.cli.remove

    questions: list[str] = []
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(jarvis.cli.remove.click, "confirm", lambda text: questions.append(text) or answer)
    assert main(["remove", "mysite"]) == code
    assert questions == [f"Remove mysite ({URL})?"]
    assert len(api.asked("DELETE", "/api/v1/services/mysite")) == asked


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Any]]:
    """A stand-in for `jarvis.embedded.up`, which starts real servers."""
    calls: list[tuple[str, Any]] = []
    module = ModuleType("jarvis.embedded.up")

    def up(settings: Any, *, detach: bool, say: Any) -> dict[str, Any]:
        calls.append(("detached" if detach else "here", settings))
        say("Starting …")
        return {"web_url": "http://127.0.0.1:8700"}

    def down(settings: Any, *, say: Any, keep_programs: bool) -> dict[str, Any]:
        assert not keep_programs
        calls.append(("down", settings))
        say("Stopping …")
        raise PortTaken("Something is wrong.", "Do this.", {"port": 1})

    monkeypatch.setattr(module, "up", up, raising=False)
    monkeypatch.setattr(module, "down", down, raising=False)
    monkeypatch.setitem(sys.modules, "jarvis.embedded.up", module)
    return calls


def test_up_passes_the_options_on(
    started: list[tuple[str, Any]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = tmp_path / "elsewhere"
    assert main(["up", "-d", "--http-port", "80", "--web-port", "81", "--home", str(home), "--json"]) == 0
    how, settings = started[0]
    assert (how, settings.http_port, settings.web_port, settings.home) == ("detached", 80, 81, home)
    assert json.loads(capsys.readouterr().out) == {"web_url": "http://127.0.0.1:8700"}
    assert main(["up"]) == 0
    assert started[1][0] == "here"
    assert capsys.readouterr().out == "Starting …\n"


def test_down_tells_what_went_wrong(
    started: list[tuple[str, Any]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["down"]) == 1
    assert capsys.readouterr().err == "Error: Something is wrong.\n  → Do this.\n"
    assert [how for how, _ in started] == ["down"]


def test_deploy_starts_a_jarvis_where_none_runs(
    api: ApiStandIn,
    started: list[tuple[str, Any]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.delenv("JARVIS_URL")
    page = tmp_path / "page.html"
    page.write_text("hello")
    real = sys.modules["jarvis.embedded.up"].up

    def up(settings: Any, **options: Any) -> Any:
        (tmp_path / "run").mkdir()
        state = {"pid": os.getpid(), "web_url": api.url}
        (tmp_path / "run" / "jarvis.json").write_text(json.dumps(state))
        return real(settings, **options)

    monkeypatch.setattr(sys.modules["jarvis.embedded.up"], "up", up)
    assert main(["deploy", str(page)]) == 0
    told = capsys.readouterr().out
    assert "No Jarvis is running here: starting one.\nStarting …\n" in told
    assert f"→ {URL}" in told
    assert [how for how, _ in started] == ["detached"]
