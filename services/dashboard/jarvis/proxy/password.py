"""Passwords of people who may see a site: kept as what cannot be turned back. The standard library alone."""

import base64
import hashlib
import hmac
import os

SCHEME = "scrypt"
COST, BLOCK, PARALLEL = 2**14, 8, 1
"""About 50 ms and 16 MB for each try."""
MOST_MEMORY = 128 * 1024 * 1024
LONGEST = 1024
"""Bytes of a word that is looked at; a longer one is nobody's."""


def hash(word: str) -> str:  # noqa: A001 - it is always called as password.hash
    """What is kept of a password: `scrypt$cost$block$parallel$salt$key`.

    Raises:
        ValueError: It is empty, or longer than 1,024 bytes.
    """
    if not 0 < len(word.encode()) <= LONGEST:
        raise ValueError(f"a password has 1 to {LONGEST} bytes")
    salt = os.urandom(16)
    key = _derived(word.encode(), salt, COST, BLOCK, PARALLEL)
    return "$".join((SCHEME, str(COST), str(BLOCK), str(PARALLEL), _text(salt), _text(key)))


def verify(word: bytes, kept: str) -> bool:
    """Is it the word that `kept` was made of? Takes as long for a wrong one as for the right one."""
    if not is_kept(kept) or len(word) > LONGEST:
        return False
    _, cost, block, parallel, salt, key = kept.split("$")
    try:
        found = _derived(word, base64.b64decode(salt), int(cost), int(block), int(parallel))
        return hmac.compare_digest(found, base64.b64decode(key))
    except (ValueError, MemoryError):  # numbers that scrypt does not take
        return False


def is_kept(text: str) -> bool:
    """Does it look like what `hash` returns?"""
    try:
        scheme, cost, block, parallel, salt, key = text.split("$")
        numbers = int(cost), int(block), int(parallel)
        whole = len(base64.b64decode(salt, validate=True)) >= 8 and len(base64.b64decode(key)) == 32
    except ValueError:
        return False
    # What costs more could keep the machine busy with a single request.
    return scheme == SCHEME and whole and min(numbers) > 0 and numbers[0] * numbers[1] * numbers[2] <= 2**19


def _derived(word: bytes, salt: bytes, cost: int, block: int, parallel: int) -> bytes:
    return hashlib.scrypt(word, salt=salt, n=cost, r=block, p=parallel, maxmem=MOST_MEMORY, dklen=32)


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")
