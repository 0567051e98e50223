"""What is sent, and its signature; the receiver's code is the one in the documentation."""

import json
import re
from collections.abc import Callable

import pytest

import pages
from jarvis.errors import InvalidInput
from jarvis.webhooks.sign import body, check_secret, new_secret, signature

SECRET = "whsec_test-secret-of-a-good-length"
MESSAGE = {
    "time": "2026-03-02T09:30:00+00:00",
    "data": {"title": "Größe\u2028"},
    "event": "task.opened",
    "id": "1",
}
NOW = 1_772_443_800

Verify = Callable[..., bool]


@pytest.fixture
def verify() -> Verify:
    """`verify(secret, header, body, now=...)` as `docs/webhooks.md` shows it."""
    text = (pages.ROOT / "docs/webhooks.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    room: dict[str, Verify] = {}
    exec(code, room)
    return room["verify"]


def test_it_works(verify: Verify) -> None:
    content = body(MESSAGE)
    header = signature(SECRET, content, NOW)
    assert re.fullmatch(r"t=1772443800,v1=[0-9a-f]{64}", header)
    assert verify(SECRET, header, content, now=NOW)


def test_it_is_what_any_hmac_says() -> None:
    """Made with `openssl dgst -sha256 -hmac whsec_test-secret-of-a-good-length`."""
    known = "df015842906a2d9f6951e28ac5208f869fed426f39dcbeeed81884b19058515f"
    assert signature(SECRET, b'{"id":"1"}', NOW) == f"t={NOW},v1={known}"


def test_the_body_is_the_same_at_every_attempt_and_in_this_order() -> None:
    content = body(MESSAGE)
    assert content == body(dict(reversed(MESSAGE.items())))
    assert list(json.loads(content)) == ["id", "event", "time", "data"]
    assert json.loads(content) == MESSAGE
    assert "Größe".encode() in content


@pytest.mark.parametrize("change", ["secret", "body", "time", "sign", "old", "future"])
def test_whatever_is_changed_is_noticed(verify: Verify, change: str) -> None:
    content = body(MESSAGE)
    header = signature(SECRET, content, NOW)
    secret, now = SECRET, NOW
    if change == "secret":
        secret += "x"
    elif change == "body":
        content = content.replace(b"task.opened", b"task.closed")
    elif change == "time":
        header = header.replace(str(NOW), str(NOW + 1))
    elif change == "sign":
        header = header[:-1] + ("0" if header[-1] != "0" else "1")
    else:
        now += 301 if change == "old" else -301
    assert not verify(secret, header, content, now=now)


@pytest.mark.parametrize("header", ["", "t=1", "v1=00", "t=x,v1=00", "t=,v1=", "t", ",,,", "t=1,t=2,v1=é"])
def test_a_header_that_is_none_is_refused_and_breaks_nothing(verify: Verify, header: str) -> None:
    assert not verify(SECRET, header, b"{}", now=NOW)


def test_a_secret_is_made_that_nobody_guesses() -> None:
    made = {new_secret() for _ in range(100)}
    assert len(made) == 100
    assert all(check_secret(each) == each and len(each) > 40 for each in made)


@pytest.mark.parametrize(
    "secret", ["", "short-secret", "x" * 201, "sécret-of-good-length", "with\nnew line, long"]
)
def test_a_weak_or_odd_secret_is_refused_and_not_shown(secret: str) -> None:
    with pytest.raises(InvalidInput, match="16 to 200") as caught:
        check_secret(secret)
    assert not secret or secret not in caught.value.message
