"""What is kept of a token."""

import hashlib

from jarvis.accounts.tokens import checksum


def test_it_works() -> None:
    assert checksum("jarvis_word") == hashlib.sha256(b"jarvis_word").hexdigest()


def test_tokens_that_differ_in_one_letter_have_nothing_in_common() -> None:
    assert checksum("jarvis_a") != checksum("jarvis_b")
