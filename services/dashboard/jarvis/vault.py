"""Secrets that lie in the database: sealed with a key that does not."""

import fcntl
import hmac
import os
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

import config
from jarvis.errors import JarvisError
from jarvis.home import Home
from jarvis.private import write_private

MARK = 16
"""Signs of what tells two values apart, for whoever has not the key."""


class Sealed(JarvisError):
    """A secret cannot be read, as its key is missing or another one."""

    code = "sealed"


def key_file() -> Path:
    """Where the keys are: one a line, newest first. The first one seals, all of them unseal."""
    return Home(config.settings().home).vault_keys


def seal(text: str) -> bytes:
    """`text` as it may lie in the database. The first call ever makes the key.

    Raises:
        Sealed: The file of keys cannot be used.
    """
    return _keys(_ready()).encrypt(text.encode())


def unseal(sealed: bytes) -> str:
    """What was sealed.

    Raises:
        Sealed: The key is missing, or is not the one that it was sealed with.
    """
    file = key_file()
    try:
        return _keys(file).decrypt(sealed).decode()
    except InvalidToken as error:
        raise Sealed(
            f"A secret in the database was sealed with a key that is not in {file}.",
            "Put the former key back as a further line of that file, or set the secret anew.",
        ) from error


def mark(text: str) -> str:
    """What tells `text` from others, and says nothing else of it to whoever has not the key.

    Raises:
        Sealed: The file of keys cannot be used.
    """
    file = _ready()
    try:
        key = file.read_bytes()
    except OSError as error:
        raise _unreadable(file, error) from error
    return hmac.digest(key, text.encode(), "sha256").hex()[:MARK]


def _ready() -> Path:
    """The file of keys, made where it is missing."""
    file = key_file()
    if not file.is_file():
        try:
            _make(file)
        except OSError as error:
            raise Sealed(f"The file of keys {file} cannot be made: {error.strerror}.") from error
    return file


def _make(file: Path) -> None:
    """Make the first key. Whoever comes second, in whatever process, finds that of the first."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(file.with_name(f".{file.name}.lock"), os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        if not file.is_file():
            write_private(file, Fernet.generate_key().decode("ascii"))
    finally:
        os.close(descriptor)  # and with it goes the lock


def _keys(file: Path) -> MultiFernet:
    try:
        lines = file.read_text(encoding="ascii").split()
    except OSError as error:
        raise _unreadable(file, error) from error
    except UnicodeDecodeError as error:
        raise _spoilt(file) from error
    try:
        return MultiFernet([Fernet(line) for line in lines])
    except ValueError as error:  # says nothing of the key that we could show
        raise _spoilt(file) from error


def _unreadable(file: Path, error: OSError) -> Sealed:
    return Sealed(
        f"The file of keys {file} cannot be read: {error.strerror}.",
        "Secrets in the database need it: put it back from the backup.",
    )


def _spoilt(file: Path) -> Sealed:
    return Sealed(f"The file {file} does not hold keys.", "Put it back from the backup.")
