"""Secrets do not reach what is written, in whatever form a program says them."""

import base64
import json
import time
from collections.abc import Sequence
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jarvis.workflows.redact import MARK, Passages, Redactor

SECRET = 'p@ss/w0rd "é" & more'
PLAIN = "correcthorsebattery"


def passage(lines: Sequence[str], *secrets: str, step: int = 1) -> list[str]:
    """`lines` redacted as they come, `step` of them at a time."""
    passages = Passages(Redactor(secrets))
    waiting: list[tuple[str, str]] = []
    done: list[str] = []
    for at in range(0, len(lines), step):
        waiting += [("out", line) for line in lines[at : at + step]]
        told = passages.redact(waiting, hold=at + step < len(lines))
        waiting = waiting[len(told) :]
        done += told
    return done


def test_it_works() -> None:
    assert Redactor([PLAIN]).text(f"password is {PLAIN}, twice {PLAIN}.") == "password is •••, twice •••."


@pytest.mark.parametrize(
    "written",
    [
        SECRET,
        quote(SECRET),
        quote(SECRET, safe=""),
        quote(SECRET, safe="").lower(),
        json.dumps(SECRET),
        json.dumps(SECRET, ensure_ascii=False),
        base64.b64encode(SECRET.encode()).decode(),
        base64.urlsafe_b64encode(SECRET.encode()).decode(),
        base64.b64encode(f"anna:{SECRET}".encode()).decode(),
        base64.b64encode(f"bob:{SECRET}:x".encode()).decode(),
        base64.b64encode(f"xy{SECRET}".encode()).decode(),
    ],
)
def test_a_secret_is_found_in_whatever_form(written: str) -> None:
    shown = Redactor([SECRET]).text(f"a={written}; b")
    assert MARK in shown
    assert "w0rd" not in shown
    core = written.strip('"=')
    assert all(core[at : at + 8] not in shown for at in range(len(core) - 8))


def test_a_short_secret_would_be_in_every_word_and_is_left() -> None:
    assert Redactor(["five5", ""]).text("five5 things") == "five5 things"
    assert Redactor(["sixsix"]).text("sixsix things") == "••• things"


def test_secrets_that_overlap_leave_nothing() -> None:
    assert Redactor(["abcdef", "defghi", "cdefgh"]).text("xabcdefghiy") == "x•••y"
    assert Redactor(["abcabc"]).text("abcabcabc") == MARK


def test_a_secret_of_several_lines_is_found_line_by_line_and_as_a_whole() -> None:
    secret = '{\n  "private": "kkkkkkkkkkkk",\n  "id": 1\n}\n'
    assert "kkkk" not in "".join(passage(secret.splitlines(), secret))
    assert "kkkk" not in Redactor([secret]).text(f"creds={json.dumps(secret)}")


@pytest.mark.parametrize("step", [1, 2, 5])
def test_a_secret_over_the_end_of_a_line_is_found(step: int) -> None:
    encoded = base64.b64encode(PLAIN.encode() * 9).decode()
    lines = ["begin", *(encoded[at : at + 20] for at in range(0, len(encoded), 20)), "end"]
    shown = passage(lines, PLAIN * 9, step=step)
    assert len(shown) == len(lines)
    assert (shown[0], shown[-1]) == ("begin", "end")
    assert set(shown[1:-2]) == {MARK}


@given(st.integers(1, len(PLAIN) - 1), st.integers(1, 4))
def test_wherever_it_is_cut_in_two_little_of_it_is_told(cut: int, step: int) -> None:
    shown = passage(["x", f"a {PLAIN[:cut]}", f"{PLAIN[cut:]} b", "y"], PLAIN, step=step)
    assert shown[0] == "x"
    assert shown[3] == "y"
    assert shown[2] == "••• b"
    assert shown[1] == "a •••" or (cut < 3 and shown[1] == f"a {PLAIN[:cut]}")


def test_streams_do_not_disturb_each_other() -> None:
    passages = Passages(Redactor([PLAIN]))
    lines = [("out", f"a{PLAIN[:9]}"), ("err", "warning"), ("out", f"{PLAIN[9:]}b"), ("err", "again")]
    assert passages.redact(lines, hold=False) == ["a•••", "warning", "•••b", "again"]


def test_what_only_looks_like_a_begin_is_told_with_the_next_lines() -> None:
    passages = Passages(Redactor([PLAIN]))
    lines = [("out", "x"), ("out", f"is {PLAIN[:5]}"), ("err", "later")]
    assert passages.redact(lines, hold=True) == ["x"]
    assert passages.redact([*lines[1:], ("out", "sure")], hold=True) == [f"is {PLAIN[:5]}", "later", "sure"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (
            "cloning https://anna:s3cr3tpw@git.example.com/x.git",
            "cloning https://anna:•••@git.example.com/x.git",
        ),
        ("redis://:hunter22@cache:6379/0", "redis://:•••@cache:6379/0"),
        ("https://git.example.com:8443/a@b", "https://git.example.com:8443/a@b"),
        ("token ghp_" + "a1B2" * 9 + " ok", "token ••• ok"),
        ("AKIA" + "ABCD1234" * 2, MARK),
        ("bot 123456789" + ":AA" + "x" * 33, "bot •••"),
        ("Authorization: Bearer abcdefghijklmnop", "Authorization: Bearer •••"),
        ("-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----\nok", "•••\nok"),
        ("eyJhbGciOiJI.no token, and sk-short", "eyJhbGciOiJI.no token, and sk-short"),
    ],
)
def test_what_has_a_well_known_shape_is_found_though_nobody_told_of_it(text: str, shown: str) -> None:
    assert Redactor().text(text) == shown


def test_a_private_key_is_left_out_line_by_line() -> None:
    lines = ["a", "key -----BEGIN PRIVATE KEY-----", "MIIEvQ", "xyz=", "-----END PRIVATE KEY----- b", "c"]
    assert passage(lines) == ["a", "key •••", MARK, MARK, "••• b", "c"]


def test_a_key_that_does_not_end_does_not_hide_everything() -> None:
    shown = passage(["-----BEGIN PRIVATE KEY-----", *("line" for _ in range(200))])
    assert shown[-1] == "line"
    assert shown[50] == MARK


@given(
    st.lists(st.text("abc", max_size=8), max_size=30),
    st.text("abc", min_size=6, max_size=12),
    st.integers(1, 7),
)
def test_no_line_is_lost_and_no_secret_is_told(lines: list[str], secret: str, step: int) -> None:
    shown = passage(lines, secret, step=step)
    assert len(shown) == len(lines)
    for before, after in zip(lines, shown, strict=True):
        assert secret not in after
        assert after == before or MARK in after


@pytest.mark.parametrize(
    "piece", ["a", "ab", "correcthorse", "://a:", "-----BEGIN PRIVATE KEY", "sk-", "eyJ"]
)
def test_the_time_grows_with_the_text_and_not_with_its_square(piece: str) -> None:
    redactor = Redactor([PLAIN, "a" * 40, "ab" * 20])

    def took(size: int) -> float:
        text = (piece * (size // len(piece) + 1))[:size]
        began = time.process_time()
        redactor.text(text)
        return time.process_time() - began

    took(10_000)
    few = max(min(took(10_000) for _ in range(3)), 0.002)
    assert took(320_000) < 500 * few, "32 times as much; its square would take 1,024 times as long"
