"""Finding the server, and servers that are none of ours."""

import json
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

import config
from api_stand_in import ApiStandIn, problem
from jarvis.cli import main, wire


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    for name in [name for name in os.environ if name.startswith("JARVIS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("JARVIS_HOME", str(tmp_path))
    (tmp_path / "run").mkdir()
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "token").write_text("local-token\n")
    config.settings.cache_clear()
    yield tmp_path
    config.settings.cache_clear()


@pytest.fixture
def api() -> Iterator[ApiStandIn]:
    with ApiStandIn() as stand_in:
        yield stand_in


def runs(home: Path, url: str, pid: int | None = None) -> None:
    (home / "run" / "jarvis.json").write_text(json.dumps({"pid": pid or os.getpid(), "web_url": url}))


def dead_pid() -> int:
    child = os.fork()
    if not child:
        os._exit(0)
    os.waitpid(child, 0)
    return child


def test_it_works(api: ApiStandIn, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    runs(home, api.url)
    assert main(["status"]) == 0
    assert "Nothing is deployed." in capsys.readouterr().out
    assert [seen.path for seen in api.seen] == ["/healthz", "/api/v1/services"]
    assert api.seen[-1].headers["Authorization"] == "Bearer local-token"


@pytest.mark.parametrize(
    "state", ["", "{}", "[]", "null", '{"pid": "x", "web_url": 1}', '{"pid": -1, "web_url": ""}']
)
def test_without_one_it_says_how_to_start_it(
    home: Path, state: str, capsys: pytest.CaptureFixture[str]
) -> None:
    if state:
        (home / "run" / "jarvis.json").write_text(state)
    assert main(["status"]) == 1
    told = capsys.readouterr().err
    assert told.startswith("Error: No Jarvis is running here.\n  → ")
    assert "jarvis up" in told
    assert "JARVIS_URL" in told


def test_a_state_file_left_behind_is_no_jarvis(
    api: ApiStandIn, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    runs(home, api.url, dead_pid())
    assert main(["status"]) == 1
    assert "No Jarvis is running here." in capsys.readouterr().err
    assert api.seen == []


def test_one_that_does_not_answer_is_told_apart(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    runs(home, f"http://127.0.0.1:{port}")
    assert main(["status"]) == 1
    assert "does not answer at" in capsys.readouterr().err


def test_url_wins_and_may_have_a_path(api: ApiStandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JARVIS_URL", "http://127.0.0.1:1")
    api.answer("GET /behind/api/v1/services", 200, {"items": []})
    assert main(["status", "--url", f"{api.url}/behind/"]) == 0
    assert main(["--url", f"{api.url}/behind", "status"]) == 0


def test_the_token_may_come_from_a_file(
    api: ApiStandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "t").write_text("from-file\n")
    monkeypatch.setenv("JARVIS_TOKEN_FILE", str(tmp_path / "t"))
    assert main(["status", "--url", api.url]) == 0
    assert api.seen[0].headers["Authorization"] == "Bearer from-file"


def test_the_local_token_stays_on_this_machine(home: Path) -> None:
    from jarvis.cli.server import _is_here

    assert [_is_here(f"http://{host}:8700/") for host in ("127.0.0.1", "localhost", "[::1]")] == [True] * 3
    for host in ("example.org", "localhost.example.org", "10.0.0.1", "127.0.0.1.example.org", "[bad"):
        assert not _is_here(f"http://{host}/")


@pytest.mark.parametrize(
    ("status", "kind", "body", "words"),
    [
        (200, "text/html", b"<html>hello</html>", "does not answer as Jarvis does (HTTP 200, text/html)"),
        (200, "application/json", b"[]", "does not answer as Jarvis does"),
        (200, "application/json", b"[" * 100_000, "does not answer as Jarvis does"),
        (404, "text/plain", b"no", "does not answer as Jarvis does (HTTP 404, text/plain)"),
        (502, "text/html", b"bad gateway", "does not answer as Jarvis does (HTTP 502"),
        (500, "application/json", b'{"error": "x"}', "does not answer as Jarvis does (HTTP 500"),
        (302, "text/html", b"", "sends us on to https://elsewhere.example/"),
        (200, "application/json", b"{}", "without a list"),
    ],
)
def test_a_stranger_is_told_apart(
    api: ApiStandIn, status: int, kind: str, body: bytes, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    api.answer("GET /api/v1/services", status, body, kind)
    assert main(["status", "--url", api.url]) == 1
    told = capsys.readouterr().err
    assert words in told
    assert "  → " in told


def test_an_endless_answer_is_not_read(
    api: ApiStandIn, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(wire, "LARGEST_ANSWER", 1000)
    api.answer("GET /api/v1/services", 200, {"items": [], "filling": "x" * 2000})
    assert main(["status", "--url", api.url]) == 1
    assert "does not answer as Jarvis does" in capsys.readouterr().err


def test_the_servers_own_error_is_shown_as_it_is(api: ApiStandIn, capsys: pytest.CaptureFixture[str]) -> None:
    refusal = problem(401, "not_authenticated", "The token is not known.", "Make a new one.")
    api.answer("GET /api/v1/services", 401, refusal, "application/problem+json")
    assert main(["status", "--url", api.url]) == 1
    assert capsys.readouterr().err == "Error: The token is not known.\n  → Make a new one.\n"
    assert main(["status", "--url", api.url, "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["code"], told["status"], told["hint"]) == ("not_authenticated", 401, "Make a new one.")


def test_a_silent_server_is_given_up(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(wire, "ANSWER_TIMEOUT", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as mute:
        assert main(["status", "--url", f"http://127.0.0.1:{mute.getsockname()[1]}"]) == 1
    assert "it took too long" in capsys.readouterr().err


@pytest.mark.parametrize(
    "url", ["ftp://x", "http://", "http://u:p@host", "http://h:99999", "http://[x", "nonsense"]
)
def test_a_wrong_address_is_wrong_use(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["status", "--url", url]) == 2
    assert "JARVIS_URL must be an address" in capsys.readouterr().err


def test_a_wrong_variable_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("JARVIS_WEB_PORT", "many")
    assert main(["status"]) == 2
    assert "JARVIS_WEB_PORT must be a whole number" in capsys.readouterr().err
