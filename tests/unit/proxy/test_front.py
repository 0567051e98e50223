from pathlib import Path

import pytest

from jarvis.proxy import front

TARGET = Path("/run/i/abc/sock")


def test_it_works(tmp_path: Path):
    release = tmp_path / "releases" / "shop" / "r1"
    front.make(release, "r1", TARGET)
    assert front.is_app(release)
    assert (release / ".well-known/jarvis-release").read_text() == "r1"
    assert (release / ".jarvis-sock").readlink() == TARGET
    assert sorted(path.name for path in release.rglob("*")) == [
        ".jarvis-app",
        ".jarvis-sock",
        ".well-known",
        "jarvis-release",
    ]
    assert [path.name for path in release.parent.iterdir()] == ["r1"]


def test_twice_changes_nothing(tmp_path: Path):
    release = tmp_path / "r1"
    front.make(release, "r1", TARGET)
    before = {path: path.lstat().st_ino for path in release.rglob("*")}
    front.make(release, "r1", TARGET)
    assert {path: path.lstat().st_ino for path in release.rglob("*")} == before


def test_another_run_of_the_program_has_another_socket(tmp_path: Path):
    release = tmp_path / "r1"
    front.make(release, "r1", TARGET)
    front.make(release, "r1", Path("/other"))
    assert (release / ".jarvis-sock").readlink() == Path("/other")


def test_what_a_run_that_died_left_is_no_folder_of_a_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    release = tmp_path / "r1"

    def die(_self: Path, _target: Path) -> None:
        raise OSError("the disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(Path, "symlink_to", die)
        with pytest.raises(OSError, match="disk"):
            front.make(release, "r1", TARGET)
    assert not release.exists()
    front.make(release, "r1", TARGET)
    assert front.is_app(release)
    assert [path.name for path in tmp_path.iterdir()] == ["r1"]


def test_a_half_folder_is_made_whole(tmp_path: Path):
    release = tmp_path / "r1"
    (release / ".well-known").mkdir(parents=True)
    (release / ".well-known/jarvis-release").write_text("r")
    front.make(release, "r1", TARGET)
    assert (release / ".well-known/jarvis-release").read_text() == "r1"
    assert front.is_app(release)


def test_pages_are_no_program(tmp_path: Path):
    (tmp_path / "index.html").write_text("pages")
    assert not front.is_app(tmp_path)
    assert not front.is_app(tmp_path / "none")


def test_the_longest_host_just_fits_into_a_sockets_path():
    assert len(f"sites/{'a' * front.LONGEST_HOST}/current/{front.SOCKET}") == 107


def test_rules_come_with_the_folder_and_stay_until_others_are_given(tmp_path: Path) -> None:
    release = tmp_path / "r1"
    front.make(release, "r1", tmp_path / "sock", rules="{}")
    assert (release / ".jarvis-rules").read_text() == "{}"
    front.make(release, "r1", tmp_path / "sock")
    assert (release / ".jarvis-rules").read_text() == "{}"
    front.make(release, "r1", tmp_path / "sock", rules="[]")
    assert (release / ".jarvis-rules").read_text() == "[]"
    front.make(release, "r1", tmp_path / "sock", rules="")
    assert not (release / ".jarvis-rules").exists()
