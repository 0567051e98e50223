"""The page that tells how to trust the root of the certificates that Jarvis gives itself, and the root."""

from collections.abc import Sequence
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from flask import Blueprint, Response, render_template

import config
from jarvis.accounts.roles import Role
from jarvis.api.operation import RULES
from jarvis.deployments.addresses import names
from jarvis.home import Home
from jarvis.proxy import authority
from models import Deployment

FILE = "jarvis-root.crt"

blueprint = Blueprint("trust", __name__)


def _root() -> str:
    return authority.root(Home(config.settings().home).certificates)


@blueprint.get("/certificate-authority")
def show() -> str:
    """What to do on each kind of machine."""
    root = x509.load_pem_x509_certificate(_root().encode())
    digest = root.fingerprint(hashes.SHA256()).hex(" ").upper()
    return render_template("trust.html", digest=digest, until=root.not_valid_after_utc, file=FILE)


@blueprint.get("/certificate-authority/root")
def download() -> Response:
    """The root certificate, which is no secret."""
    answer = Response(_root(), mimetype="application/x-x509-ca-cert")
    answer.headers["Content-Disposition"] = f'attachment; filename="{FILE}"'
    return answer


def ours(row: Deployment | None, hosts: Sequence[str]) -> list[str]:
    """The addresses of these hosts where Jarvis's own certificate answers."""
    seen: dict[str, Any] = row.configuration.get("https", {}) if row is not None else {}
    settings = config.settings()
    return [
        names.url(host, settings, secure=True)
        for host in hosts
        if seen.get(host, {}).get("by") == "internal" and "issuer" in seen[host]
    ]


RULES.update({"trust.show": Role.VIEWER, "trust.download": Role.VIEWER})
