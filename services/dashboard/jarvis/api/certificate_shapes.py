"""The shapes of certificates."""

import msgspec

from jarvis.proxy.certificates import By


class CertificateRow(msgspec.Struct):
    """A certificate that sites answer with.

    `by`: `own` was handed in, `internal` is given by Jarvis itself, `acme` by a public authority.
    """

    name: str
    by: By
    issuer: str
    not_before: str
    not_after: str
    serial: str


class Certificates(msgspec.Struct):
    """All certificates, by name."""

    items: list[CertificateRow]
    next: str | None = None


class CertificateGiven(msgspec.Struct, forbid_unknown_fields=True):
    """A certificate with those between it and its root, and its key without a password; both are PEM."""

    certificate: str
    key: str


class Authority(msgspec.Struct):
    """The root of the certificates that Jarvis gives itself, as PEM. Who trusts it sees no warning."""

    certificate: str
    sha256: str
    not_after: str
