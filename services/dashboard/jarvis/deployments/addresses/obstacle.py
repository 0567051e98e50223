"""Why the authority gave no certificate: what it said, found in the proxy's log."""

import json
import os
import re
from dataclasses import dataclass
from pathlib import Path

TAIL = 512 * 1024
"""Bytes of the log's end that are looked at."""
_KIND = re.compile(r"urn:ietf:params:acme:error:(\w+)")
_WHERE = re.compile(r" \(ca=[^)]*\)$")
PERSONAL = {"connection", "unauthorized", "dns", "caa", "tls", "incorrectResponse", "rejectedIdentifier"}
"""Kinds of refusals (RFC 8555, section 6.7) that stay until a person changes something."""


@dataclass(frozen=True)
class Obstacle:
    """What stands between a host and its certificate.

    Attributes:
        said: In a sentence.
        personal: Whether only a person can change it.
    """

    said: str
    personal: bool


def of(log: Path, host: str, since: float = 0.0) -> Obstacle | None:
    """The last reason that the log has for this host; None where it has none since then, a Unix time."""
    for line in reversed(_tail(log)):
        if host not in line or '"error"' not in line:
            continue
        try:
            row = json.loads(line)
        except ValueError:
            continue
        about = {row.get("identifier"), row.get("server_name"), *(row.get("identifiers") or ())}
        words = row.get("error")
        if host in about and isinstance(words, str):
            return read(words) if row.get("ts", 0.0) >= since else None
    return None


def read(words: str) -> Obstacle:
    """What the proxy's words mean. Pure."""
    kind = _KIND.search(words)
    plain = _WHERE.sub("", words)
    if kind is None:
        why = plain.rpartition(": ")[2]
        return Obstacle(f"The certificate authority could not be asked: {why[:200]}.", personal=False)
    what = plain.partition(kind[0])[2].lstrip(" -:").strip().rstrip(".") or kind[1]
    return Obstacle(f"The certificate authority says: {what[:300]}.", personal=kind[1] in PERSONAL)


def _tail(log: Path) -> list[str]:
    try:
        with log.open("rb") as file:
            file.seek(max(0, os.fstat(file.fileno()).st_size - TAIL))
            return file.read().decode("utf-8", "replace").splitlines()
    except OSError:
        return []
