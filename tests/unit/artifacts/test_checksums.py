"""Checksums that a sender declares."""

import base64
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jarvis.artifacts.checksums import HEADERS, compare, declared, from_base64, from_hex
from jarvis.errors import InvalidInput

RAW = hashlib.sha256(b"x").digest()
HEX = RAW.hex()
B64 = base64.b64encode(RAW).decode()
OTHER = "0" * 64


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("X-Checksum-SHA256", HEX),
        ("X-Checksum-SHA256", f" {HEX.upper()} "),
        ("Digest", f"sha-256={B64}"),
        ("Digest", f"SHA-256={B64}"),
        ("Digest", f"md5=AAAA, sha-256={B64}"),
        ("Content-Digest", f"sha-256=:{B64}:"),
        ("Content-Digest", f"sha-512=:AAAA:, sha-256=:{B64}:"),
        ("Repr-Digest", f"sha-256=:{B64}:"),
    ],
)
def test_it_works(name: str, text: str) -> None:
    assert declared({name: text}.get) == (HEX,)


def test_none_is_none() -> None:
    assert declared({}.get) == ()
    assert declared({"Digest": "md5=AAAA"}.get) == ()
    assert declared({"Repr-Digest": "sha-512=:AAAA:"}.get) == ()


def test_each_header_counts_and_the_same_counts_once() -> None:
    assert declared({"X-Checksum-SHA256": HEX, "Digest": f"sha-256={B64}"}.get) == (HEX,)
    assert declared({"X-Checksum-SHA256": OTHER, "Digest": f"sha-256={B64}"}.get) == (OTHER, HEX)


@pytest.mark.parametrize(
    ("name", "text", "form"),
    [
        ("X-Checksum-SHA256", "", "64 hexadecimal digits"),
        ("X-Checksum-SHA256", "x", "64 hexadecimal digits"),
        ("X-Checksum-SHA256", HEX[:-1], "64 hexadecimal digits"),
        ("X-Checksum-SHA256", HEX + "0", "64 hexadecimal digits"),
        ("X-Checksum-SHA256", "g" * 64, "64 hexadecimal digits"),
        ("X-Checksum-SHA256", "x" * 5000, "64 hexadecimal digits"),
        ("X-Checksum-SHA256", B64, "64 hexadecimal digits"),
        ("Digest", f"sha-256={HEX}", "sha-256=BASE64"),
        ("Digest", f"sha-256=:{B64}:", "sha-256=BASE64"),
        ("Digest", "sha-256=", "sha-256=BASE64"),
        ("Content-Digest", f"sha-256={B64}", "sha-256=:BASE64:"),
        ("Content-Digest", "sha-256=:", "sha-256=:BASE64:"),
        ("Repr-Digest", "sha-256=:AAAA:", "sha-256=:BASE64:"),
        ("Repr-Digest", "sha-256=:ü:", "sha-256=:BASE64:"),
    ],
)
def test_another_form_is_refused_with_the_right_one(name: str, text: str, form: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        declared({name: text}.get)
    assert form in caught.value.hint
    assert caught.value.facts == {"field": name}
    assert len(caught.value.message) < 200


def test_a_difference_is_told_with_both_values() -> None:
    compare((HEX, HEX), HEX)
    compare((), HEX)
    with pytest.raises(InvalidInput, match=f"is {HEX}, not {OTHER}") as caught:
        compare((HEX, OTHER), HEX)
    assert caught.value.facts == {"expected": OTHER, "received": HEX}


@given(st.sampled_from(HEADERS), st.text(max_size=120))
def test_whatever_is_declared_is_read_or_refused(name: str, text: str) -> None:
    try:
        found = declared({name: text}.get)
    except InvalidInput:
        return
    assert all(len(checksum) == 64 for checksum in found)


@given(st.binary(min_size=32, max_size=32))
def test_every_checksum_can_be_declared_in_both_ways(raw: bytes) -> None:
    assert from_hex(raw.hex().upper(), "x") == from_base64(base64.b64encode(raw).decode(), "x") == raw.hex()
