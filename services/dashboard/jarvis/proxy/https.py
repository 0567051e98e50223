"""HTTPS as the settings of Jarvis want it."""

import secrets
from pathlib import Path

from config import Settings
from jarvis.home import Home
from jarvis.private import write_private
from jarvis.proxy.tls import Acme, Https

LOCAL = ("localhost", "local", "lan", "home", "home.arpa", "internal", "intranet", "localdomain", "test")
"""Ends of names that no public authority gives certificates for (RFC 6761, RFC 6762, RFC 8375, and habit)."""


def is_public(host: str) -> bool:
    """May a public authority give a certificate for this name?"""
    return not any(host == end or host.endswith(f".{end}") for end in LOCAL)


def public_port(settings: Settings) -> int:
    """The port that visitors type for HTTPS; 0 where there is none."""
    return (settings.public_https_port or settings.https_port) if settings.https_port else 0


def acme(settings: Settings) -> Acme | None:
    """The authority for public names; None where none is asked.

    Without a word about it, it is asked where it can work: it looks at a site on the ports 80 and 443.
    """
    if settings.acme == "off" or not settings.https_port:
        return None
    usual = (settings.public_port or settings.http_port, public_port(settings)) == (80, 443)
    if settings.acme == "on" or usual or settings.acme_ca:
        return Acme(settings.acme_ca, settings.acme_email, settings.acme_ca_root)
    return None


def of(home: Home, settings: Settings) -> Https | None:
    """What the proxy has to know; None where there is no HTTPS. The first call makes the secret word."""
    if not settings.https_port:
        return None
    file = home.certificates / "key"
    if not file.is_file():
        write_private(file, secrets.token_hex(32))
    key = file.read_text(encoding="ascii").strip()
    return Https(settings.https_port, public_port(settings), home.certificates, key, acme(settings))


def chain(folder: Path, host: str) -> Path | None:
    """The file with the certificate that the proxy hands out for a host, where it is not the authority's."""
    parent = host.partition(".")[2]
    for place in (f"own/{host}", f"own/_wildcard_.{parent}", f"internal/{host}"):
        if (file := folder / f"{place}.pem").is_file():
            return file
    return None
