"""What files of other platforms say of a service."""

import json
from pathlib import Path
from typing import Any

import pytest

from jarvis.settings import foreign


def app(tree: Path, **members: Any) -> foreign.Found:
    (tree / "app.json").write_text(json.dumps(members), encoding="utf-8")
    return foreign.read(tree)


def test_it_works(tmp_path: Path) -> None:
    (tmp_path / "Procfile").write_text("web: x\nprerelease: no\nrelease:  python manage.py migrate \n")
    found = app(
        tmp_path,
        healthchecks={"web": [{"type": "uptime", "path": "/no"}, {"type": "startup", "path": "/up"}]},
        cron=[{"command": "python tidy.py --all", "schedule": "@daily"}],
        formation={"web": {"quantity": 3}},
    )
    assert found.settings == {
        "release": "python manage.py migrate",
        "health": {"path": "/up"},
        "cron": [{"name": "python-tidy-py-all-1", "schedule": "@daily", "command": "python tidy.py --all"}],
        "replicas": 3,
    }
    assert found.sources["release"] == "Procfile"
    assert set(found.sources.values()) == {"Procfile", "app.json"}
    assert found.remarks == []


def test_nothing_says_nothing(tmp_path: Path) -> None:
    assert foreign.read(tmp_path) == foreign.Found({}, {}, [])


def test_what_cannot_be_used_is_left_aside_and_said(tmp_path: Path) -> None:
    found = app(
        tmp_path,
        cron=[{"command": "x", "schedule": "at night"}],
        formation={"web": {"quantity": 2}},
        scripts={"postdeploy": "seed"},
    )
    assert found.settings == {"replicas": 2}
    assert found.sources == {"replicas": "app.json"}
    postdeploy, cron = found.remarks
    assert "postdeploy is not run" in postdeploy
    assert cron.startswith("app.json: cron: schedule is wrong")


@pytest.mark.parametrize(
    "text", ["{", "[]", "null", '{"cron": 3, "healthchecks": [], "formation": 1}', "\x00", "[" * 9999]
)
def test_a_file_that_cannot_be_read_says_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / "app.json").write_text(text, encoding="utf-8")
    assert foreign.read(tmp_path).settings == {}


def test_a_link_and_a_large_file_are_not_read(tmp_path: Path) -> None:
    (tmp_path / "else").write_text("release: x\n")
    (tmp_path / "Procfile").symlink_to("else")
    (tmp_path / "app.json").write_text(" " * 300_000 + '{"formation": {"web": {"quantity": 2}}}')
    assert foreign.read(tmp_path).settings == {}


def test_a_long_line_takes_no_time(tmp_path: Path) -> None:
    (tmp_path / "Procfile").write_text("release: a" + " \t" * 100_000 + "x")
    (remark,) = foreign.read(tmp_path).remarks
    assert remark.startswith("Procfile: release must be one line")
