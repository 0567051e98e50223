"""Which setting counts, and where it comes from."""

from pathlib import Path

import pytest

from jarvis.deployments.effective import settle
from jarvis.errors import InvalidInput

PERSON = {
    "members": {"limits": {"memory": 2**26}, "drain": 5},
    "by": "anna",
    "at": "2026-03-02T09:30:00+00:00",
}


def test_it_works(tmp_path: Path) -> None:
    (tmp_path / "Procfile").write_text("release: from procfile\n")
    (tmp_path / "app.json").write_text('{"formation": {"web": {"quantity": 2}}}')
    (tmp_path / "jarvis.toml").write_text(
        'replicas = 3\ndrain = "9s"\n[limits]\ncpus = 0.5\n[[volumes]]\nname = "data"\npath = "data"\n'
        "[build]\nport = 80\n"
    )
    found = settle(tmp_path, PERSON)
    counts = found.settings
    assert (counts.release, counts.replicas, counts.drain) == ("from procfile", 3, 5)
    assert (counts.limits.memory, counts.limits.cpus) == (2**26, 0.5)
    assert found.build == {"port": 80}
    assert found.sources == {
        "release": "Procfile",
        "replicas": "jarvis.toml, line 1",
        "drain": "set by anna, 2026-03-02",
        "limits.cpus": "jarvis.toml, line 4",
        "limits.memory": "set by anna, 2026-03-02",
        "volumes": "jarvis.toml, line 5",
    }


def test_without_any_of_them_the_defaults_count(tmp_path: Path) -> None:
    found = settle(tmp_path, {})
    assert found.sources == {}
    assert (found.settings.drain, found.settings.replicas) == (30, 1)


def test_what_is_wrong_in_the_file_ends_it(tmp_path: Path) -> None:
    (tmp_path / "jarvis.toml").write_text("drain = 'x'\nreplicas = 0\n")
    with pytest.raises(InvalidInput) as caught:
        settle(tmp_path, PERSON)
    assert [one["line"] for one in caught.value.facts["problems"]] == [1, 2]
    assert caught.value.facts["file"] == "jarvis.toml"


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "else").write_text("replicas = 3\n")
    (tmp_path / "jarvis.toml").symlink_to("else")
    found = settle(tmp_path, {})
    assert found.settings.replicas == 1
    assert found.remarks == ("jarvis.toml is a link, which is not followed: it is left aside.",)


def test_a_folder_of_that_name_is_left_aside_and_told(tmp_path: Path) -> None:
    (tmp_path / "jarvis.toml").mkdir()
    found = settle(tmp_path, {})
    assert found.remarks == ("jarvis.toml is a folder: it is left aside.",)
    assert found.sources == {}
