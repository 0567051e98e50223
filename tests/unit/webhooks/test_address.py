"""Which addresses may be told."""

import pytest

from jarvis.errors import InvalidInput
from jarvis.webhooks.address import LONGEST, check, port_of, refusal


def test_it_works() -> None:
    parts = check("https://hooks.example.org/a/b?c=d")
    assert (parts.hostname, port_of(parts), parts.path, parts.query) == (
        "hooks.example.org",
        443,
        "/a/b",
        "c=d",
    )


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:9000/hook",
        "http://192.168.1.20",
        "http://[::1]:80/",
        "http://nas.local:8123/api/webhook/x",
        "http://[fd12:3456::1]/",
        "https://xn--bcher-kva.example/",
        "HTTP://EXAMPLE.org/",
        "https://example.org/" + "a" * (LONGEST - len("https://example.org/")),
    ],
)
def test_machines_at_home_and_elsewhere_may_be_told(url: str) -> None:
    assert check(url).hostname


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("", "must begin with http"),
        ("example.org/hook", "must begin with http"),
        ("ftp://example.org/", "must begin with http"),
        ("file:///etc/passwd", "must begin with http"),
        ("javascript:alert(1)", "must begin with http"),
        ("http://", "must begin with http"),
        ("http:///path", "must begin with http"),
        ("https://anna:word@example.org/", "a user or a password"),
        ("https://anna@example.org/", "a user or a password"),
        ("https://@example.org/", "a user or a password"),
        ("https://example.org:0/", "name or the port"),
        ("https://example.org:99999/", "cannot be read"),
        ("https://example.org:x/", "cannot be read"),
        ("http://[::1/", "cannot be read"),
        ("http://[fe80::1%25eth0]/", "name or the port"),
        ("https://exa_mple!.org/", "name or the port"),
        ("https://bücher.example/", "signs that no address has"),
        ("https://example.org/a b", "signs that no address has"),
        ("https://example.org/\r\nHost: x", "signs that no address has"),
        ("https://exam\tple.org/", "signs that no address has"),
        ("https://example.org\\@evil.example/", "signs that no address has"),
        ("https://example.org/#part", "behind #"),
        ("https://example.org/" + "a" * LONGEST, "at most 2000"),
        ("http://169.254.169.254/latest/meta-data", "link-local"),
        ("http://[fe80::1]/", "link-local"),
        ("http://0.0.0.0:8700/", "no machine"),
        ("http://[::]/", "no machine"),
        ("http://224.0.0.1/", "many machines"),
        ("http://[::ffff:169.254.169.254]/", "link-local"),
    ],
)
def test_what_is_no_address_is_refused_in_words(url: str, words: str) -> None:
    with pytest.raises(InvalidInput, match=words) as caught:
        check(url)
    assert caught.value.facts == {"field": "url"}
    assert "word@" not in caught.value.message


@pytest.mark.parametrize(
    "address",
    [
        "169.254.0.1",
        "169.254.169.254",
        "fe80::1",
        "fe80::1%eth0",
        "febf::1",
        "0.0.0.0",
        "0.1.2.3",
        "::",
        "224.0.0.251",
        "239.255.255.250",
        "255.255.255.255",
        "240.0.0.1",
        "ff02::1",
        "100.100.100.200",
        "168.63.129.16",
        "192.0.0.192",
        "fd00:ec2::254",
        "::ffff:169.254.169.254",
        "::ffff:0.0.0.0",
        "::169.254.169.254",
        "64:ff9b::a9fe:a9fe",
        "2002:a9fe:a9fe::1",
        "2001:0:a9fe:a9fe::1",
    ],
)
def test_what_no_receiver_has_is_refused_however_it_is_written(address: str) -> None:
    assert refusal(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "::1",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "100.64.0.1",
        "fd00::1",
        "::ffff:192.168.1.1",
        "64:ff9b::c0a8:101",
        "1.1.1.1",
        "2606:4700::1111",
        "169.253.255.255",
        "169.255.0.1",
    ],
)
def test_every_other_address_is_allowed(address: str) -> None:
    assert refusal(address) == ""
