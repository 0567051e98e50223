"""A release folder as the proxy needs it."""

import shutil
from pathlib import Path

import pytest

from jarvis.errors import NotProven
from jarvis.runtimes.static import remove, start, status


@pytest.fixture
def release(tmp_path: Path) -> Path:
    (tmp_path / "one").mkdir()
    (tmp_path / "one/mark").write_text("one")
    (tmp_path / "one.json").write_text("{}")
    return tmp_path / "one"


def test_it_works(release: Path) -> None:
    start(release, "mark", "one")
    assert status(release, "mark") == "one"


def test_a_release_that_is_gone_or_another_is_not_started(release: Path, tmp_path: Path) -> None:
    for folder, wanted in ((tmp_path / "none", "one"), (release, "two")):
        with pytest.raises(NotProven, match="not there or not whole"):
            start(folder, "mark", wanted)


def test_removing_takes_the_list_too_and_may_be_repeated(release: Path, tmp_path: Path) -> None:
    for _ in range(2):
        remove(release, lambda folder: shutil.rmtree(folder, ignore_errors=True))
    assert list(tmp_path.iterdir()) == []
