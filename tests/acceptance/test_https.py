"""HTTPS of a whole Jarvis: certificates of its own, of a public authority (pebble), and of a person."""

import json
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from certificate_lab import Issuer
from jarvis.errors import Unavailable
from jarvis.proxy import secure
from jarvis.proxy.probe import Answer
from jarvis_lab import Lab, free_port, lab, site, until
from pebble_lab import Pebble, pebble


@pytest.fixture(scope="module")
def ca(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pebble]:
    with pebble(tmp_path_factory.mktemp("pebble"), free_port(), free_port()) as running:
        yield running


@pytest.fixture(scope="module")
def jarvis(ca: Pebble) -> Iterator[Lab]:
    """A Jarvis that pebble looks at; names need no DNS, since it is told not to wait for them."""
    extra = {
        "JARVIS_HTTP_PORT": str(ca.http_port),
        "JARVIS_HTTPS_PORT": str(ca.tls_port),
        "JARVIS_ACME": "on",
        "JARVIS_ACME_CA": ca.directory,
        "JARVIS_ACME_CA_ROOT": str(ca.roots),
    }
    with lab(extra) as running:
        running.http_port = ca.http_port
        yield running


def ask(jarvis: Lab, host: str, trusted: ssl.SSLContext, path: str = "/") -> tuple[Answer, secure.Shown]:
    port = int(jarvis.env["JARVIS_HTTPS_PORT"])
    return secure.ask(host, port, path, trusted=trusted, timeout=30, agent="a visitor")


def authority(jarvis: Lab, folder: Path) -> ssl.SSLContext:
    """Trust what the command prints."""
    file = folder / "jarvis.pem"
    file.write_text(jarvis.good("certificates", "authority"))
    return secure.trust(file)


def held(jarvis: Lab, name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = jarvis.told("certificates", "list")["items"]
    return [row for row in rows if row["name"] == name]


def test_it_works(jarvis: Lab, tmp_path: Path):
    out = jarvis.good("deploy", str(site(tmp_path / "plain", "plain")), "--domain", "plain.localhost")
    assert "by HTTPS too (certificate of Jarvis)" in out
    assert f"http://plain.localhost:{jarvis.http_port}/" in out, (
        "browsers warn of ours, so nobody is led there"
    )
    answer, shown = ask(jarvis, "plain.localhost", authority(jarvis, tmp_path))
    assert b"plain" in answer.body
    assert shown.issuer == "Jarvis"
    assert jarvis.get("plain.localhost")[0] == 200
    assert [row["by"] for row in held(jarvis, "plain.localhost")] == ["internal"]
    with pytest.raises(Unavailable, match=r"certificate of plain\.localhost is not good"):
        ask(jarvis, "plain.localhost", secure.trust())


def test_a_public_name_gets_a_certificate_and_http_leads_to_it(jarvis: Lab, ca: Pebble, tmp_path: Path):
    out = jarvis.good("deploy", str(site(tmp_path / "shop", "shop")), "--domain", "shop.example")
    url = f"https://shop.example:{ca.tls_port}/"
    assert url in out
    answer, shown = ask(jarvis, "shop.example", secure.trust(ca.roots))
    assert b"shop" in answer.body
    assert shown.issuer.startswith("Pebble")
    assert jarvis.get("shop.example", "/page0.html")[0] == 308
    status, service = jarvis.api("GET", "/api/v1/services/shop-example")
    assert (status, service["urls"]) == (200, [url])
    [(seen,)] = jarvis.rows("SELECT metadata->'https' FROM domain_records WHERE domain = 'shop.example'")
    assert seen["by"] == "acme"
    assert seen["serial"] == shown.serial
    again = jarvis.good("deploy", str(site(tmp_path / "shop", "second")), "--domain", "shop.example")
    assert url in again
    assert b"second" in ask(jarvis, "shop.example", secure.trust(ca.roots))[0].body
    assert jarvis.good("check", "shop-example")


def test_what_a_service_wants_of_https_goes_with_its_release(jarvis: Lab, ca: Pebble, tmp_path: Path):
    trusted = authority(jarvis, tmp_path)
    wanted = {"https": "redirect", "hsts": 86_400}
    folder = site(tmp_path / "strict", "first")
    (folder / "jarvis.toml").write_text(
        "".join(f"{key} = {json.dumps(value)}\n" for key, value in wanted.items())
    )
    out = jarvis.good("deploy", str(folder), "--domain", "strict.localhost")
    assert f"https://strict.localhost:{ca.tls_port}/" in out
    assert jarvis.get("strict.localhost")[0] == 308
    answer, _ = ask(jarvis, "strict.localhost", trusted)
    assert answer.headers["strict-transport-security"] == "max-age=86400"
    (folder / "jarvis.toml").write_text('https = "off"\n')
    out = jarvis.good("deploy", str(folder), "--domain", "strict.localhost")
    assert "by HTTPS too" not in out
    assert jarvis.get("strict.localhost")[0] == 200
    with pytest.raises(Unavailable, match="has no certificate"):
        ask(jarvis, "strict.localhost", trusted)
    jarvis.good("rollback", "strict")
    assert jarvis.get("strict.localhost")[0] == 308


def test_a_persons_own_certificate(jarvis: Lab, tmp_path: Path):
    issuer = Issuer()
    jarvis.good("deploy", str(site(tmp_path / "own", "own")), "--domain", "own.lan")
    chain, key = issuer.give("own.lan")
    (tmp_path / "chain.pem").write_text(chain)
    (tmp_path / "key.pem").write_text(key)
    (tmp_path / "other.pem").write_text(issuer.give("own.lan")[1])
    words = ("certificates", "add", "own.lan", "--cert", str(tmp_path / "chain.pem"), "--key")
    assert "the key is not its own" in jarvis.refused(*words, str(tmp_path / "other.pem"))
    assert issuer.name in jarvis.good(*words, str(tmp_path / "key.pem"))
    trusted = secure.trust(own=tmp_path / "chain.pem")
    assert ask(jarvis, "own.lan", trusted)[1].issuer == issuer.name
    assert {row["by"] for row in held(jarvis, "own.lan")} == {"own", "internal"}
    until(lambda: jarvis.get("own.lan")[0] == 308, "visitors are led to it")
    jarvis.good("certificates", "remove", "own.lan")
    assert ask(jarvis, "own.lan", authority(jarvis, tmp_path))[1].issuer == "Jarvis"


def test_sites_keep_their_https_when_jarvis_is_killed(jarvis: Lab, ca: Pebble, tmp_path: Path):
    trusted = {"kept.localhost": authority(jarvis, tmp_path), "kept.example": secure.trust(ca.roots)}
    for host in trusted:
        jarvis.good("deploy", str(site(tmp_path / host, host)), "--domain", host)
    before = {host: ask(jarvis, host, roots)[1] for host, roots in trusted.items()}
    ca.stop()
    try:
        jarvis.kill_everything()
        jarvis.good("up", "--detach")
        assert {host: ask(jarvis, host, roots)[1] for host, roots in trusted.items()} == before
    finally:
        ca.start()


def test_a_certificate_that_cannot_be_had_fails_no_deploy(jarvis: Lab, ca: Pebble, tmp_path: Path):
    ca.stop()
    try:
        out = jarvis.good("deploy", str(site(tmp_path / "late", "late")), "--domain", "late.example")
        assert "No certificate for late.example yet" in out
        assert f"http://late.example:{jarvis.http_port}/" in out
        assert jarvis.get("late.example")[0] == 200
        folder = site(tmp_path / "must", "must")
        (folder / "jarvis.toml").write_text('https = "redirect"\n')
        said = jarvis.refused("deploy", str(folder), "--domain", "late.example")
        assert "is to answer by HTTPS only" in said
        assert b"late" in jarvis.get("late.example")[1], "what answered before answers again"
    finally:
        ca.start()


def test_a_service_that_is_gone_leaves_no_certificate_of_ours(jarvis: Lab, tmp_path: Path):
    jarvis.good("deploy", str(site(tmp_path / "gone", "gone")), "--domain", "gone.localhost")
    jarvis.good("remove", "gone", "--yes")
    assert held(jarvis, "gone.localhost") == []
    with pytest.raises(Unavailable):
        ask(jarvis, "gone.localhost", authority(jarvis, tmp_path))
