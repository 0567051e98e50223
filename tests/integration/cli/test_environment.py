"""`jarvis env` against the application, answering over HTTP."""

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest

import api_lab
from jarvis.cli import main
from jarvis.settings import variables
from services.db_service import db_service

pytestmark = pytest.mark.usefixtures("answering")

Run = Callable[..., tuple[int, str, str]]
SECRET = "s3cret-of-the-shop"


class _Screen(io.TextIOWrapper):
    """An input where somebody types."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """`run(*words, typed=…)` gives the exit code and what was printed."""

    def run(*words: str, typed: bytes = b"", screen: bool = False) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "stdin", (_Screen if screen else io.TextIOWrapper)(io.BytesIO(typed)))
        capsys.readouterr()
        code = main(["env", *words])
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


def values(name: str, version: int) -> dict[str, str]:
    with db_service.get_session() as session:
        return variables.resolve(session, name, version, at="run")


def test_it_works(run: Run) -> None:
    code, out, err = run("set", "shop", "LEVEL=info", "URL=http://x/?a=b", "EMPTY=")
    assert (code, err) == (0, "")
    changed, effect = out.splitlines()
    assert changed == "Version 1: EMPTY, LEVEL, URL"
    assert effect.endswith("jarvis deploy PATH --name shop")
    assert values("shop", 1) == {"LEVEL": "info", "URL": "http://x/?a=b", "EMPTY": ""}
    code, out, _ = run("list", "shop")
    titles, _, level, _ = out.splitlines()
    assert titles.split() == ["NAME", "VALUE", "PHASE", "VERSION", "BY", "SET"]
    assert level.split()[:5] == ["LEVEL", "info", "both", "1", "admin"]
    assert run("unset", "shop", "URL", "EMPTY")[1].startswith("Version 2: EMPTY, URL\n")
    assert json.loads(run("list", "shop", "--json")[1])["version"] == 2


def test_the_service_may_stand_before_the_verb(run: Run) -> None:
    assert run("before", "set", "A=1")[0] == 0
    assert "A " in run("before", "list")[1]
    assert run("before", "nonsense")[0] == 2
    assert run("before")[0] == 2


def test_a_secret_is_read_from_standard_input_and_not_printed(run: Run) -> None:
    code, out, err = run(
        "set", "sealed", "KEY", "--secret", "--run", typed=f"{SECRET}\nsecond line\n".encode()
    )
    assert code == 0
    assert values("sealed", 1) == {"KEY": f"{SECRET}\nsecond line"}
    listed = run("list", "sealed")[1]
    assert "(secret)" in listed
    assert " run " in listed
    assert SECRET not in out + err + listed + run("list", "sealed", "--json")[1]
    assert run("set", "sealed", "KEY=open", "--plain")[0] == 0
    assert "open" in run("list", "sealed")[1]


def test_a_secret_is_asked_for_on_a_screen(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(click, "prompt", lambda key, **_: f"typed for {key}")
    assert run("set", "asked", "A", "B", "--secret", screen=True)[0] == 0
    assert values("asked", 1) == {"A": "typed for A", "B": "typed for B"}


@pytest.mark.parametrize(
    ("words", "typed", "said"),
    [
        (("A", "B=1"), b"x", "only one"),
        (("A=1", "A=2"), b"", "twice"),
        (("A",), b"\xff", "UTF-8"),
        (("A=\udcff",), b"", "UTF-8"),
    ],
)
def test_a_wrong_use_sets_nothing(run: Run, words: tuple[str, ...], typed: bytes, said: str) -> None:
    code, _, err = run("set", "wrong", *words, typed=typed)
    assert code == 2
    assert said in err
    assert run("list", "wrong")[0] == 1


def test_a_refusal_is_shown_in_words(run: Run) -> None:
    code, out, err = run("set", "refused", "PORT=80")
    assert (code, out) == (1, "")
    assert "PORT is set by Jarvis" in err
    code, _, err = run("unset", "refused", "NOTHING")
    assert code == 1
    assert "jarvis env list refused" in err


def test_a_file_is_imported(run: Run, tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text(f"# of the shop\nexport A=1\nKEY='{SECRET}\nmore'\n")
    code, out, _ = run("import", "filed", str(file), "--secret", "--build", "--run")
    assert code == 0
    assert SECRET not in out
    assert values("filed", 1) == {"A": "1", "KEY": f"{SECRET}\nmore"}
    file.write_text(f"A=2\n{SECRET}\n")
    code, _, err = run("import", "filed", str(file))
    assert code == 1
    assert "Line 2 cannot be read" in err
    assert SECRET not in err
    assert json.loads(run("list", "filed", "--json")[1])["version"] == 1
    assert run("import", "filed", "-", "--json", typed=b"B=1")[0] == 0


@pytest.mark.parametrize("content", [b"\xff", b"#" * (1024 * 1024 + 1)])
def test_a_file_that_is_none_is_refused(run: Run, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / ".env"
    file.write_bytes(content)
    assert run("import", "nothing", str(file))[0] == 2


def test_nothing_set_is_said(run: Run, api: api_lab.Api) -> None:
    api.seed.live("silent")
    assert run("list", "silent")[1] == "Nothing is set for silent.\n"
