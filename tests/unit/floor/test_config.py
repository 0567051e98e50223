import os
import subprocess
import sys
from dataclasses import MISSING, fields
from pathlib import Path

import pytest

import config
from config import ConfigError, Settings, read, variable

GOOD = {
    "database_url": "postgresql://jarvis:hunter2@db/homelab_jarvis",
    "home": "/data",
    "web_host": "0.0.0.0",
    "web_port": "5000",
    "pages_url": "https://jarvis.example.org",
    "http_bind": "::1",
    "http_port": "80",
    "public_port": "443",
    "https_port": "9443",
    "public_https_port": "443",
    "acme": "on",
    "acme_email": "me@example.com",
    "acme_ca": "https://ca.lan/acme/acme/directory",
    "acme_ca_root": "/etc/ca.pem",
    "proxy_address": "homelab-caddy",
    "url": "https://jarvis.example.com",
    "token": "a-token",
    "secret_key": "k" * 32,
    "upload_limit": "1024",
    "artifact_store": "s3://bucket/some/prefix",
    "s3_endpoint": "https://s3.example.com:9000",
    "s3_region": "eu-central-1",
    "s3_access_key_id": "AK-hunter",
    "s3_secret_access_key": "SK-hunter",
    "unpack_entries": "10",
    "unpack_bytes": "2048",
    "unpack_file_bytes": "1024",
    "unpack_ratio": "50",
    "unpack_depth": "9",
    "unpack_path": "100",
    "docker_host": "unix:///run/docker.sock",
    "swarm_registry": "registry.example.org/jarvis",
    "swarm_registry_image": "registry:3",
    "swarm_registry_port": "5001",
    "build_memory": "4294967296",
    "build_processors": "2",
    "keep_releases": "3",
    "keep_events_days": "30",
    "rate_limit": "600",
    "db_pool_size": "7",
    "db_connect_timeout": "9",
    "web_threads": "8",
    "log_level": "DEBUG",
}
NUMBERS = sorted(item.name for item in fields(Settings) if item.type is int)
ZERO = {"build_memory", "build_processors", "https_port", "public_https_port", "public_port", "rate_limit"}
SECRETS = sorted(item.name for item in fields(Settings) if item.metadata["secret"])


def test_it_works():
    settings = read({variable(name): text for name, text in GOOD.items()})
    assert {name: str(getattr(settings, name)) for name in GOOD} == GOOD
    assert settings.home == Path("/data")
    assert settings.web_port == 5000


def test_every_setting_is_tried_here():
    assert sorted(GOOD) == sorted(item.name for item in fields(Settings))


@pytest.mark.parametrize("name", sorted(GOOD))
def test_every_variable_may_come_from_a_file(name: str, tmp_path: Path):
    file = tmp_path / "value"
    file.write_text(GOOD[name] + "\n", encoding="utf-8")
    straight = read({variable(name): GOOD[name]})
    assert read({f"{variable(name)}_FILE": str(file)}) == straight


@pytest.mark.parametrize("name", sorted(GOOD))
def test_an_empty_variable_means_the_default(name: str):
    assert read({variable(name): ""}) == read({})


@pytest.mark.parametrize("name", sorted(GOOD))
def test_a_variable_given_twice_is_refused_by_name(name: str, tmp_path: Path):
    with pytest.raises(ConfigError, match=f"{variable(name)} and {variable(name)}_FILE are both set"):
        read({variable(name): GOOD[name], f"{variable(name)}_FILE": str(tmp_path)})


@pytest.mark.parametrize("name", sorted(GOOD))
def test_a_file_that_cannot_be_read_is_named(name: str, tmp_path: Path):
    with pytest.raises(ConfigError, match=f"{variable(name)}_FILE names .*nowhere, which cannot be read"):
        read({f"{variable(name)}_FILE": str(tmp_path / "nowhere")})


def test_a_file_that_is_no_text_is_refused(tmp_path: Path):
    file = tmp_path / "value"
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match="it is not text"):
        read({"JARVIS_TOKEN_FILE": str(file)})


@pytest.mark.parametrize("name", NUMBERS)
@pytest.mark.parametrize("text", ["x", "-1", "1.5", "0", "١", " 7"])
def test_a_number_that_is_none_is_refused_by_name(name: str, text: str):
    if text == "0" and name in ZERO:
        assert getattr(read({variable(name): text}), name) == 0
        return
    with pytest.raises(ConfigError, match=f"{variable(name)} must be a whole number from"):
        read({variable(name): text})


BAD = [
    ("JARVIS_DATABASE_URL", "mysql://jarvis:hunter2@db/x"),
    ("JARVIS_HOME", "relative/folder"),
    ("JARVIS_WEB_PORT", "65536"),
    ("JARVIS_SECRET_KEY", "hunter2-is-short"),
    ("JARVIS_LOG_LEVEL", "LOUD"),
    ("JARVIS_URL", "jarvis.example.com"),
    ("JARVIS_ACME", "yes"),
    ("JARVIS_ACME_CA", "ca.lan/directory"),
    ("JARVIS_ACME_CA_ROOT", "ca.pem"),
    ("JARVIS_HTTPS_PORT", "8080"),
    ("JARVIS_ARTIFACT_STORE", "/srv/artifacts"),
    ("JARVIS_ARTIFACT_STORE", "s3:bucket"),
    ("JARVIS_ARTIFACT_STORE", "s3://"),
    ("JARVIS_ARTIFACT_STORE", "s3:///prefix"),
]


@pytest.mark.parametrize(("name", "text"), BAD)
def test_a_value_that_cannot_be_used_stops_with_its_name_and_no_secret(name: str, text: str):
    with pytest.raises(ConfigError, match=name) as caught:
        read({name: text})
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_does_not_print_itself(name: str):
    settings = read({variable(name): GOOD[name]})
    assert getattr(settings, name) == GOOD[name]
    assert GOOD[name] not in repr(settings)


def test_what_is_secret_is_marked_so():
    assert SECRETS == ["database_url", "s3_access_key_id", "s3_secret_access_key", "secret_key", "token"]


def test_every_setting_says_what_it_is_for():
    assert all(item.metadata["about"].endswith(".") for item in fields(Settings))


def test_every_setting_has_a_default():
    assert all(
        item.default is not MISSING or item.default_factory is not MISSING for item in fields(Settings)
    )


def test_the_module_has_the_documents_name():
    code = "import config; print(config.JARVIS_DATABASE_URL)"
    url = "postgresql://jarvis@db/homelab_jarvis"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "JARVIS_DATABASE_URL": url},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == url


def test_a_name_that_is_no_setting_is_an_attribute_error():
    with pytest.raises(AttributeError, match="JARVIS_NONSENSE"):
        _ = config.JARVIS_NONSENSE


def test_the_data_folder_follows_the_xdg_rule(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("XDG_DATA_HOME", "/elsewhere")
    assert read({}).home == Path("/elsewhere/jarvis")
    monkeypatch.setenv("XDG_DATA_HOME", "relative")
    monkeypatch.setenv("HOME", "/home/somebody")
    assert read({}).home == Path("/home/somebody/.local/share/jarvis")
