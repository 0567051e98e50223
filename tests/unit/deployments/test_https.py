"""Which certificate a host gets, whether HTTP leads to HTTPS, and when a person is asked."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from config import Settings
from jarvis.deployments.addresses import https, names, notes, obstacle
from jarvis.deployments.addresses.https import Source
from jarvis.settings.service import ServiceSettings

NOW = datetime(2026, 6, 1, tzinfo=UTC)
REFUSED = (
    "[a.example] solving challenge: a.example: [a.example] authorization failed: HTTP 403 "
    "urn:ietf:params:acme:error:connection - 192.0.2.1: Timeout during connect (likely firewall problem) "
    "(ca=https://acme-v02.api.letsencrypt.org/directory)"
)
AWAY = (
    '[a.example] creating new order: performing request: Head "https://ca.lan/nonce": dial tcp 10.0.0.1:443: '
    "connect: connection refused (ca=https://ca.lan/directory)"
)


@pytest.mark.parametrize(
    ("host", "own", "acme", "reached", "expected"),
    [
        ("a.localhost", False, True, True, "internal"),
        ("nas.lan", False, True, False, "internal"),
        ("a.example", False, True, True, "acme"),
        ("a.example", False, True, False, ""),
        ("a.example", False, False, True, "internal"),
        ("a.example", True, True, False, "own"),
        ("nas.lan", True, False, False, "own"),
    ],
)
def test_it_works(host: str, own: bool, acme: bool, reached: bool, expected: Source):
    assert https.source(host, own=own, acme=acme, reached=reached) == expected


@pytest.mark.parametrize(
    ("found", "wanted", "expected"),
    [
        ("acme", "", True),
        ("own", "", True),
        ("internal", "", False),
        ("internal", "redirect", True),
        ("acme", "on", False),
    ],
)
def test_nobody_is_led_to_a_warning_unasked(found: Source, wanted: str, expected: bool):
    settings = ServiceSettings(https=wanted)  # pyright: ignore[reportArgumentType]  # one of the choices
    assert https.leads(found, settings) is expected


def test_a_host_is_looked_at_daily_or_an_hour_after_a_failure():
    seen = NOW.isoformat()
    good, bad, waits = (
        {"seen": seen, "issuer": "x"},
        {"seen": seen, "error": "x"},
        {"seen": seen, "waits": "x"},
    )
    hour, day = NOW + timedelta(hours=1), NOW + timedelta(days=1)
    assert notes.is_due(None, NOW, reached=False)
    assert not notes.is_due(bad, NOW, reached=True)
    assert notes.is_due(bad, hour, reached=True)
    assert not notes.is_due(good, hour, reached=True)
    assert notes.is_due(good, day, reached=True)
    assert not notes.is_due(waits, day, reached=False)
    assert notes.is_due(waits, NOW, reached=True)


def test_the_story_tells_what_is_missing_and_that_http_answers():
    found = {"a.example": {"error": "Nobody knows why."}, "b.example": {"issuer": "x"}, "c.example": {}}
    assert https.said(found) == [
        "No certificate for a.example yet: Nobody knows why. HTTP answers; it is tried again every hour."
    ]
    assert https.good("b.example", found) == ", by HTTPS too (certificate of x)"
    assert https.good("a.example", found) == https.good("d.example", found) == ""


def test_what_the_authority_refused_is_told_in_its_words():
    said = obstacle.read(REFUSED)
    assert said.personal
    assert said.said == (
        "The certificate authority says: 192.0.2.1: Timeout during connect (likely firewall problem)."
    )


def test_an_authority_that_is_away_is_no_matter_for_a_person():
    assert obstacle.read(AWAY) == obstacle.Obstacle(
        "The certificate authority could not be asked: connection refused.", personal=False
    )
    limited = obstacle.read("HTTP 429 urn:ietf:params:acme:error:rateLimited - too many certificates")
    assert not limited.personal


def test_the_reason_is_the_last_one_of_this_host(tmp_path: Path):
    log = tmp_path / "proxy.log"
    assert obstacle.of(log, "a.example") is None
    rows = [
        '{"identifier":"a.example","error":"HTTP 400 urn:ietf:params:acme:error:dns - no such name"}',
        '{"identifier":"a.example","error":"HTTP 403 urn:ietf:params:acme:error:caa - forbidden"}',
        '{"identifier":"aa.example","error":"HTTP 403 urn:ietf:params:acme:error:tls - other"}',
        '{"identifier":"a.example", cut',
        "no JSON at all",
    ]
    log.write_text("\n".join(rows))
    found = obstacle.of(log, "a.example")
    assert found is not None
    assert found.said == "The certificate authority says: forbidden."


def test_the_address_is_the_one_that_visitors_end_at():
    settings = Settings(http_port=80, https_port=443)
    led = {"https": {"a.example": {"redirect": True}}}
    assert names.address("a.example", led, settings) == "https://a.example/"
    assert names.address("b.example", led, settings) == "http://b.example/"
    assert names.address("a.example", {}, settings) == "http://a.example/"
    assert names.address("a.example", led, Settings()) == "https://a.example:8443/"
    assert names.address("a.example", led, Settings(public_https_port=443)) == "https://a.example/"
    assert names.address("a.example", led, Settings(https_port=0)) == "http://a.example:8080/"
