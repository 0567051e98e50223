"""The fixed configuration, read as data. What Caddy makes of it is in tests/integration/proxy."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from jarvis.proxy.config import HASHED, HOST, UNHASHED, WELL_KNOWN, caddy_config


def config(**changes: Any) -> dict[str, Any]:
    home = Path("/srv/jarvis")
    given: dict[str, Any] = {
        "www": home / "www",
        "admin_socket": home / "run/caddy.sock",
        "gate": home / "run/gate.sock",
        "http_port": 8080,
        "log_file": home / "log/access.log",
        "storage": home / "caddy",
    }
    return caddy_config(**{**given, **changes})


def server(**changes: Any) -> dict[str, Any]:
    return config(**changes)["apps"]["http"]["servers"]["sites"]


def test_it_works():
    assert json.loads(json.dumps(config())) == config()
    assert server()["listen"] == [":8080"]
    assert config()["admin"]["listen"] == "unix//srv/jarvis/run/caddy.sock|0600"


def test_the_root_of_all_sites_is_one_path_with_the_host_in_it():
    assert '"root": "/srv/jarvis/www/sites/{http.request.host}/current"' in json.dumps(server())


def test_an_address_of_version_six_is_bracketed():
    assert server(bind="::1")["listen"] == ["[::1]:8080"]
    assert server(bind="127.0.0.1")["listen"] == ["127.0.0.1:8080"]


def test_braces_in_the_home_are_not_placeholders():
    assert server(www=Path("/srv/{env.HOME}/www"))["routes"][-1]["handle"][-1]["root"].startswith(
        "/srv/\\{env.HOME\\}/www/sites/{http.request.host}/"
    )


def test_slow_and_endless_clients_are_cut_and_stopping_ends():
    assert server()["read_header_timeout"] == "10s"
    assert server()["read_idle_timeout"] == "30s"
    assert server()["write_idle_timeout"] == "1m"
    assert server()["idle_timeout"] == "3m"
    assert server()["max_header_bytes"] == 16384
    assert config()["apps"]["http"]["grace_period"] == "30s"
    assert "read_timeout" not in server(), "a hard limit would cut long transfers that go on"
    assert "write_timeout" not in server()


def test_the_access_log_cannot_fill_the_disk():
    writer = config()["logging"]["logs"]["access"]["writer"]
    assert writer["filename"] == "/srv/jarvis/log/access.log"
    assert (writer["roll_size_mb"], writer["roll_keep"]) == (10, 3)


def test_nothing_asks_for_certificates_and_nothing_is_saved_behind_our_back():
    assert server()["automatic_https"] == {"disable": True}
    assert config()["admin"]["config"] == {"persist": False}


@pytest.mark.parametrize(
    "host", ["a", "a.localhost", "a-b.c_d.example", "a.localhost:8080", "127.0.0.1", "xn--bcher-kva.example"]
)
def test_a_host_in_its_plain_form_is_taken(host: str):
    assert re.search(HOST, host)


@pytest.mark.parametrize(
    "host",
    [
        "",
        ".",
        "..",
        ".a",
        "a.",
        "a..b",
        "A",
        "a/b",
        "a\\b",
        "a b",
        "a\x00b",
        "[::1]",
        "a:b",
        "a.:80",
        "../a",
        "ä.de",
    ],
)
def test_no_other_host_becomes_part_of_a_path(host: str):
    assert not re.search(HOST, host)


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("/assets/index-4fa9c1d2.js", True),
        ("/main.0123456789abcdef.css", True),
        ("/f-" + "0a" * 32 + ".woff2", True),
        ("/photo-20240131.jpg", False),
        ("/css-defacedd.css", False),
        ("/index-4fa9c1d.js", False),
        ("/index-4fa9c1d2.html", False),
        ("/index-4fa9c1d2.js.txt", False),
        ("/4fa9c1d2.js", False),
        ("/f-" + "0a" * 33 + ".woff2", False),
        ("/index-4FA9C1D2.js", False),
    ],
)
def test_only_names_made_from_content_are_kept_for_ever(path: str, kept: bool):
    hashed = bool(re.search(HASHED, path)) and not any(re.search(pattern, path) for pattern in UNHASHED)
    assert hashed is kept


@pytest.mark.parametrize(
    ("path", "public"),
    [
        ("/.well-known", True),
        ("/.well-known/", True),
        ("/.well-known/security.txt", True),
        ("/.well-known/a/b.c", True),
        ("/.well-known/.env", False),
        ("/.well-known/a/.git/config", False),
        ("/.well-knownx", False),
        ("/a/.well-known/b", False),
    ],
)
def test_one_folder_with_a_dot_is_public(path: str, public: bool):
    assert bool(re.search(WELL_KNOWN, path)) is public
