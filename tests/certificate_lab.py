"""A certificate authority of a company, for tests: it gives what a person then hands in."""

import secrets
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

PEM = serialization.Encoding.PEM


class Issuer:
    """One authority with a root of its own."""

    def __init__(self) -> None:
        self.name = f"Company {secrets.token_hex(4)}"
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._subject = x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, self.name)])
        ca = x509.BasicConstraints(ca=True, path_length=None)
        self.root = (
            self._builder(self._subject, self._key, datetime.now(UTC), timedelta(days=3650))
            .add_extension(ca, critical=True)
            .sign(self._key, hashes.SHA256())
        )

    def give(
        self,
        *names: str,
        begins: datetime | None = None,
        lasts: timedelta = timedelta(days=90),
        key: ec.EllipticCurvePrivateKey | None = None,
    ) -> tuple[str, str]:
        """A chain for these names, and its key, both PEM."""
        own = key or ec.generate_private_key(ec.SECP256R1())
        begins = begins or datetime.now(UTC) - timedelta(days=1)
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])])
        alternative = x509.SubjectAlternativeName([x509.DNSName(name) for name in names])
        leaf = self._builder(subject, own, begins, lasts).add_extension(alternative, critical=False)
        made = leaf.sign(self._key, hashes.SHA256())
        return words(made) + words(self.root), key_words(own)

    def _builder(
        self, subject: x509.Name, owner: ec.EllipticCurvePrivateKey, begins: datetime, lasts: timedelta
    ) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._subject)
            .public_key(owner.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(begins)
            .not_valid_after(begins + lasts)
        )


def words(certificate: x509.Certificate) -> str:
    """A certificate as PEM."""
    return certificate.public_bytes(PEM).decode()


def key_words(key: ec.EllipticCurvePrivateKey, password: bytes | None = None) -> str:
    """A key as PEM."""
    how = serialization.BestAvailableEncryption(password) if password else serialization.NoEncryption()
    return key.private_bytes(PEM, serialization.PrivateFormat.PKCS8, how).decode()
