"""COBOL."""

from collections.abc import Callable
from pathlib import Path

import pytest

from grove import backed, plant
from jarvis.analysis.candidate import Candidate
from jarvis.analysis.detectors import cobol

Look = Callable[[dict[str, str]], Candidate]
FIXED = (
    "       IDENTIFICATION DIVISION.\n       PROGRAM-ID. SHOP.\n"
    "       PROCEDURE DIVISION.\n           STOP RUN.\n"
)
FREE = "IDENTIFICATION DIVISION.\nPROGRAM-ID. SHOP.\nPROCEDURE DIVISION.\nSTOP RUN.\n"
CALLED = "       IDENTIFICATION DIVISION.\n       PROGRAM-ID. PRICE.\n       LINKAGE SECTION.\n"


@pytest.fixture
def look(tmp_path: Path) -> Look:
    def write(files: dict[str, str]) -> Candidate:
        tree = plant(tmp_path, files)
        return backed(cobol.detect(tree), tree)

    return write


def test_it_works(look: Look):
    found = look({"shop.cbl": FIXED})
    assert (found.kind, found.language, found.framework) == ("script", "cobol", "none")
    assert (found.build_command, found.start_command) == ("cobc -x -o shop shop.cbl", "./shop")


@pytest.mark.parametrize("path", ["index.cbl", "src/index.cob", "INDEX.CBL"])
def test_a_usual_name_comes_first(look: Look, path: str):
    found = look({"src/about.cbl": FIXED, path: FIXED})
    assert found.start_command.lower() == "./index"
    assert found.against


def test_programs_that_are_called_are_compiled_with_it(look: Look):
    found = look({"abc.cbl": CALLED, "shop.cbl": FIXED})
    assert (found.build_command, found.against) == ("cobc -x -o shop shop.cbl abc.cbl", [])


def test_the_free_form_is_told_to_the_compiler(look: Look):
    assert look({"shop.cob": FREE}).build_command == "cobc -x -free -o shop shop.cob"


def test_another_folder_is_none(tmp_path: Path):
    assert cobol.detect(plant(tmp_path, {"index.html": "x"})) is None
