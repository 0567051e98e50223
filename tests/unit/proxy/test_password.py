"""Passwords that are kept so that nobody can read them."""

import pytest

from jarvis.proxy import password


def test_it_works():
    kept = password.hash("open sesame ä")
    assert kept.startswith("scrypt$")
    assert "sesame" not in kept
    assert password.verify("open sesame ä".encode(), kept)
    assert not password.verify(b"open sesame", kept)
    assert password.is_kept(kept)


def test_the_same_word_is_kept_differently_each_time():
    assert password.hash("word") != password.hash("word")


@pytest.mark.parametrize("word", ["", "x" * 1025])
def test_words_that_are_none(word: str):
    with pytest.raises(ValueError, match="1 to 1024 bytes"):
        password.hash(word)


@pytest.mark.parametrize(
    "kept",
    [
        "",
        "word",
        "scrypt$1$2$3",
        "bcrypt$16384$8$1$c2FsdHNhbHQ=$a2V5",
        "scrypt$x$8$1$c2FsdHNhbHQ=$a2V5",
        "scrypt$16384$8$1$$a2V5",
        "scrypt$16384$8$1$!$a2V5",
        "scrypt$1048576$8$1$MDEyMzQ1Njc4OTAxMjM0NQ==$MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
    ],
)
def test_what_nobody_has_hashed_is_never_right(kept: str):
    assert not password.is_kept(kept)
    assert not password.verify(b"word", kept)
