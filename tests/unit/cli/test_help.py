"""Help, options and variables; nothing is contacted."""

import json
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import click
import pytest

from jarvis.cli import COMMANDS, jarvis, main
from jarvis.cli.lazy import LazyGroup

Found = tuple[str, click.Command, str]


def commands(group: LazyGroup, words: str = "jarvis") -> Iterator[Found]:
    for name, line in group.lines.items():
        found = import_module(f"{group.package}.{name}").command
        yield f"{words} {name}", found, line
        if isinstance(found, LazyGroup):
            yield from commands(found, f"{words} {name}")


assert isinstance(jarvis, LazyGroup)
EVERY: list[Found] = list(commands(jarvis))


def test_it_works(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    told = capsys.readouterr().out
    assert all(f"  {name} " in told and line in told for name, line in COMMANDS.items())


@pytest.mark.parametrize(("words", "command", "line"), EVERY, ids=[words for words, _, _ in EVERY])
def test_every_command_teaches(
    words: str, command: click.Command, line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*words.split()[1:], "--help"]) == 0
    told = capsys.readouterr().out
    assert line == (command.help or "").split("\n")[0], "the listing shows another line than the command"
    assert "Example" in told
    assert words in told.split("Example")[1]
    if not isinstance(command, click.Group):
        assert "--json" in told


@pytest.mark.parametrize(("words", "command", "line"), EVERY, ids=[words for words, _, _ in EVERY])
def test_every_option_names_its_variable(words: str, command: click.Command, line: str) -> None:
    context = command.make_context(
        words, [], resilient_parsing=True, auto_envvar_prefix=words.upper().replace(" ", "_")
    )
    for option in command.params:
        if isinstance(option, click.Option):
            record = option.get_help_record(context)
            assert record is not None
            assert "env var: JARVIS_" in record[1], option.name


def test_the_listing_loads_no_command_and_no_floor() -> None:
    code = (
        "import sys; from jarvis.cli import main; main(['--help']);"
        "heavy = {'dbos', 'sqlalchemy', 'flask', 'msgspec', 'http.client', 'config', 'jarvis.cli.deploy'};"
        "sys.exit(' '.join(heavy & set(sys.modules)) or 0)"
    )
    run = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (0, "")


def test_no_client_command_loads_the_database_layer() -> None:
    names = [f"jarvis.cli.{'.'.join(words.split()[1:])}" for words, _, _ in EVERY]
    code = (
        f"import sys, importlib; [importlib.import_module(name) for name in {names!r}]; import config;"
        "sys.exit(' '.join({'dbos', 'sqlalchemy', 'flask', 'msgspec', 'psycopg'} & set(sys.modules)) or 0)"
    )
    run = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (0, "")


def test_a_wrong_word_is_answered_with_a_like_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["deploi"]) == 2
    assert "deploy" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words", [["deploy"], ["deploy", "--nonsense"], ["up", "--http-port", "0"], ["remove"]]
)
def test_wrong_use_is_exit_code_2(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 2
    assert "Error:" in capsys.readouterr().err
    assert main([*words, "--json"]) == 2
    told = capsys.readouterr()
    body = json.loads(told.out)
    assert (body.get("code") or body["error"]["code"], told.err) == ("usage", "")


def test_variables_named_like_help_and_version_do_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("JARVIS_VERSION", "1")
    monkeypatch.setenv("JARVIS_HELP", "1")
    monkeypatch.setenv("JARVIS_STATUS_HELP", "1")
    assert main(["status", "--home", str(tmp_path)]) == 1
    assert "No Jarvis is running here." in capsys.readouterr().err


def test_there_is_no_option_for_a_token() -> None:
    for words, command, _ in EVERY:
        named = [option for option in command.params if "token" in str(option.name)]
        # A flag holds nothing: it says that something is asked for, unseen.
        assert not [option for option in named if not getattr(option, "is_flag", False)], words
