"""docs/reference says what the code says."""

import subprocess
import sys
from dataclasses import MISSING, fields

import pytest

import pages
import reference
from config import Settings, variable
from jarvis.api.openapi import document

FOLDER = pages.ROOT / "docs" / "reference"
ROWS = {
    cells[1].strip(): cells[2].strip()
    for line in (FOLDER / "settings.md").read_text(encoding="utf-8").splitlines()
    if line.startswith("| `") and (cells := line.split("|"))
}


def test_it_works() -> None:
    # In a process of its own: click keeps the help option of a command as it was asked for first.
    check = [sys.executable, reference.__file__, "--check"]
    run = subprocess.run(check, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (0, "")


@pytest.mark.parametrize("item", fields(Settings), ids=lambda item: item.name)
def test_every_setting_stands_there_with_its_default(item) -> None:
    told = ROWS[f"`{variable(item.name)}`"]
    if item.default is MISSING:
        assert told == reference.NO_FIXED_DEFAULT[item.name]
    else:
        assert told == (f"`{item.default}`" if item.default != "" else "empty")


def test_no_setting_stands_there_that_is_gone() -> None:
    assert set(ROWS) == {f"`{variable(item.name)}`" for item in fields(Settings)}


def test_every_operation_stands_there_once() -> None:
    told = (FOLDER / "api.md").read_text(encoding="utf-8")
    for path, methods in document()["paths"].items():
        for method in methods:
            assert told.count(f"| {method.upper()} | `{path}` |") == 1
