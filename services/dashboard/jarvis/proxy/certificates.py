"""The certificates there are: a person's own, those of our authority, and those that Caddy was given.

An own one is a file that the proxy reads at each handshake, so it counts at once and nothing is started anew.
The key in it lies there as Caddy's own keys do: mode 0600, below JARVIS_HOME, in no table.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import NameOID

from jarvis.errors import InvalidInput, NotFound
from jarvis.private import write_private

By = Literal["own", "internal", "acme"]
LARGEST = 256 * 1024
"""Bytes of a chain or a key."""
WILDCARD = "_wildcard_."
_PLAIN = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)+")


@dataclass(frozen=True)
class Held:
    """A certificate that the proxy hands out.

    Attributes:
        name: The host, or `*.` and a domain.
        by: Where it comes from.
        issuer: Who gave it, in words.
        not_before: Since when it is good.
        not_after: Until when.
        serial: Its number, in hex.
    """

    name: str
    by: By
    issuer: str
    not_before: datetime
    not_after: datetime
    serial: str


def add(folder: Path, name: str, chain: str, key: str, now: datetime | None = None) -> Held:
    """Let the proxy hand out a person's own certificate for a name from now on.

    Args:
        folder: The folder of certificates.
        name: A host name in lower case, or `*.` and a domain.
        chain: The certificate and those between it and its root, as PEM.
        key: Its private key as PEM, without a password.
        now: The time.

    Raises:
        InvalidInput: They do not go together, are not for this name, or are not good now.
    """
    file = _file(folder, name)
    leaf, *others = _chain(chain)
    _check_key(leaf, key)
    if not covers(leaf, name):
        named = ", ".join(_names(leaf)[:10]) or "no name at all"
        raise _bad(f"it is for {named}, not for {name}", "Give the certificate of this name.", "certificate")
    moment = now or datetime.now(UTC)
    if leaf.not_valid_after_utc <= moment:
        raise _bad(f"it expired on {leaf.not_valid_after_utc:%Y-%m-%d}", "Renew it first.", "certificate")
    if leaf.not_valid_before_utc > moment:
        raise _bad(f"it is good from {leaf.not_valid_before_utc:%Y-%m-%d} on", "Wait.", "certificate")
    _check_chain(leaf, others)
    pem = "".join(one.public_bytes(serialization.Encoding.PEM).decode("ascii") for one in (leaf, *others))
    write_private(file, pem + _key_words(key))
    return _held(name, "own", leaf)


def remove(folder: Path, name: str) -> None:
    """Hand out a person's own certificate no more.

    Raises:
        NotFound: There is none for this name.
    """
    file = _file(folder, name)
    if not file.is_file():
        raise NotFound(f"There is no own certificate for {name}.", "See jarvis certificates list.")
    file.unlink()


def listed(folder: Path, storage: Path) -> list[Held]:
    """All certificates, by name.

    Args:
        folder: The folder of certificates.
        storage: Caddy's own folder.
    """
    return sorted(_all(folder, storage), key=lambda one: (one.name, one.by))


def own(folder: Path, host: str) -> bool:
    """Is there a person's own certificate for this host?"""
    return any(
        (folder / "own" / f"{name}.pem").is_file() for name in (host, WILDCARD + host.partition(".")[2])
    )


def by(leaf: x509.Certificate) -> str:
    """Who gave a certificate, in words."""
    for part in (NameOID.ORGANIZATION_NAME, NameOID.COMMON_NAME):
        if found := leaf.issuer.get_attributes_for_oid(part):
            return str(found[0].value)
    return leaf.issuer.rfc4514_string()


def covers(leaf: x509.Certificate, name: str) -> bool:
    """Is it for this name? For `*.` and a domain only if it says so itself."""
    parent = "*." + name.partition(".")[2]
    return any(each.lower() in {name, parent} for each in _names(leaf))


def _all(folder: Path, storage: Path) -> Iterator[Held]:
    for kind in ("own", "internal"):
        for file in (folder / kind).glob("*.pem"):
            name = file.stem.replace(WILDCARD, "*.") if kind == "own" else file.stem
            if leaf := _read(file):
                yield _held(name, kind, leaf)
    for file in (storage / "certificates").glob("*/*/*.crt"):
        if leaf := _read(file):
            yield _held(file.stem.replace("wildcard_", "*"), "acme", leaf)


def _read(file: Path) -> x509.Certificate | None:
    """What is there now; it may be replaced at the same moment."""
    try:
        return x509.load_pem_x509_certificate(file.read_bytes())
    except (OSError, ValueError):
        return None


def _held(name: str, kind: By, leaf: x509.Certificate) -> Held:
    dates = leaf.not_valid_before_utc, leaf.not_valid_after_utc
    return Held(name, kind, by(leaf), *dates, f"{leaf.serial_number:x}")


def _file(folder: Path, name: str) -> Path:
    bare = name.removeprefix("*.")
    if not _PLAIN.fullmatch(bare):
        raise InvalidInput(
            f"“{name[:100]}” is not a name that a site can have.",
            "Give it in lower case, like www.example.com or *.example.com.",
            {"field": "name"},
        )
    return folder / "own" / f"{WILDCARD if name.startswith('*.') else ''}{bare}.pem"


def _names(leaf: x509.Certificate) -> list[str]:
    try:
        extension = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except (x509.ExtensionNotFound, ValueError):
        return []
    return extension.value.get_values_for_type(x509.DNSName)


def _chain(chain: str) -> list[x509.Certificate]:
    try:
        found = x509.load_pem_x509_certificates(chain.encode())
    except ValueError as error:
        raise _bad("it is not PEM", "It begins with -----BEGIN CERTIFICATE-----.", "certificate") from error
    return found


def _private(key: str) -> rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey:
    try:
        found = serialization.load_pem_private_key(key.encode(), None)
    except TypeError as error:
        raise _bad("its key has a password", "Give the key without one.", "key") from error
    except ValueError as error:
        raise _bad("its key is not PEM", "It begins with -----BEGIN … PRIVATE KEY-----.", "key") from error
    if isinstance(found, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey):
        return found
    raise _bad("its key is of a kind that browsers do not take", "Use RSA or ECDSA.", "key")


def _key_words(key: str) -> str:
    return (
        _private(key)
        .private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        .decode("ascii")
    )


def _check_key(leaf: x509.Certificate, key: str) -> None:
    form = serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    if _private(key).public_key().public_bytes(*form) != leaf.public_key().public_bytes(*form):
        raise _bad("the key is not its own", "Give the key that it was asked for with.", "key")


def _check_chain(leaf: x509.Certificate, others: list[x509.Certificate]) -> None:
    """Each one must be given by the next."""
    below = leaf
    for above in others:
        try:
            below.verify_directly_issued_by(above)
        except (ValueError, TypeError, InvalidSignature) as error:
            raise _bad(
                "the certificates in the file do not belong together, or not in this order",
                "First the site's own, then the one that it was given by, and so on.",
                "certificate",
            ) from error
        below = above


def _bad(why: str, hint: str, field: str) -> InvalidInput:
    return InvalidInput(f"This certificate cannot be used: {why}.", hint, {"field": field})
