"""`jarvis webhooks` against the application, answering over HTTP."""

import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from werkzeug.serving import make_server

import config
import hooks
from api_lab import Api
from jarvis.accounts.roles import Role
from jarvis.cli import main
from jarvis.cli.webhooks import test as command
from receiver import Receiver

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(api: Api, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Run]:
    """`run(*words)` gives the exit code and what was printed."""
    server = make_server("127.0.0.1", 0, api.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    monkeypatch.setenv("JARVIS_URL", f"http://127.0.0.1:{server.server_port}")
    monkeypatch.setenv("JARVIS_TOKEN", api.tokens[Role.ADMIN])
    config.settings.cache_clear()

    def run(*words: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main(["webhooks", *words])
        said = capsys.readouterr()
        return code, said.out, said.err

    yield run
    server.shutdown()
    server.server_close()
    thread.join()


def test_it_works(run: Run) -> None:
    code, out, _ = run("add", "https://example.org/x", "--event", "task", "--event", "workflow.failed")
    assert code == 0
    added, secret, warning, following = out.splitlines()
    key = added.split()[1].rstrip(".")
    assert secret.startswith("Secret: whsec_")
    assert "not shown again" in warning
    assert following == f"Next: jarvis webhooks test {key}"
    code, out, _ = run("list")
    titles, row = out.splitlines()
    assert titles.split() == ["ID", "NAME", "URL", "EVENTS", "ACTIVE", "CREATED"]
    assert row.startswith(key)
    assert "example.org" in row
    code, out, _ = run("show", key, "--json")
    assert json.loads(out)["events"] == ["task", "workflow.failed"]
    assert run("remove", key) == (0, f"Removed {key}.\n", "")
    assert run("list")[1] == "There are none.\n"


def test_a_secret_from_a_file_is_not_printed(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text(hooks.SECRET + "\n")
    code, out, _ = run("add", "https://example.org/x", "--secret-file", str(file), "--name", "chat")
    assert code == 0
    assert hooks.SECRET not in out
    assert hooks.hook(out.split()[1].rstrip(".")).name == "chat"
    file.write_text("\n")
    assert run("add", "https://example.org/x", "--secret-file", str(file))[0] == 2


def test_programs_get_the_secret_as_json(run: Run) -> None:
    code, out, _ = run("add", "https://example.org/x", "--json")
    assert code == 0
    assert json.loads(out)["secret"].startswith("whsec_")


def test_an_address_that_cannot_be_told_is_refused_in_words(run: Run) -> None:
    code, out, err = run("add", "http://169.254.169.254/")
    assert (code, out) == (1, "")
    assert "link-local" in err


def test_a_test_is_waited_for(run: Run, receiver: Receiver, worker: Callable[..., object]) -> None:
    key = json.loads(run("add", receiver.url, "--json")[1])["id"]
    worker()
    assert run("test", key) == (0, "Delivered: the receiver answered 204.\n", "")
    receiver.statuses = [500] * 20
    code, _, err = run("test", key)
    assert code == 1
    assert "The receiver answered 500" in err
    code, out, _ = run("test", key, "--json")
    assert code == 1
    assert json.loads(out)["error"]["detail"].startswith("The receiver answered 500")
    receiver.statuses = []
    code, out, _ = run("deliveries", key, "--json", "--limit", "1", "--status", "delivered")
    assert [row["event"] for row in json.loads(out)["items"]] == ["webhook.test"]
    titles = run("deliveries", key)[1].splitlines()[0]
    assert titles.split() == ["ID", "EVENT", "STATUS", "ATTEMPTS", "ANSWER", "STATUS", "ERROR", "CREATED"]


def test_without_a_worker_the_test_ends_all_the_same(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "PATIENCE", 0)
    key = json.loads(run("add", "https://example.org/x", "--json")[1])["id"]
    code, _, err = run("test", key)
    assert code == 1
    assert "Nobody has sent it yet" in err


@pytest.mark.parametrize("words", [("show",), ("remove",), ("test",), ("deliveries",)])
def test_a_stranger_is_not_found(run: Run, words: tuple[str, ...]) -> None:
    code, _, err = run(*words, "no/such thing")
    assert code == 1
    assert "There is no webhook" in err or "nothing at this address" in err
