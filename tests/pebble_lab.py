"""A certificate authority for tests: pebble, and the DNS that it asks, both Debian's, on free ports."""

import json
import shutil
import ssl
import subprocess
import urllib.request
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from caddy_lab import free_port, poll

NEEDED = ("pebble", "pebble-challtestsrv")


@dataclass
class Pebble:
    """One authority.

    Attributes:
        folder: What it was given, and `roots.pem`: what its own HTTPS and its certificates are checked by.
        port: Of its directory.
        management: Where it tells its root.
        http_port: Where it looks for HTTP-01.
        tls_port: Where it looks for TLS-ALPN-01.
    """

    folder: Path
    port: int
    management: int
    http_port: int
    tls_port: int
    process: subprocess.Popen[bytes] | None = None
    dns: subprocess.Popen[bytes] | None = None

    @property
    def directory(self) -> str:
        """Where ACME clients begin."""
        return f"https://localhost:{self.port}/dir"

    @property
    def roots(self) -> Path:
        """Trusted roots."""
        return self.folder / "roots.pem"

    @property
    def log(self) -> str:
        """What it said."""
        return (self.folder / "pebble.log").read_text(errors="replace")

    def start(self) -> None:
        """Start it; its roots are there afterwards. Each start has a root of its own."""
        with (self.folder / "pebble.log").open("ab") as out:
            self.process = subprocess.Popen(
                ["pebble", "-config", str(self.folder / "pebble.json"), "-dnsserver", self._dns()],
                env={"PEBBLE_VA_NOSLEEP": "1", "PEBBLE_WFE_NONCEREJECT": "0", "PEBBLE_AUTHZREUSE": "0"},
                stdout=out,
                stderr=out,
            )
        assert poll(self._answers), self.log
        known = self.roots if self.roots.is_file() else self.folder / "ca.pem"
        self.roots.write_text(known.read_text() + self._get("/roots/0"))

    def stop(self) -> None:
        """End the authority; its DNS stays."""
        if self.process is not None:
            self.process.kill()
            self.process.wait(30)
            self.process = None

    def _answers(self) -> bool:
        with suppress(OSError):
            return bool(self._get("/roots/0"))
        return False

    def _get(self, path: str) -> str:
        context = ssl.create_default_context(cafile=str(self.folder / "ca.pem"))
        with urllib.request.urlopen(
            f"https://localhost:{self.management}{path}", context=context, timeout=5
        ) as answer:
            return str(answer.read().decode())

    def _dns(self) -> str:
        return f"127.0.0.1:{(self.folder / 'dns').read_text()}"


@contextmanager
def pebble(folder: Path, http_port: int, tls_port: int, *, up: bool = True) -> Generator[Pebble]:
    """An authority that finds every name at 127.0.0.1; skips where Debian's packages are missing."""
    if missing := [name for name in NEEDED if shutil.which(name) is None]:
        pytest.skip(f"{' and '.join(missing)} is not installed (apt-get install pebble)")
    made = Pebble(folder, free_port(), free_port(), http_port, tls_port)
    folder.mkdir(parents=True, exist_ok=True)
    _certificate(folder)
    facts = {
        "listenAddress": f"127.0.0.1:{made.port}",
        "managementListenAddress": f"127.0.0.1:{made.management}",
        "certificate": str(folder / "pebble.pem"),
        "privateKey": str(folder / "pebble.key"),
        "httpPort": http_port,
        "tlsPort": tls_port,
        "ocspResponderURL": "",
        "externalAccountBindingRequired": False,
    }
    (folder / "pebble.json").write_text(json.dumps({"pebble": facts}))
    port = free_port()
    (folder / "dns").write_text(str(port))
    off = [word for name in ("-http01", "-https01", "-tlsalpn01") for word in (name, "")]
    words = ["-defaultIPv4", "127.0.0.1", "-defaultIPv6", "", "-management", f"127.0.0.1:{free_port()}", *off]
    with (folder / "dns.log").open("wb") as out:
        made.dns = subprocess.Popen(
            ["pebble-challtestsrv", *words, "-dns01", f"127.0.0.1:{port}"],
            stdout=out,
            stderr=out,
        )
    try:
        if up:
            made.start()
        yield made
    finally:
        made.stop()
        made.dns.kill()
        made.dns.wait(30)


def _certificate(folder: Path) -> None:
    """A root, and a certificate for localhost by it."""
    root_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    root_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "pebble's own")])
    now = datetime.now(UTC)

    def builder(subject: x509.Name, owner: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(root_name)
            .public_key(owner.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=30))
        )

    ca = x509.BasicConstraints(ca=True, path_length=None)
    root = builder(root_name, root_key).add_extension(ca, critical=True).sign(root_key, hashes.SHA256())
    names = x509.SubjectAlternativeName([x509.DNSName("localhost")])
    aki = x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key())
    leaf = (
        builder(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")]), key)
        .add_extension(names, critical=False)
        .add_extension(aki, critical=False)
        .sign(root_key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (folder / "ca.pem").write_bytes(root.public_bytes(pem))
    (folder / "pebble.pem").write_bytes(leaf.public_bytes(pem))
    (folder / "pebble.key").write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
