import os
from pathlib import Path

import pytest

from jarvis.embedded.postgres_strays import clear_lock_file, find_strays, stop_strays

NOBODY = 2**22 + 1  # above the largest number that Linux gives to a process


def lock_file(data: Path, pid: int | str) -> Path:
    file = data / "postmaster.pid"
    file.write_text(f"{pid}\n/somewhere\n")
    return file


def test_it_works(tmp_path: Path):
    file = lock_file(tmp_path, os.getpid())
    clear_lock_file(tmp_path)
    assert not file.exists()


def test_a_dead_process_is_left_to_postgres_which_looks_for_shared_memory_too(tmp_path: Path):
    file = lock_file(tmp_path, NOBODY)
    clear_lock_file(tmp_path)
    assert file.exists()


@pytest.mark.parametrize("content", ["", "no number"])
def test_a_file_that_cannot_be_read_is_left_to_postgres(tmp_path: Path, content: str):
    file = lock_file(tmp_path, content)
    clear_lock_file(tmp_path)
    assert file.exists()


def test_no_file_is_fine(tmp_path: Path):
    clear_lock_file(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_program_that_only_stands_in_the_folder_is_no_stray(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    assert find_strays(tmp_path, "jarvis-1") == []
    stop_strays(tmp_path, "jarvis-1")
