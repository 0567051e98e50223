"""docker-compose.unified.yml, the Dockerfile and the init script, read as text."""

import os
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
import yaml

import document
from config import Settings, variable

ROOT = Path(__file__).parents[3]
DASHBOARD = ROOT / "services/dashboard"


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return yaml.safe_load((ROOT / "docker-compose.unified.yml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def services(compose: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return compose["services"]


def test_it_works(services: dict[str, dict[str, Any]]):
    assert set(services) == {"discord-bot-db", "homelab-dashboard", "homelab-worker", "homelab-caddy"}


@pytest.mark.parametrize("path", document.FILES)
def test_every_file_of_the_document_is_at_its_path(path: str):
    assert (ROOT / path).is_file()


def test_containers_have_the_names_that_the_documents_commands_use(services: dict[str, dict[str, Any]]):
    assert all(service["container_name"] == name for name, service in services.items())


def test_the_address_is_the_documents(services: dict[str, dict[str, Any]]):
    for name in ("homelab-dashboard", "homelab-worker"):
        assert services[name]["environment"]["JARVIS_DATABASE_URL"] == document.DATABASE_URL


def test_the_database_gets_the_password_and_the_script(services: dict[str, dict[str, Any]]):
    database = services["discord-bot-db"]
    assert database["environment"]["JARVIS_DB_PASSWORD"].startswith("${JARVIS_DB_PASSWORD:?")
    assert "./config/postgres-init:/docker-entrypoint-initdb.d:ro" in database["volumes"]
    assert "ports" not in database


def test_the_proxy_knows_no_password(services: dict[str, dict[str, Any]]):
    assert "PASSWORD" not in str(services["homelab-caddy"])


def test_every_service_has_a_health_check(services: dict[str, dict[str, Any]]):
    assert all(service["healthcheck"]["test"][0] == "CMD" for service in services.values())


def test_what_needs_the_database_waits_until_it_is_healthy(services: dict[str, dict[str, Any]]):
    for name in ("homelab-dashboard", "homelab-worker"):
        assert services[name]["depends_on"]["discord-bot-db"] == {"condition": "service_healthy"}


def test_the_documents_one_command_brings_up_everything(services: dict[str, dict[str, Any]]):
    assert set(services["homelab-dashboard"]["depends_on"]) == set(services) - {"homelab-dashboard"}


def test_one_image_is_built_once(services: dict[str, dict[str, Any]]):
    ours = {name: service for name, service in services.items() if name != "discord-bot-db"}
    assert {service["image"] for service in ours.values()} == {"homelab-jarvis:local"}
    assert [name for name, service in ours.items() if "build" in service] == ["homelab-dashboard"]


def test_our_containers_may_do_little(services: dict[str, dict[str, Any]]):
    for name in ("homelab-dashboard", "homelab-worker", "homelab-caddy"):
        service = services[name]
        assert service["cap_drop"] == ["ALL"]
        assert service["read_only"] is True
        assert "docker.sock" not in str(service)


def test_the_data_is_shared_and_every_volume_is_declared(compose: dict[str, Any]):
    used = {volume.split(":")[0] for service in compose["services"].values() for volume in service["volumes"]}
    assert {name for name in used if not name.startswith(".")} == set(compose["volumes"])


def test_every_variable_given_is_a_setting(services: dict[str, dict[str, Any]]):
    known = {variable(item.name) for item in fields(Settings)}
    for name in ("homelab-dashboard", "homelab-worker", "homelab-caddy"):
        assert set(services[name]["environment"]) <= known


def test_the_init_script_may_be_run():
    assert os.access(ROOT / document.FILES[0], os.X_OK)


def test_the_image_runs_as_a_plain_user_from_checked_packages():
    text = (DASHBOARD / "Dockerfile").read_text(encoding="utf-8")
    final = text.split("FROM ")[-1]
    assert "USER jarvis" in final
    assert "--require-hashes" in text
    assert "/healthz" in final
    assert "PYTHONUNBUFFERED=1" in final


def test_no_secret_can_slip_into_the_image():
    ignored = (DASHBOARD / ".dockerignore").read_text(encoding="utf-8").split()
    assert "**/.*" in ignored


def test_the_migrations_folder_does_not_hide_the_library():
    assert not (DASHBOARD / "alembic/__init__.py").exists()
