"""What is a host name, and what is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jarvis.dns.names import host, is_local
from jarvis.errors import InvalidInput

LABEL = "a" * 63
LONGEST = ".".join([LABEL, LABEL, LABEL, "a" * 61])


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("mysite.localhost", "mysite.localhost"),
        ("WWW.Example.COM", "www.example.com"),
        ("example.com.", "example.com"),
        ("  example.com\n", "example.com"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("BÜCHER.example.", "xn--bcher-kva.example"),
        ("例え.テスト", "xn--r8jz45g.xn--zckzah"),
        ("www。example。com", "www.example.com"),
        ("xn--bcher-kva.example", "xn--bcher-kva.example"),
        ("1.example.com", "1.example.com"),
        ("a-b--c.example", "a-b--c.example"),
        (f"{LABEL}.example", f"{LABEL}.example"),
        (LONGEST, LONGEST),
        (f"{LONGEST}.", LONGEST),
    ],
)
def test_it_works(text: str, name: str) -> None:
    assert host(text) == name


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "no dot"),
        ("   ", "no dot"),
        (".", "no dot"),
        ("mysite", "no dot"),
        ("localhost", "no dot"),
        ("http://example.com", "address"),
        ("example.com/a", "address"),
        ("//example.com", "address"),
        ("example.com:8080", "port"),
        ("127.0.0.1", "IP address"),
        ("::1", "IP address"),
        ("[::1]", "IP address"),
        ("1.2.3", "number"),
        ("example.123", "number"),
        ("*.example.com", "wildcard"),
        ("a..example.com", "empty"),
        (".example.com", "empty"),
        ("example.com..", "empty"),
        ("-a.example.com", "sign"),
        ("a-.example.com", "sign"),
        ("a_b.example.com", "sign"),
        ("a b.example.com", "sign"),
        ("a\x00.example.com", "sign"),
        ("a\n.example.com", "sign"),
        ("user@example.com", "sign"),
        ("..", "empty"),
        ("../etc.example", "address"),
        (f"{LABEL}a.example", "too long"),
        (f"a{LONGEST}", "253|too long"),
        (f"{'ü' * 64}.example", "letters|too long"),
        ("ü..example", "letters|empty"),
        ("💩" * 5000 + ".example", "letters|too long"),
        ("a." * 100_000 + "a", "253"),
    ],
)
def test_what_is_no_host_name_is_refused_with_the_reason(text: str, why: str) -> None:
    with pytest.raises(InvalidInput, match=why) as caught:
        host(text)
    assert caught.value.hint
    assert caught.value.facts == {"field": "domain"}
    assert len(caught.value.message) < 400


def test_a_bare_word_is_completed_in_the_hint() -> None:
    with pytest.raises(InvalidInput) as caught:
        host("MySite")
    assert caught.value.hint == "Did you mean mysite.localhost?"


def test_nobody_is_sent_to_localhost_localhost() -> None:
    with pytest.raises(InvalidInput) as caught:
        host("localhost")
    assert "localhost.localhost" not in caught.value.hint


@given(st.text(max_size=300) | st.from_regex(r"[a-zA-Z0-9ü.*_:/-]{1,80}", fullmatch=True))
def test_what_is_taken_is_safe_everywhere_and_taken_again(text: str) -> None:
    try:
        name = host(text)
    except InvalidInput:
        return
    assert host(name) == name
    assert len(name) <= 253
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-.")
    assert ".." not in name
    assert name[0] not in "-."


@pytest.mark.parametrize(
    ("name", "local"),
    [
        ("localhost", True),
        ("a.localhost", True),
        ("a.b.localhost", True),
        ("notlocalhost", False),
        ("localhost.example", False),
    ],
)
def test_names_below_localhost_are_local(name: str, local: bool) -> None:
    assert is_local(name) is local
