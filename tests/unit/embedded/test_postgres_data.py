import os
from pathlib import Path

import pytest

from jarvis.embedded.postgres_data import check_owner, clear_half_made, data_version
from jarvis.errors import Conflict


def test_it_works(tmp_path: Path):
    (tmp_path / "PG_VERSION").write_text("18\n")
    assert data_version(tmp_path) == 18


def test_no_folder_has_no_version(tmp_path: Path):
    assert data_version(tmp_path / "data") is None


@pytest.mark.parametrize("content", ["", "eighteen\n", "\0\0\0"])
def test_a_damaged_folder_is_never_overwritten(tmp_path: Path, content: str):
    (tmp_path / "PG_VERSION").write_text(content)
    with pytest.raises(Conflict, match="not a data folder"):
        data_version(tmp_path)


def test_an_empty_folder_is_not_ours(tmp_path: Path):
    with pytest.raises(Conflict, match="not a data folder"):
        data_version(tmp_path)


def test_our_own_folder_may_be_used(tmp_path: Path):
    check_owner(tmp_path, None)
    check_owner(tmp_path, (os.geteuid(), os.getegid()))


def test_a_folder_of_somebody_else_is_refused_with_the_way_out(tmp_path: Path):
    with pytest.raises(Conflict, match="belongs to user") as refused:
        check_owner(tmp_path, (os.geteuid() + 1, os.getegid()))
    assert "chown -R jarvis-postgres:" in refused.value.hint


def test_only_what_is_half_made_is_deleted(tmp_path: Path):
    for name in ("data", "data.new-abc", "database"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").touch()
    clear_half_made(tmp_path / "data")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data", "database"]
