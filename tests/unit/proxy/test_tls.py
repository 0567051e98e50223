"""The rules of HTTPS, and what it adds to the fixed configuration."""

import json
from pathlib import Path
from typing import Any

import pytest

from config import Settings
from jarvis.home import Home
from jarvis.proxy import https, marks, tls
from jarvis.proxy.config import caddy_config
from jarvis.proxy.tls import Acme, Https

KEY = "s3cret"


def config(given: Https | None, **changes: Any) -> dict[str, Any]:
    home = Path("/srv/jarvis")
    facts: dict[str, Any] = {
        "www": home / "www",
        "admin_socket": home / "run/caddy.sock",
        "gate": home / "run/gate.sock",
        "http_port": 8080,
        "log_file": home / "log/access.log",
        "storage": home / "caddy",
    }
    return caddy_config(**{**facts, **changes}, https=given)


def given(**changes: Any) -> Https:
    facts: dict[str, Any] = {
        "port": 8443,
        "public_port": 8443,
        "certificates": Path("/srv/jarvis/caddy/tls"),
        "key": KEY,
        **changes,
    }
    return Https(**facts)


def server(made: dict[str, Any]) -> dict[str, Any]:
    return made["apps"]["http"]["servers"]["sites"]


def test_it_works():
    made = config(given())
    assert server(made)["listen"] == [":8080", ":8443"]
    assert made["apps"]["http"]["https_port"] == 8443
    assert server(config(given(), bind="::1"))["listen"] == ["[::1]:8080", "[::1]:8443"]


def test_without_it_nothing_is_added():
    made = config(None)
    assert "tls" not in made["apps"]
    assert server(made)["listen"] == [":8080"]
    assert tls.routes(None) == tls.answers(None, Path("/srv/jarvis/www"), "") == []


def test_the_configuration_does_not_know_any_site():
    assert "sites" not in json.dumps(config(given())["apps"]["tls"])


def test_http_3_is_offered_only_where_visitors_use_the_port_that_it_names():
    assert "h3" in server(config(given()))["protocols"]
    assert "h3" not in server(config(given(public_port=443)))["protocols"]


def test_the_proxy_asks_itself_where_it_listens():
    for bind, place in [
        ("", "127.0.0.1"),
        ("0.0.0.0", "127.0.0.1"),
        ("::", "[::1]"),
        ("10.1.2.3", "10.1.2.3"),
    ]:
        automation = config(given(acme=Acme()), bind=bind)["apps"]["tls"]["automation"]
        [policy] = automation["policies"]
        assert policy["get_certificate"] == [{"via": "http", "url": f"http://{place}:8080/{KEY}/certificate"}]
        assert automation["on_demand"]["permission"]["endpoint"] == f"http://{place}:8080/{KEY}/permission"


def test_without_an_authority_nobody_answers_that_one_may_be_asked():
    www = Path("/srv/jarvis/www")
    assert f"/{KEY}/permission" in json.dumps(tls.answers(given(acme=Acme()), www, ""))
    assert f"/{KEY}/permission" not in json.dumps(tls.answers(given(), www, ""))


def test_the_authority_is_as_the_settings_say():
    acme = Acme("https://ca.lan/directory", "me@example.com", "/etc/ca.pem")
    [policy] = config(given(acme=acme))["apps"]["tls"]["automation"]["policies"]
    assert policy["issuers"] == [
        {
            "module": "acme",
            "ca": "https://ca.lan/directory",
            "email": "me@example.com",
            "trusted_roots_pem_files": ["/etc/ca.pem"],
        }
    ]


@pytest.mark.parametrize(
    ("changes", "asked"),
    [
        ({}, False),
        ({"http_port": 80, "https_port": 443}, True),
        ({"public_port": 80, "public_https_port": 443}, True),
        ({"http_port": 80, "https_port": 443, "acme": "off"}, False),
        ({"http_port": 80}, False),
        ({"acme": "on"}, True),
        ({"acme_ca": "https://ca.lan/directory"}, True),
        ({"acme_ca": "https://ca.lan/directory", "acme": "off"}, False),
        ({"acme": "on", "https_port": 0}, False),
    ],
)
def test_an_authority_is_asked_where_it_can_look_at_the_site(changes: dict[str, Any], asked: bool):
    assert (https.acme(Settings(**changes)) is not None) is asked


@pytest.mark.parametrize(
    "host", ["a.localhost", "localhost", "nas.lan", "x.home.arpa", "db.internal", "a.b.local"]
)
def test_names_of_one_network_are_not_public(host: str):
    assert not https.is_public(host)


@pytest.mark.parametrize("host", ["example.com", "lan.example", "mylan", "a.localhost.example.com"])
def test_all_other_names_are(host: str):
    assert https.is_public(host)


def test_the_secret_word_is_made_once_and_private(tmp_path: Path):
    first = https.of(Home(tmp_path), Settings(home=tmp_path))
    second = https.of(Home(tmp_path), Settings(home=tmp_path))
    assert first is not None
    assert first == second
    assert len(first.key) == 64
    assert (tmp_path / "caddy/tls/key").stat().st_mode & 0o777 == 0o600
    assert https.of(Home(tmp_path), Settings(home=tmp_path, https_port=0)) is None


def test_marks_are_what_was_said_last(tmp_path: Path):
    marks.put(tmp_path, "a.example", acme=True, redirect=True, hsts=60)
    marks.put(tmp_path, "a.example", acme=True, redirect=True, hsts=60)
    marks.put(tmp_path, "b.example", acme=False, redirect=True, hsts=0)
    assert marks.known(tmp_path) == {"a.example", "b.example"}
    marks.put(tmp_path, "a.example", acme=False, redirect=False, hsts=120)
    assert not (tmp_path / marks.ACME / "a.example").exists()
    assert not (tmp_path / marks.REDIRECT / "a.example").exists()
    assert [entry.name for entry in (tmp_path / marks.HSTS / "a.example").iterdir()] == ["120"]
    marks.forget(tmp_path, ["a.example", "b.example", "never.example"])
    assert marks.known(tmp_path) == set()


@pytest.mark.parametrize("host", ["../a", "a/b", "..", ".hidden"])
def test_a_mark_stays_in_its_folder(tmp_path: Path, host: str):
    with pytest.raises(ValueError, match="cannot be the name of a mark"):
        marks.put(tmp_path, host, acme=True, redirect=True, hsts=1)
    assert list(tmp_path.iterdir()) == []
