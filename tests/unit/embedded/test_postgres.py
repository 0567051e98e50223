import shutil
import tempfile
from pathlib import Path

import pytest

from jarvis.embedded.postgres import Postgres
from jarvis.errors import Conflict, InvalidInput, Unavailable
from jarvis.home import Home


def test_it_works(tmp_path: Path):
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "postgres_jarvis").write_text("a/b@c\n")
    socket = Home(tmp_path).run / "postgres"
    assert Postgres(tmp_path).url == f"postgresql://jarvis:a%2Fb%40c@/homelab_jarvis?host={socket}"


def test_a_path_too_long_for_a_socket_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    deep = tmp_path / ("x" * 80)
    monkeypatch.setattr(tempfile, "tempdir", str(deep))
    with pytest.raises(InvalidInput, match="too long"):
        Postgres(deep).prepare()
    assert not deep.exists()


def test_a_home_with_a_comma_is_refused():
    with pytest.raises(InvalidInput, match="comma"):
        Postgres(Path("/tmp/a,b")).prepare()


def test_a_socket_folder_that_others_may_enter_is_refused():
    home = Path(tempfile.mkdtemp())
    (home / "run").mkdir()
    (home / "run").chmod(0o755)
    with pytest.raises(Conflict, match="not a folder that is private"):
        Postgres(home).prepare()
    shutil.rmtree(home)


def test_no_address_before_there_is_a_password(tmp_path: Path):
    with pytest.raises(Conflict, match="postgres_jarvis"):
        _ = Postgres(tmp_path).url


def test_no_programs_before_they_are_chosen(tmp_path: Path):
    with pytest.raises(Unavailable, match="not prepared"):
        _ = Postgres(tmp_path).binaries


def test_stopping_what_never_ran_is_fine(tmp_path: Path):
    Postgres(tmp_path).stop(1)
