"""Addresses that are secrets: whoever knows one may write there, or read what is written."""

from urllib.parse import SplitResult

from jarvis.errors import InvalidInput
from jarvis.webhooks import address

SHOWN = 3
"""Signs of a secret part that are shown, so that a person can tell two of them apart."""


def check(given: str, what: str) -> SplitResult:
    """The parts of an address.

    Raises:
        InvalidInput: It is none, or leads to where nothing is sent. It is not shown, for it is a secret.
    """
    if not given:
        raise InvalidInput(f"There is no address of {what}.", "", {"field": "url"})
    return address.check(given)


def masked(parts: SplitResult) -> str:
    """What anybody may see of it."""
    secret = parts.path.strip("/")
    return f"{parts.scheme}://{parts.netloc}/{secret[:SHOWN]}{'…' if len(secret) > SHOWN else ''}"
