"""`jarvis deploy` against the stand-in for the API."""

import hashlib
import io
import json
import os
import signal
import subprocess
import sys
import tarfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

import api_stand_in
import config
from api_stand_in import ARTIFACT, DEPLOYMENT, GOOD_STORY, URL, WORKFLOW, ApiStandIn, event, problem
from jarvis.cli import main, read, stream


@pytest.fixture(autouse=True)
def api(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[ApiStandIn]:
    with ApiStandIn() as stand_in:
        for name in [name for name in os.environ if name.startswith("JARVIS_")]:
            monkeypatch.delenv(name)
        monkeypatch.setenv("JARVIS_URL", stand_in.url)
        monkeypatch.setenv("JARVIS_HOME", str(tmp_path / "home"))
        monkeypatch.setenv("JARVIS_TOKEN", "a-token")
        config.settings.cache_clear()
        yield stand_in
    config.settings.cache_clear()


@pytest.fixture
def site(tmp_path: Path) -> Path:
    folder = tmp_path / "mysite"
    (folder / "css").mkdir(parents=True)
    (folder / "index.html").write_text("<h1>hello</h1>")
    (folder / "css" / "a.css").write_text("h1 {}")
    return folder


def test_it_works(api: ApiStandIn, site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["deploy", str(site)]) == 0
    told = capsys.readouterr().out.splitlines()
    assert told[-1] == f"Deployed mysite → {URL}"
    assert [line.split()[:2] for line in told[:-1]] == [["✓", "upload"], ["✓", "unpack"], ["✓", "switch"]]
    assert told[1].split() == ["✓", "unpack", "3", "files,", "30", "B", "0.03", "s"]
    (upload,) = api.asked("POST", "/api/v1/artifacts")
    assert upload.query == {"filename": ["mysite"], "type": ["directory"], "analyse": ["false"]}
    with tarfile.open(fileobj=io.BytesIO(upload.body)) as archive:
        assert archive.getnames() == ["css", "css/a.css", "index.html"]
    (wish,) = api.asked("POST", "/api/v1/deployments")
    assert json.loads(wish.body) == {"artifact_id": ARTIFACT}
    assert {seen.headers["Authorization"] for seen in api.seen} == {"Bearer a-token"}
    assert len({seen.peer for seen in api.seen}) == 1, "one connection is kept for all requests"


def test_json_is_one_object(api: ApiStandIn, site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    api.story.insert(3, {**event(3, "warning", "unpack", "odd"), "sequence": 3})
    for number, one in enumerate(api.story, 1):
        one["sequence"] = number
    assert main(["deploy", str(site), "--json", "--name", "mysite", "--domain", "www.example.org"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert json.loads(out) == {
        "name": "mysite",
        "url": URL,
        "domain": "mysite.localhost",
        "deployment_id": DEPLOYMENT,
        "artifact_id": ARTIFACT,
        "workflow_id": WORKFLOW,
        "status": "completed",
        "warnings": ["odd"],
    }
    (wish,) = api.asked("POST", "/api/v1/deployments")
    assert json.loads(wish.body) == {"artifact_id": ARTIFACT, "name": "mysite", "domain": "www.example.org"}


@pytest.mark.parametrize("name", ["page.html", "site.zip", "site.tar.zst", "ä b&c.html"])
def test_a_file_is_sent_as_it_is(api: ApiStandIn, tmp_path: Path, name: str) -> None:
    body = os.urandom(700_000)
    (tmp_path / name).write_bytes(body)
    assert main(["deploy", str(tmp_path / name)]) == 0
    (upload,) = api.asked("POST", "/api/v1/artifacts")
    assert upload.query == {"filename": [name], "analyse": ["false"]}
    assert hashlib.sha256(upload.body).digest() == hashlib.sha256(body).digest()


def test_the_current_folder_is_sent_under_its_name(
    api: ApiStandIn, site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(site)
    assert main(["deploy", "."]) == 0
    assert api.asked("POST", "/api/v1/artifacts")[0].query["filename"] == ["mysite"]


def test_detached_it_does_not_wait(api: ApiStandIn, site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    api.hold = True
    assert main(["deploy", str(site), "--detach"]) == 0
    assert f"jarvis workflows watch {WORKFLOW}" in capsys.readouterr().out
    assert not api.asked("GET", f"/api/v1/workflows/{WORKFLOW}/events")


@pytest.mark.parametrize("what", ["missing", "empty", "empty.html", "pipe"])
def test_what_cannot_be_sent_is_refused_before_anything_is_sent(
    api: ApiStandIn, tmp_path: Path, what: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty.html").touch()
    os.mkfifo(tmp_path / "pipe")
    assert main(["deploy", str(tmp_path / what)]) == 1
    assert capsys.readouterr().err.startswith("Error: ")
    assert api.seen == []
    assert main(["deploy", str(tmp_path / what), "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["status"], told["url"], told["workflow_id"]) == ("failed", None, None)
    assert told["error"]["detail"]


def test_a_failed_deploy_says_why_and_what_next(
    api: ApiStandIn, site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    refusal = problem(422, "nothing_to_serve", "There is no index.html.", "Add one.", entry="x")
    api.story = [*GOOD_STORY[:2], event(3, "end", message="It failed.", status="failed", error=refusal)]
    assert main(["deploy", str(site)]) == 1
    assert capsys.readouterr().err == "Error: There is no index.html.\n  → Add one.\n"
    assert main(["deploy", str(site), "--json"]) == 1
    out, err = capsys.readouterr()
    told = json.loads(out)
    assert (err, told["status"], told["deployment_id"]) == ("", "failed", DEPLOYMENT)
    assert (told["error"]["code"], told["error"]["entry"]) == ("nothing_to_serve", "x")


def test_an_end_without_words_is_a_failure_too(
    api: ApiStandIn, site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    api.story = [event(1, "end")]
    assert main(["deploy", str(site)]) == 1
    assert "ended without success" in capsys.readouterr().err


@pytest.mark.parametrize("cuts", [[0], [1], [3, 0, 0, 1], [5]])
def test_a_broken_stream_is_taken_up_where_it_broke(
    api: ApiStandIn, site: Path, cuts: list[int], capsys: pytest.CaptureFixture[str]
) -> None:
    api.cuts = list(cuts)
    assert main(["deploy", str(site)]) == 0
    told = capsys.readouterr().out.splitlines()
    assert [line.split()[1] for line in told[:-1]] == ["upload", "unpack", "switch"]
    asked = api.asked("GET", f"/api/v1/workflows/{WORKFLOW}/events")
    assert len(asked) == len(cuts) + 1
    assert asked[-1].headers.get("Last-Event-ID", "0") == str(sum(cuts))


def test_a_restarting_server_is_waited_for(api: ApiStandIn, site: Path) -> None:
    path = f"GET /api/v1/workflows/{WORKFLOW}/events"
    api.answer(path, 502, b"<h1>Bad gateway</h1>", "text/html")

    def recover(_: api_stand_in.Seen) -> None:
        if len(api.asked("GET", path.removeprefix("GET "))) == 3:
            api.answers.clear()

    api.before = recover
    assert main(["deploy", str(site)]) == 0


def test_a_server_that_stays_away_is_given_up(
    api: ApiStandIn, site: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(stream.events, "__kwdefaults__", {"patience": 0.3})
    api.answer(f"GET /api/v1/workflows/{WORKFLOW}/events", 503, problem(503, "unavailable", "No database."))
    assert main(["deploy", str(site)]) == 1
    assert f"jarvis workflows watch {WORKFLOW}" in capsys.readouterr().err


def test_an_event_that_cannot_be_read_is_an_error(
    api: ApiStandIn, site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    api.story = [{"sequence": 1}]
    assert main(["deploy", str(site)]) == 1
    assert "cannot be read" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("mebibytes", "asked"), [(12, "POST /api/v1/artifacts!"), (64, "POST /api/v1/uploads")]
)
def test_an_upload_that_is_too_large_says_so(
    api: ApiStandIn, tmp_path: Path, capsys: pytest.CaptureFixture[str], mebibytes: int, asked: str
) -> None:
    with (tmp_path / "big.zip").open("wb") as file:
        file.truncate(mebibytes * 1024**2)
    refusal = problem(413, "too_large", "The upload is larger than 1 MB.", "Raise JARVIS_UPLOAD_LIMIT.")
    api.answer(asked, 413, refusal)
    assert main(["deploy", str(tmp_path / "big.zip")]) == 1
    assert "Raise JARVIS_UPLOAD_LIMIT." in capsys.readouterr().err


def test_a_file_that_changes_under_the_upload_is_named(
    api: ApiStandIn, site: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    opened = read.os.open

    def grow(path: str, flags: int) -> int:
        with Path(path).open("a") as file:
            file.write("more")
        return opened(path, flags)

    monkeypatch.setattr(read.os, "open", grow)
    assert main(["deploy", str(site)]) == 1
    assert "changed while it was read" in capsys.readouterr().err
    assert not api.asked("POST", "/api/v1/deployments")


def test_what_is_left_out_is_said(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (site / ".git").mkdir()
    assert main(["deploy", str(site)]) == 0
    assert "  Left out: .git (1)\n" in capsys.readouterr().out


def test_words_of_the_server_cannot_steer_the_terminal(
    api: ApiStandIn, site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    api.story = [event(1, "line", "x\x1b[1m", "a\x1b[2Jb\r"), *(dict(one) for one in GOOD_STORY)]
    for number, one in enumerate(api.story, 1):
        one["sequence"] = number
    assert main(["deploy", str(site)]) == 0
    told = capsys.readouterr().out
    assert "a\\u001b[2Jb\\u000d" in told
    assert "\x1b" not in told


@pytest.mark.parametrize("as_json", [False, True])
def test_ctrl_c_says_that_the_deploy_goes_on(api: ApiStandIn, site: Path, as_json: bool) -> None:
    api.story, api.hold = GOOD_STORY[:2], True
    waiting = threading.Event()
    api.before = lambda seen: waiting.set() if seen.path.endswith("/events") else None
    words = [sys.executable, "-m", "jarvis.cli", "deploy", str(site), *(["--json"] if as_json else [])]
    run = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert waiting.wait(20)
    run.send_signal(signal.SIGINT)
    out, err = run.communicate(timeout=20)
    assert run.returncode == 130
    assert f"The deploy goes on. Watch it: jarvis workflows watch {WORKFLOW}" in err
    if as_json:
        assert json.loads(out)["status"] == "interrupted"


def test_what_is_set_along_goes_with_the_same_request(
    api: ApiStandIn, site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text("A=1\n")
    (tmp_path / "key").write_bytes(b"from a file\n")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"from a pipe\n")))
    words = ["--env", "LEVEL=info=x", "--env-file", str(tmp_path / ".env"), "--set", "health.path=/up"]
    words += ["--secret", "API_KEY", "--secret", f"TLS_KEY=@{tmp_path / 'key'}"]
    assert main(["deploy", str(site), *words]) == 0
    (sent,) = api.asked("POST", "/api/v1/deployments")
    assert json.loads(sent.body) == {
        "artifact_id": ARTIFACT,
        "environment": {
            "set": {
                "LEVEL": {"value": "info=x"},
                "API_KEY": {"value": "from a pipe", "secret": True},
                "TLS_KEY": {"value": "from a file", "secret": True},
            },
            "text": "A=1\n",
        },
        "settings": {"text": {"health.path": "/up"}},
    }


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--secret", "KEY=hunter2"), "does not belong on the command line"),
        (("--secret", "KEY=@nowhere"), "The file of KEY cannot be read: No such file"),
        (("--secret", "A", "--secret", "B"), "Standard input gives one thing only"),
        (("--env", "KEY"), "KEY has no value: --env KEY=VALUE, or --secret KEY."),
        (("--env", "KEY=1", "--env", "KEY=2"), "KEY is given twice."),
        (("--env", "KEY=1", "--secret", "KEY"), "KEY is given twice."),
        (("--set", "drain"), "drain has no value"),
        (("--env-file", "nowhere"), "does not exist"),
    ],
)
def test_what_cannot_be_set_along_is_refused_before_anything_is_sent(
    api: ApiStandIn,
    site: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...],
    said: str,
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"x\n")))
    assert main(["deploy", str(site), *words]) == 2
    printed = capsys.readouterr().err
    assert said in " ".join(printed.split())
    assert "hunter2" not in printed
    assert api.asked("POST", "/api/v1/artifacts") == []
