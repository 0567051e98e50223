"""Our own certificate authority, for names that no public one gives certificates for.

Its root is made once and lies beside the certificates. Browsers that do not trust it warn, and what they say
to the site is secret even so.
"""

import fcntl
import os
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from jarvis.private import write_private

ROOT_FOR = timedelta(days=3650)
LEAF_FOR = timedelta(days=397)
"""As long as browsers take from any authority. So a machine that nobody looks after serves on for a year."""
RENEW_BEFORE = timedelta(days=90)
_EARLIER = timedelta(hours=24)
"""Clocks of visitors may be behind."""
_NAME = "Jarvis"


def root_file(folder: Path) -> Path:
    """The root certificate in the folder of certificates."""
    return folder / "root.pem"


def root(folder: Path) -> str:
    """The root certificate as PEM; made at the first call."""
    file = root_file(folder)
    if not file.is_file():
        with _alone(folder):
            if not file.is_file():
                _make(folder)
    return file.read_text(encoding="ascii")


def issue(folder: Path, host: str, now: datetime | None = None) -> bool:
    """Let the host have a certificate of ours that is good for long; safe to do twice.

    Args:
        folder: The folder of certificates.
        host: A host name, in lower case.
        now: The time.

    Returns:
        Whether a new one was made.
    """
    moment = now or datetime.now(UTC)
    issuer = x509.load_pem_x509_certificate(root(folder).encode())
    file = folder / "internal" / f"{host}.pem"
    if _is_good(file, issuer, moment):
        return False
    signer = serialization.load_pem_private_key((folder / "root.key").read_bytes(), None)
    assert isinstance(signer, ec.EllipticCurvePrivateKey)  # noqa: S101 - we made it
    key = ec.generate_private_key(ec.SECP256R1())
    # The subject may have 64 signs at most; the name that counts is the other one.
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)] if len(host) <= 64 else [])
    leaf = (
        _builder(subject, issuer.subject, key, moment, LEAF_FOR)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=not subject.rdns)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(leaf=True), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False
        )
        .sign(signer, hashes.SHA256())
    )
    write_private(file, _pem(leaf) + _words(key))
    return True


def forget(folder: Path, host: str) -> None:
    """Take the certificate of a host away that is ours."""
    (folder / "internal" / f"{host}.pem").unlink(missing_ok=True)


def _is_good(file: Path, issuer: x509.Certificate, moment: datetime) -> bool:
    try:
        leaf = x509.load_pem_x509_certificate(file.read_bytes())
        leaf.verify_directly_issued_by(issuer)
    except FileNotFoundError:
        return False
    except Exception:  # noqa: BLE001 - whatever is wrong with it (its root is another one): make it anew
        return False
    return leaf.not_valid_after_utc - moment > RENEW_BEFORE


def _make(folder: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    moment = datetime.now(UTC)
    # Two roots of the same name cannot be told apart in a list of trusted ones.
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, _NAME),
            x509.NameAttribute(NameOID.COMMON_NAME, f"{_NAME} {moment:%Y-%m-%d} {os.urandom(2).hex()}"),
        ]
    )
    made = (
        _builder(name, name, key, moment, ROOT_FOR)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(leaf=False), critical=True)
        .sign(key, hashes.SHA256())
    )
    # The certificate last: where it is, the key is.
    write_private(folder / "root.key", _words(key))
    write_private(root_file(folder), _pem(made))


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, moment: datetime, last: timedelta
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(moment - _EARLIER)
        .not_valid_after(moment + last - _EARLIER)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _usage(*, leaf: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=leaf,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=not leaf,
        crl_sign=not leaf,
        encipher_only=False,
        decipher_only=False,
    )


def _pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(serialization.Encoding.PEM).decode("ascii")


def _words(key: ec.EllipticCurvePrivateKey) -> str:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode("ascii")


@contextmanager
def _alone(folder: Path) -> Generator[None]:
    """Whoever comes second, in whatever process, finds what the first one made."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(folder / ".lock", os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)  # and with it goes the lock
