"""Shell scripts."""

from collections.abc import Callable
from pathlib import Path

import pytest

from grove import backed, plant
from jarvis.analysis.candidate import Candidate
from jarvis.analysis.detectors import shell

Look = Callable[[dict[str, str]], Candidate]


@pytest.fixture
def look(tmp_path: Path) -> Look:
    def write(files: dict[str, str]) -> Candidate:
        tree = plant(tmp_path, files)
        return backed(shell.detect(tree), tree)

    return write


def test_it_works(look: Look):
    found = look({"start.sh": "#!/bin/bash\necho hello\n"})
    assert (found.kind, found.language, found.confidence) == ("script", "shell", 0.62)
    assert found.start_command == "bash start.sh"


@pytest.mark.parametrize(
    ("file", "text", "start"),
    [
        ("start.sh", "echo 1\n", "sh start.sh"),
        ("start.sh", "#!/bin/sh -e\n", "sh start.sh"),
        ("start.sh", "#!/usr/bin/env bash\n", "bash start.sh"),
        ("start.sh", "#!/usr/bin/env -S zsh -f\n", "zsh start.sh"),
        ("start.sh", "#! /opt/tools/bin/zsh\n", "zsh start.sh"),
        ("start.sh", "#!/bin/sh\nif [[ 1 ]]; then :; fi\n", "sh start.sh"),
        ("start.sh", "names=(a b)\necho ${names[@]}\n", "bash start.sh"),
        ("run.zsh", "echo 1\n", "zsh run.zsh"),
        ("start", "#!/bin/bash\n", "bash start"),
        ("bin/start.sh", "#!/bin/sh\n", "sh bin/start.sh"),
        ("anything.sh", "echo 1\n", "sh anything.sh"),
    ],
)
def test_the_shell_is_told_by_the_first_line_the_name_and_the_grammar(
    look: Look, file: str, text: str, start: str
):
    assert look({file: text}).start_command == start


def test_the_script_that_starts_comes_before_others(look: Look):
    found = look({"build.sh": "x", "aaa.sh": "x", "run.sh": "x"})
    assert found.start_command == "sh run.sh"


def test_a_script_that_listens_is_web(look: Look):
    found = look({"start.sh": "#!/bin/sh\nwhile true; do nc -l -p ${PORT:-8099} < page; done\n"})
    assert (found.kind, found.port) == ("web", 8099)


@pytest.mark.parametrize(
    ("files", "sure"), [({"deploy.sh": "x"}, 0.35), ({"run.sh": "x", "main.py": "x"}, 0.45)]
)
def test_scripts_that_help_another_program_are_doubted(look: Look, files: dict[str, str], sure: float):
    found = look(files)
    assert (found.confidence, len(found.against)) == (sure, 1)


@pytest.mark.parametrize("files", [{"index.html": "x"}, {"data": "x"}, {"tool": "#!/usr/bin/python3\n"}])
def test_other_folders_are_none(tmp_path: Path, files: dict[str, str]):
    assert shell.detect(plant(tmp_path, files)) is None
