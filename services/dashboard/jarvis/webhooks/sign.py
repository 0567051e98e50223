"""What is sent, and the signature by which the receiver knows that it is from here. Pure."""

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from typing import Any

from jarvis.errors import InvalidInput

SHORTEST, LONGEST = 16, 200


def body(message: Mapping[str, Any]) -> bytes:
    """The message as it is sent: the same bytes at every attempt."""
    ordered = {key: message[key] for key in ("id", "event", "time", "data")}
    return json.dumps(ordered, ensure_ascii=False, separators=(",", ":")).encode()


def signature(secret: str, content: bytes, moment: int) -> str:
    """The header `Jarvis-Signature` for `content`, sent at `moment` (unix seconds)."""
    signed = str(moment).encode() + b"." + content
    return f"t={moment},v1={hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()}"


def new_secret() -> str:
    """A secret that nobody guesses."""
    return "whsec_" + secrets.token_urlsafe(32)


def check_secret(secret: str) -> str:
    """`secret`, if it can be one.

    Raises:
        InvalidInput: It cannot; the sentence does not show it.
    """
    if not SHORTEST <= len(secret) <= LONGEST or not secret.isascii() or not secret.isprintable():
        raise InvalidInput(
            f"A secret has {SHORTEST} to {LONGEST} signs of plain ASCII (its value is not shown here).",
            "Leave it out to have one made.",
            {"field": "secret"},
        )
    return secret
