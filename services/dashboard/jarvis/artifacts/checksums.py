"""Checksums that a sender declares, in whichever of the usual ways. Pure."""

import base64
import binascii
import re
from collections.abc import Callable

from jarvis.artifacts.stores.blob import is_checksum
from jarvis.errors import InvalidInput

_DIGEST = re.compile(r"(?i)^\s*sha-256\s*=\s*(.*?)\s*$")
_HEX = "64 hexadecimal digits"
_FORMS = {
    "X-Checksum-SHA256": _HEX,
    "Digest": "sha-256=BASE64",
    "Content-Digest": "sha-256=:BASE64:",
    "Repr-Digest": "sha-256=:BASE64:",
}
HEADERS = tuple(_FORMS)
"""The headers that may declare a checksum: ours, RFC 3230's, and the two of RFC 9530."""


def declared(header: Callable[[str], str | None]) -> tuple[str, ...]:
    """The SHA-256 of each header that declares one, in hex. Other algorithms are not looked at.

    Args:
        header: Gives the value of a header by its name.

    Raises:
        InvalidInput: A header has another form.
    """
    given = ((name, header(name)) for name in HEADERS)
    found = [_read(name, text) for name, text in given if text is not None]
    return tuple(dict.fromkeys(checksum for checksum in found if checksum))


def from_hex(text: str, field: str) -> str:
    """`text` as a SHA-256 in small letters.

    Raises:
        InvalidInput: It is none.
    """
    if not is_checksum(text.strip().lower()):
        raise _malformed(field, text, _HEX)
    return text.strip().lower()


def from_base64(text: str, field: str) -> str:
    """The SHA-256 whose 32 bytes `text` is in base64.

    Raises:
        InvalidInput: It is none.
    """
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    if len(raw) != 32:
        raise _malformed(field, text, "32 bytes in base64")
    return raw.hex()


def compare(expected: tuple[str, ...], received: str) -> None:
    """Refuse bytes that are not those that the sender declared.

    Raises:
        InvalidInput: A checksum differs.
    """
    for checksum in expected:
        if checksum != received:
            raise InvalidInput(
                f"The checksum of what arrived is {received}, not {checksum}.",
                "The bytes were changed on the way, or the checksum is of another file. Send it again.",
                {"expected": checksum, "received": received},
            )


def _read(name: str, text: str) -> str:
    if name == "X-Checksum-SHA256":
        return from_hex(text, name)
    for item in text.split(","):
        if match := _DIGEST.match(item):
            value = match[1]
            if name != "Digest":
                if len(value) < 2 or value[0] != ":" or value[-1] != ":":
                    raise _malformed(name, text, _FORMS[name])
                value = value[1:-1]
            try:
                return from_base64(value, name)
            except InvalidInput:
                raise _malformed(name, text, _FORMS[name]) from None
    return ""


def _malformed(field: str, text: str, form: str) -> InvalidInput:
    return InvalidInput(
        f"{field} holds no SHA-256: “{text[:100]}”.", f"Its form is: {form}.", {"field": field}
    )
