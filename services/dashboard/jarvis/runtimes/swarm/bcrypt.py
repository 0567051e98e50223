"""Checksums of passwords by bcrypt, the only ones that registries read: by the libcrypt of the system."""

import ctypes
import secrets
import string
from contextlib import suppress

from jarvis.errors import Unavailable

LIBRARIES = ("libcrypt.so.1", "libcrypt.so.2")
COST = "05"
"""Low, since the registry computes it at every request, and the password is a long random one."""
_LETTERS = "./" + string.ascii_letters + string.digits


def hashed(password: str) -> str:
    """The checksum, with a salt of its own.

    Raises:
        Unavailable: The system has no libcrypt that can do it.
    """
    salt = "".join(secrets.choice(_LETTERS) for _ in range(21)) + "."
    for name in LIBRARIES:
        with suppress(OSError, AttributeError):
            crypt = ctypes.CDLL(name).crypt
            crypt.restype = ctypes.c_char_p
            made: bytes | None = crypt(password.encode(), f"$2y${COST}${salt}".encode())
            if made and made.startswith(b"$2y$"):
                return made.decode("ascii")
    raise Unavailable(
        "This system cannot make the password of a registry: it has no libcrypt with bcrypt.",
        "Install it (apt install libcrypt1), or name a registry by JARVIS_SWARM_REGISTRY.",
    )
