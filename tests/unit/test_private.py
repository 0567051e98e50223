"""Files that only their owner may read."""

import os
from pathlib import Path

import pytest

from jarvis.private import write_private


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_it_works(tmp_path: Path) -> None:
    write_private(tmp_path / "secrets/token", "word")
    assert (tmp_path / "secrets/token").read_text() == "word\n"
    assert mode(tmp_path / "secrets/token") == 0o600
    assert mode(tmp_path / "secrets") == 0o700


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_the_mode_does_not_hang_on_the_umask(tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        write_private(tmp_path / "token", "word")
    finally:
        os.umask(before)
    assert mode(tmp_path / "token") == 0o600


def test_a_file_that_everybody_could_read_becomes_private(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("old")
    (tmp_path / "token").chmod(0o644)
    write_private(tmp_path / "token", "new")
    assert ((tmp_path / "token").read_text(), mode(tmp_path / "token")) == ("new\n", 0o600)


def test_when_the_disk_is_full_the_old_content_stays_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_private(tmp_path / "token", "old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_private(tmp_path / "token", "new")
    assert (tmp_path / "token").read_text() == "old\n"
    assert [entry.name for entry in tmp_path.iterdir()] == ["token"]


def test_a_leftover_of_a_crash_that_everybody_could_read_is_not_written_to(tmp_path: Path) -> None:
    leftover = tmp_path / f".token.{os.getpid()}"
    leftover.write_text("half")
    leftover.chmod(0o644)
    write_private(tmp_path / "token", "word")
    assert mode(tmp_path / "token") == 0o600
