"""What a project depends on, carried over from the release before."""

import os
from pathlib import Path
from typing import Any

import pytest

from jarvis.builds import carry, venv

STEPS: list[dict[str, Any]] = [
    {"name": "prepare", "words": list(venv.WORDS)},
    {"name": "install", "words": ["pip", "install", "-r", "requirements.txt"]},
]
ENV = {"PATH": os.defpath, "HOME": "/x", "TMPDIR": "/y"}
OLD, NEW, NEXT = "1" * 8, "2" * 8, "3" * 8


def tree(apps: Path, name: str, needs: str = "flask==3.1.2\n") -> Path:
    """The folder of the project in the app `name`."""
    cwd = apps / name / "tree"
    cwd.mkdir(parents=True)
    (apps / name / "home").mkdir()
    (cwd / "requirements.txt").write_text(needs)
    return cwd


def fetched(apps: Path, name: str) -> Path:
    """An app whose dependencies lie there."""
    cwd = tree(apps, name)
    folder = cwd / ".venv"
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "flask").write_text(f"#!{folder}/bin/python\n")
    (folder / "bin" / "flask").chmod(0o755)
    (folder / "bin" / "python").symlink_to("/usr/bin/python3")
    (folder / "lib64").symlink_to(folder / "lib")
    (folder / "lib").mkdir()
    (folder / "lib" / "big").write_bytes(bytes(carry.SMALL + 1) + os.fsencode(folder))
    found = part(cwd)
    carry.keep(found, apps / name, cwd)
    return cwd


def part(cwd: Path, steps: list[dict[str, Any]] = STEPS, **env: str) -> carry.Part:
    found = carry.part(cwd, steps, {**ENV, **env}, ("python3",))
    assert found is not None
    return found


def test_it_works(tmp_path: Path) -> None:
    old = fetched(tmp_path, OLD)
    os.utime(old / ".venv" / "bin" / "flask", (1, 1))
    cwd = tree(tmp_path, NEW)
    assert carry.take(part(cwd), tmp_path / NEW, cwd) == OLD
    script = cwd / ".venv" / "bin" / "flask"
    assert script.read_text() == f"#!{cwd}/.venv/bin/python\n"
    assert (script.stat().st_mode & 0o777, script.stat().st_mtime) == (0o755, 1)
    assert (cwd / ".venv" / "lib64").readlink() == cwd / ".venv" / "lib"
    assert (cwd / ".venv" / "lib" / "big").stat().st_size > carry.SMALL
    later = tree(tmp_path, NEXT)
    (tmp_path / OLD / carry.KEPT).unlink()
    assert carry.take(part(later), tmp_path / NEXT, later) == NEW, "what was carried is carried on"


@pytest.mark.parametrize("change", ["a byte", "a file more", "a file less", "its rights", "a link"])
def test_what_was_changed_since_is_fetched_again(tmp_path: Path, change: str) -> None:
    folder = fetched(tmp_path, OLD) / ".venv"
    script = folder / "bin" / "flask"
    match change:
        case "a byte":
            script.write_text(script.read_text().replace("#", "%"))
        case "a file more":
            (folder / "bin" / "more").touch()
        case "a file less":
            script.unlink()
        case "its rights":
            script.chmod(0o700)
        case _:
            (folder / "bin" / "python").unlink()
            (folder / "bin" / "python").symlink_to("/tmp/python")
    cwd = tree(tmp_path, NEW)
    assert carry.take(part(cwd), tmp_path / NEW, cwd) == ""
    assert not (cwd / ".venv").exists(), "nothing half-made stays"


def test_another_list_environment_or_command_needs_others(tmp_path: Path) -> None:
    known = part(fetched(tmp_path, OLD)).key
    assert part(tree(tmp_path, NEW)).key == known
    assert part(tree(tmp_path, NEXT, "flask==3.1.3\n")).key != known
    assert part(tmp_path / OLD / "tree", PIP_INDEX_URL="https://example.com").key != known
    more = [STEPS[0], {"name": "install", "words": [*STEPS[1]["words"], "--upgrade"]}]
    assert part(tmp_path / OLD / "tree", more).key != known


def test_what_is_older_than_a_day_is_fetched_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fetched(tmp_path, OLD)
    monkeypatch.setattr(carry, "FRESH", 0)
    cwd = tree(tmp_path, NEW)
    assert carry.take(part(cwd), tmp_path / NEW, cwd) == ""


def test_programs_in_home_are_not_left_behind(tmp_path: Path) -> None:
    old = fetched(tmp_path, OLD)
    (tmp_path / OLD / carry.KEPT).unlink()
    (tmp_path / OLD / "home" / "settings").touch()
    carry.keep(part(old), tmp_path / OLD, old)
    assert (tmp_path / OLD / carry.KEPT).exists()
    (tmp_path / OLD / carry.KEPT).unlink()
    (tmp_path / OLD / "home" / "browser").touch(0o755)
    carry.keep(part(old), tmp_path / OLD, old)
    assert not (tmp_path / OLD / carry.KEPT).exists()


def test_packages_of_node_are_not_carried_where_something_is_built(tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text('{"dependencies": {"ms": "2.1.3"}}')
    install = {"name": "install", "words": ["npm", "ci"]}
    found = carry.part(tmp_path, [install], ENV, ("node",))
    assert found is not None
    assert found.folder == "node_modules"
    assert carry.part(tmp_path, [install, {"name": "build", "words": ["npm", "run", "x"]}], ENV, ()) is None


def test_a_later_step_that_fetches_more_stops_it(tmp_path: Path) -> None:
    cwd = tree(tmp_path, OLD)
    build = {"name": "build", "words": ["/bin/sh", "-c", "pip install gunicorn"]}
    assert carry.part(cwd, [*STEPS, build], ENV, ()) is None
    assert carry.part(cwd, [*STEPS, {"name": "build", "words": ["python", "make.py"]}], ENV, ()) is not None
