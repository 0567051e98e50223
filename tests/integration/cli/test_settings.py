"""`jarvis settings check`: it needs no server."""

import json
from pathlib import Path

import pytest

from jarvis.cli import main


def test_it_works(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "jarvis.toml"
    file.write_text('drain = "5s"\n[health]\npath = "/up"\n')
    assert main(["settings", "check", str(tmp_path)]) == 0
    assert capsys.readouterr().out == f"{file} is right.\n"
    assert main(["settings", "check", str(file), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"file": str(file), "problems": []}


def test_all_that_is_wrong_is_told_with_its_lines(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "jarvis.toml"
    file.write_text('drain = "x"\n\n[limts]\nmemory = 1\n')
    assert main(["settings", "check", str(file)]) == 1
    said = capsys.readouterr().err.splitlines()
    assert said[0] == f"{file}:1: drain must be a time, not “x”."
    assert said[2] == f"{file}:3: There is no setting limts."
    assert said[3] == "  → Did you mean limits?"
    assert main(["settings", "check", str(file), "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert [(one["line"], one["key"]) for one in told["problems"]] == [(1, "drain"), (3, "limts")]


def test_a_file_that_is_not_there_is_said_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["settings", "check", str(tmp_path)]) == 1
    assert "jarvis.toml cannot be read" in capsys.readouterr().err
