"""What the parts of an embedded Jarvis are told, and what does not stand in their environment."""

from dataclasses import fields
from pathlib import Path
from typing import Any

import config
from jarvis.embedded.parts import own_values, values
from jarvis.home import Home

SECRETS = {item.name for item in fields(config.Settings) if item.metadata["secret"]}


def settings(home: Path) -> config.Settings:
    """Every secret is set."""
    secrets: dict[str, Any] = {name: f"very-{name}-" + "x" * 32 for name in SECRETS}
    return config.Settings(home=home, **secrets)


def test_it_works(tmp_path: Path) -> None:
    given = settings(tmp_path)
    passed = values(given, tmp_path / "secrets" / "database_url")
    assert passed["JARVIS_HOME"] == str(tmp_path)
    assert passed["JARVIS_UPLOAD_LIMIT"] == str(given.upload_limit)
    (tmp_path / "secrets" / "database_url").write_text("postgresql://")
    read = config.read(passed)
    assert read.s3_access_key_id == given.s3_access_key_id
    assert read.s3_secret_access_key == given.s3_secret_access_key


def test_no_secret_stands_in_the_environment_of_a_part(tmp_path: Path) -> None:
    given = settings(tmp_path)
    for passed in (values(given, tmp_path / "database_url"), own_values(given, Home(tmp_path))):
        assert not [text for text in passed.values() if "very-" in text]


def test_secrets_are_private_files(tmp_path: Path) -> None:
    values(settings(tmp_path), tmp_path / "secrets" / "database_url")
    kept = sorted((tmp_path / "secrets").iterdir())
    assert [file.name for file in kept] == ["s3_access_key_id", "s3_secret_access_key"]
    assert {file.stat().st_mode & 0o777 for file in kept} == {0o600}


def test_what_is_not_set_is_not_passed(tmp_path: Path) -> None:
    passed = values(config.Settings(home=tmp_path), tmp_path / "secrets" / "database_url")
    assert not [name for name in passed if "S3" in name and "REGION" not in name]
    assert not (tmp_path / "secrets").exists()
