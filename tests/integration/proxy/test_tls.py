"""HTTPS by a real Caddy: certificates of our own authority, of a person, and of a real one (pebble)."""

import http.client
import json
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from caddy_lab import CaddyLab, free_port
from certificate_lab import Issuer
from crowd import Door, crowd, turns
from jarvis.errors import Unavailable
from jarvis.proxy import authority, certificates, marks, secure
from jarvis.proxy.probe import Answer
from jarvis.proxy.tls import Acme, Https
from pebble_lab import Pebble, pebble

HOST = "blog.localhost"
KEY = "0123456789abcdef"


class Place(NamedTuple):
    """A proxy with HTTPS, and the authority that it asks."""

    lab: CaddyLab
    folder: Path
    port: int
    ca: Pebble

    def ask(self, host: str, path: str = "/", *, timeout: float = 10) -> tuple[Answer, secure.Shown]:
        trusted = secure.trust(authority.root_file(self.folder), self.ca.roots)
        return secure.ask(host, self.port, path, trusted=trusted, timeout=timeout)


def proxy(home: Path, ca: Pebble, port: int) -> CaddyLab:
    folder = home / "storage" / "tls"
    acme = Acme(ca.directory, "", str(ca.roots))
    return CaddyLab(
        home,
        wrap=lambda words: ["env", "-C", str(home / "www"), *words],
        https=Https(port, port, folder, KEY, acme),
        port=ca.http_port,
    )


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    home, port = tmp_path_factory.mktemp("tls"), free_port()
    with pebble(tmp_path_factory.mktemp("pebble"), free_port(), port) as ca, proxy(home, ca, port) as lab:
        lab.site("blog", HOST, {"index.html": "blog"})
        authority.issue(home / "storage" / "tls", HOST)
        yield Place(lab, home / "storage" / "tls", port, ca)


def test_it_works(place: Place):
    answer, shown = place.ask(HOST)
    assert answer.body == b"blog"
    assert shown.issuer == "Jarvis"
    assert place.lab.get(HOST).body == b"blog", "HTTP answers as before"


def test_a_name_that_nobody_has_fails_the_handshake(place: Place):
    with pytest.raises(Unavailable, match="has no certificate"):
        place.ask("nobody.localhost")


def test_a_site_without_a_mark_is_no_reason_to_ask_the_authority(place: Place):
    place.lab.site("quiet", "quiet.example", {"index.html": "quiet"})
    with pytest.raises(Unavailable, match="has no certificate"):
        place.ask("quiet.example")
    marks.allow(place.lab.www, "gone.example", acme=True)
    with pytest.raises(Unavailable, match="has no certificate"):
        place.ask("gone.example")
    assert "quiet.example" not in place.ca.log
    assert "gone.example" not in place.ca.log


def test_a_certificate_of_the_authority_comes_with_the_first_visitor(place: Place):
    place.lab.site("shop", "shop.example", {"index.html": "shop"})
    marks.allow(place.lab.www, "shop.example", acme=True)
    answer, shown = place.ask("shop.example")
    assert answer.body == b"shop"
    assert shown.issuer.startswith("Pebble")
    assert place.ask("shop.example")[1] == shown, "the second visitor gets the same"


@pytest.mark.parametrize("challenge", ["http-01", "tls-alpn-01"])
def test_each_challenge_is_enough(tmp_path: Path, challenge: str):
    port = free_port()
    # The other one is looked for where nobody listens.
    http_port, tls_port = (free_port(), free_port() if challenge == "http-01" else port)
    with pebble(tmp_path / "ca", http_port, tls_port) as ca:
        lab = proxy(tmp_path / "home", ca, port)
        [policy] = lab.config["apps"]["tls"]["automation"]["policies"]
        other = "tls-alpn" if challenge == "http-01" else "http"
        policy["issuers"][0]["challenges"] = {other: {"disabled": True}}
        with lab:
            lab.site("one", "one.example", {"index.html": "one"})
            marks.put(lab.www, "one.example", acme=True, redirect=True, hsts=0)
            answer, _ = Place(lab, lab.storage / "tls", port, ca).ask("one.example")
            assert answer.body == b"one"


def test_an_authority_that_was_away_gives_certificates_when_it_is_back(tmp_path: Path):
    port = free_port()
    with pebble(tmp_path / "ca", free_port(), port) as ca:
        ca.stop()
        with proxy(tmp_path / "home", ca, port) as lab:
            place = Place(lab, lab.storage / "tls", port, ca)
            lab.site("late", "late.example", {"index.html": "late"})
            marks.allow(lab.www, "late.example", acme=True)
            with pytest.raises(Unavailable):
                place.ask("late.example", timeout=1)
            assert lab.get("late.example").body == b"late", "HTTP does not wait for it"
            ca.start()
            lab.stop()  # by itself Caddy would ask again a minute later
            lab.start()
            first, shown = place.ask("late.example")
            assert first.body == b"late"
            ca.stop()
            lab.kill()
            lab.start()
            again, kept = place.ask("late.example")
            assert again.body == b"late"
            assert kept == shown, "what was given once is kept over a death of the proxy"


def test_a_persons_own_certificate_counts_at_once(place: Place):
    issuer = Issuer()
    place.lab.site("own", "own.example", {"index.html": "own"})
    authority.issue(place.folder, "own.example")
    assert place.ask("own.example")[1].issuer == "Jarvis"
    chain, key = issuer.give("own.example")
    certificates.add(place.folder, "own.example", chain, key)
    held = place.folder / "own" / "own.example.pem"
    trusted = secure.trust(own=held)
    assert secure.ask("own.example", place.port, "/", trusted=trusted)[1].issuer == issuer.name
    certificates.remove(place.folder, "own.example")
    assert place.ask("own.example")[1].issuer == "Jarvis"


def test_a_wildcard_of_a_persons_own_serves_the_names_below_it(place: Place):
    issuer = Issuer()
    chain, key = issuer.give("*.wild.example")
    certificates.add(place.folder, "*.wild.example", chain, key)
    for host in ("a.wild.example", "b.wild.example"):
        place.lab.site(host.replace(".", "-"), host, {"index.html": host})
        trusted = secure.trust(own=next((place.folder / "own").glob("*.wild.example.pem")))
        assert secure.ask(host, place.port, "/", trusted=trusted)[0].body == host.encode()


def test_http_leads_to_https_where_the_mark_says_so(place: Place):
    place.lab.site("lead", "lead.localhost", {"index.html": "lead", ".well-known/jarvis-release": "r1"})
    authority.issue(place.folder, "lead.localhost")
    marks.put(place.lab.www, "lead.localhost", acme=False, redirect=True, hsts=0)
    led = place.lab.get("lead.localhost", "/a%20b?c=d")
    assert led.status == 308
    assert led.headers["location"] == f"https://lead.localhost:{place.port}/a%20b?c=d"
    assert "server" not in led.headers
    assert place.lab.get("lead.localhost", "/.well-known/jarvis-release").body == b"r1"
    assert place.lab.get("lead.localhost", User_Agent="jarvis-probe").body == b"lead"
    answer, _ = place.ask("lead.localhost")
    assert (answer.status, answer.body) == (200, b"lead")
    assert "strict-transport-security" not in answer.headers
    marks.put(place.lab.www, "lead.localhost", acme=False, redirect=False, hsts=0)
    assert place.lab.get("lead.localhost").status == 200


def test_browsers_are_told_to_use_https_only_for_as_long_as_the_mark_says(place: Place):
    place.lab.site("strict", "strict.localhost", {"index.html": "strict"})
    authority.issue(place.folder, "strict.localhost")
    for seconds in (86_400, 31_536_000):
        marks.put(place.lab.www, "strict.localhost", acme=False, redirect=False, hsts=seconds)
        answer, _ = place.ask("strict.localhost", "/nothing-here")
        assert answer.headers["strict-transport-security"] == f"max-age={seconds}"
    assert "strict-transport-security" not in place.lab.get("strict.localhost").headers


def test_no_visitor_gets_a_private_key(place: Place):
    path = f"/{KEY}/certificate?server_name={HOST}"
    assert b"PRIVATE KEY" in place.lab.get("127.0.0.1", path).body, "the proxy gets it"
    for host, wrong in [(HOST, path), ("127.0.0.1", path.replace("0", "1")), ("::1", path), ("x.lan", path)]:
        answer = place.lab.get(host, wrong)
        assert answer.status == 404
        assert b"PRIVATE" not in answer.body


@pytest.mark.parametrize(
    "name", ["../root", "..%2Froot", "*", "a/../../root", "%00", "", "[a-z]*", "{http.x}"]
)
def test_a_name_in_a_handshake_leads_nowhere_else(place: Place, name: str):
    assert place.lab.get("127.0.0.1", f"/{KEY}/certificate?server_name={name}").status == 204
    assert place.lab.get("127.0.0.1", f"/{KEY}/permission?domain={name}").status == 403


def test_what_the_proxy_asks_itself_is_in_no_log(place: Place):
    place.ask(HOST)
    rows = [json.loads(line) for line in place.lab.log_file.read_text().splitlines()]
    assert any(row["request"]["host"].startswith(HOST) for row in rows)
    assert not [row for row in rows if KEY in row["request"]["uri"] and row["status"] in {200, 204, 403}]


def test_two_sites_that_switch_lose_no_request(place: Place):
    context = secure.trust(authority.root_file(place.folder))
    hosts = ["flip-a.localhost", "flip-b.localhost"]
    for host in hosts:
        authority.issue(place.folder, host)
        place.lab.site(host.partition(".")[0], host, {"index.html": "one"}, "r1")
        place.lab.release(host.partition(".")[0], "r2", {"index.html": "two"})

    def switch(turn: int) -> None:
        for host in hosts:
            place.lab.site(host.partition(".")[0], host, {}, f"r{turn % 2 + 1}")

    doors = [
        Door(Direct(hosts[number % 2], place.port, context), hosts[number % 2], keep=number < 2)
        for number in range(4)
    ]
    counts = crowd(doors, {b"one", b"two"}, turns(100, switch))
    assert min(counts) > 0


class Direct(http.client.HTTPSConnection):
    """To this machine, with the name in the handshake."""

    def __init__(self, host: str, port: int, context: ssl.SSLContext) -> None:
        super().__init__(host, port, timeout=30, context=context)
        self._trusted = context

    def connect(self) -> None:
        self.sock = wrapped(self.host, self.port, self._trusted)


def wrapped(host: str, port: int, context: ssl.SSLContext) -> ssl.SSLSocket:
    wire = socket.create_connection(("127.0.0.1", port), 10)
    return context.wrap_socket(wire, server_hostname=host)


def test_it_speaks_http_2_and_no_old_tls(place: Place):
    context = secure.trust(authority.root_file(place.folder))
    context.set_alpn_protocols(["h2", "http/1.1"])
    with wrapped(HOST, place.port, context) as wire:
        assert wire.selected_alpn_protocol() == "h2"
        assert wire.version() == "TLSv1.3"
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    with wrapped(HOST, place.port, context) as wire:
        assert wire.version() == "TLSv1.2"
