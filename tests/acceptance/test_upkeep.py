"""Jarvis looks after what it deployed: by itself, and when it is asked to."""

import os
from pathlib import Path

from jarvis_lab import Lab, site, until


def break_link(jarvis: Lab, name: str) -> None:
    """What a person may do by mistake."""
    (jarvis.home / "www" / "services" / name / "current").unlink()
    until(lambda: jarvis.get(f"{name}.localhost")[0] == 404, "the site is gone")


def test_it_works(jarvis: Lab, tmp_path: Path) -> None:
    jarvis.good("deploy", str(site(tmp_path / "a", "checked")), "--name", "checked")
    assert "checked answers as it should" in jarvis.good("check", "checked")
    break_link(jarvis, "checked")
    said = jarvis.good("check", "checked")
    assert "answers 404" in said
    assert "mend" in said
    assert b"checked" in jarvis.get("checked.localhost")[1]
    assert jarvis.told("check", "checked")["status"] == "completed"


def test_a_site_that_broke_is_mended_without_being_asked(jarvis: Lab, tmp_path: Path) -> None:
    jarvis.good("deploy", str(site(tmp_path / "a", "tended")), "--name", "tended")
    break_link(jarvis, "tended")
    until(lambda: jarvis.get("tended.localhost")[0] == 200, "the site answers again")
    assert b"tended" in jarvis.get("tended.localhost")[1]


def test_what_cannot_be_mended_asks_a_person_until_it_is_well(jarvis: Lab, tmp_path: Path) -> None:
    made = jarvis.told("deploy", str(site(tmp_path / "a", "hurt")), "--name", "hurt")
    page = jarvis.home / "releases" / "hurt" / made["deployment_id"] / "index.html"
    good = page.read_bytes()
    page.write_bytes(b"defaced")
    os.utime(page, (1, 1))
    said = jarvis.refused("check", "hurt")
    assert "another page" in said
    assert jarvis.told("status", "hurt")["health_status"] == "unhealthy"
    assert "hurt does not answer as it should" in jarvis.good("tasks", "list")
    page.write_bytes(good)
    jarvis.good("check", "hurt")
    assert jarvis.told("status", "hurt")["health_status"] == "healthy"
    closed = jarvis.rows("SELECT status::text FROM tasks WHERE key = 'health:hurt'")
    assert closed == [("completed",)]


def test_a_clean_up_is_run_when_it_is_asked_for(jarvis: Lab) -> None:
    (jarvis.home / "trash" / "thrown").mkdir(parents=True)
    assert "Cleaned up." in jarvis.good("cleanup")
    assert not (jarvis.home / "trash" / "thrown").exists()


def test_what_is_not_there_is_refused(jarvis: Lab) -> None:
    assert "no service" in jarvis.refused("check", "nobody")
