from pathlib import Path

import pytest

from jarvis.embedded.postgres_passwords import ROLE, SUPERUSER, make_password, password
from jarvis.errors import Conflict


def test_it_works(tmp_path: Path):
    make_password(tmp_path, ROLE)
    assert len(password(tmp_path, ROLE)) >= 40


def test_only_the_owner_may_read_it(tmp_path: Path):
    make_password(tmp_path, ROLE)
    assert [path.stat().st_mode & 0o777 for path in tmp_path.iterdir()] == [0o600]


def test_each_user_has_another_one(tmp_path: Path):
    make_password(tmp_path, ROLE)
    make_password(tmp_path, SUPERUSER)
    assert password(tmp_path, ROLE) != password(tmp_path, SUPERUSER)


def test_it_is_made_once(tmp_path: Path):
    make_password(tmp_path, ROLE)
    first = password(tmp_path, ROLE)
    make_password(tmp_path, ROLE)
    assert password(tmp_path, ROLE) == first


def test_one_half_written_is_made_again(tmp_path: Path):
    (tmp_path / "postgres_jarvis.new").write_text("ha")
    make_password(tmp_path, ROLE)
    assert len(password(tmp_path, ROLE)) >= 40


def test_a_missing_one_is_named(tmp_path: Path):
    with pytest.raises(Conflict, match="postgres_superuser"):
        password(tmp_path, SUPERUSER)
