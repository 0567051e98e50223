"""Operations on certificates."""

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from flask import Response

import config
from jarvis.accounts.roles import Role
from jarvis.api.certificate_shapes import Authority, CertificateGiven, CertificateRow, Certificates
from jarvis.api.operation import answer, operation, read_body
from jarvis.deployments.addresses import notes
from jarvis.home import Home
from jarvis.proxy import authority, certificates
from services.db_service import db_service


def _home() -> Home:
    return Home(config.settings().home)


def _row(one: certificates.Held) -> CertificateRow:
    return CertificateRow(
        one.name, one.by, one.issuer, one.not_before.isoformat(), one.not_after.isoformat(), one.serial
    )


@operation(
    "GET",
    "/certificates",
    tag="certificates",
    summary="List the certificates that sites answer with",
    role=Role.VIEWER,
    answers={200: Certificates},
)
def list_certificates() -> Response:
    """All there are: own ones, those of Jarvis, and those of a public authority."""
    home = _home()
    return answer(Certificates([_row(one) for one in certificates.listed(home.certificates, home.caddy)]))


@operation(
    "PUT",
    "/certificates/<name>",
    tag="certificates",
    summary="Let a name, or all names below a domain (*.example.com), answer with a certificate of one's own",
    role=Role.ADMIN,
    body=CertificateGiven,
    example={
        "certificate": "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n",
        "key": "-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n",
    },
    answers={200: CertificateRow},
)
def add_certificate(name: str) -> Response:
    """It counts from the next handshake on. The key is never shown again."""
    body = read_body(CertificateGiven)
    held = certificates.add(_home().certificates, name.lower(), body.certificate, body.key)
    with db_service.get_session() as session:
        notes.again(session, held.name)
    return answer(_row(held))


@operation(
    "DELETE",
    "/certificates/<name>",
    tag="certificates",
    summary="Let a name answer with a certificate of one's own no more",
    role=Role.ADMIN,
    answers={204: None},
)
def remove_certificate(name: str) -> Response:
    """The name gets one as if there had never been an own one."""
    certificates.remove(_home().certificates, name.lower())
    with db_service.get_session() as session:
        notes.again(session, name.lower())
    return Response(status=204)


@operation(
    "GET",
    "/certificate-authority",
    tag="certificates",
    summary="Show the root of the certificates that Jarvis gives itself, to be trusted by browsers",
    role=Role.VIEWER,
    answers={200: Authority},
)
def show_authority() -> Response:
    """Made at the first call."""
    pem = authority.root(_home().certificates)
    root = x509.load_pem_x509_certificate(pem.encode())
    digest = root.fingerprint(hashes.SHA256()).hex()
    return answer(Authority(pem, digest, root.not_valid_after_utc.isoformat()))
