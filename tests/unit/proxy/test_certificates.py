"""What a person hands in is looked at before a visitor is; what our own authority gives is right."""

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from certificate_lab import Issuer, key_words
from jarvis.errors import InvalidInput, NotFound
from jarvis.proxy import authority, certificates, https

NOW = datetime(2026, 6, 1, tzinfo=UTC)
HOST = "www.example.com"


@pytest.fixture(scope="module")
def issuer() -> Issuer:
    return Issuer()


def test_it_works(tmp_path: Path, issuer: Issuer):
    chain, key = issuer.give(HOST, begins=NOW)
    held = certificates.add(tmp_path, HOST, chain, key, now=NOW + timedelta(days=1))
    assert (held.name, held.by, held.issuer) == (HOST, "own", issuer.name)
    assert held.not_after == NOW + timedelta(days=90)
    [file] = (tmp_path / "own").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.read_text().count("BEGIN CERTIFICATE") == 2
    assert file.read_text().count("PRIVATE KEY") == 2
    assert https.chain(tmp_path, HOST) == file
    assert certificates.listed(tmp_path, tmp_path) == [held]
    certificates.remove(tmp_path, HOST)
    assert certificates.listed(tmp_path, tmp_path) == []
    with pytest.raises(NotFound):
        certificates.remove(tmp_path, HOST)


def refused(tmp_path: Path, name: str, chain: str, key: str, now: datetime = NOW) -> str:
    with pytest.raises(InvalidInput) as caught:
        certificates.add(tmp_path, name, chain, key, now=now)
    assert not (tmp_path / "own").exists(), "nothing was written"
    return caught.value.message


def test_what_does_not_go_together_is_refused(tmp_path: Path, issuer: Issuer):
    chain, key = issuer.give(HOST, begins=NOW)
    other_chain, other_key = issuer.give(HOST, begins=NOW)
    assert "the key is not its own" in refused(tmp_path, HOST, chain, other_key)
    assert "it is for www.example.com, not for shop.example.com" in refused(
        tmp_path, "shop.example.com", chain, key
    )
    leaf = chain[: chain.index("-----END CERTIFICATE-----") + 26]
    assert "do not belong together" in refused(tmp_path, HOST, leaf + other_chain, key)


def test_what_is_not_good_now_is_refused(tmp_path: Path, issuer: Issuer):
    chain, key = issuer.give(HOST, begins=NOW)
    late, early = NOW + timedelta(days=91), NOW - timedelta(days=1)
    assert "it expired on 2026-08-30" in refused(tmp_path, HOST, chain, key, late)
    assert "it is good from 2026-06-01 on" in refused(tmp_path, HOST, chain, key, early)


def test_what_is_no_pem_is_refused(tmp_path: Path, issuer: Issuer):
    chain, key = issuer.give(HOST, begins=NOW)
    locked = key_words(ec.generate_private_key(ec.SECP256R1()), b"secret")
    assert "it is not PEM" in refused(tmp_path, HOST, "nonsense", key)
    assert "its key is not PEM" in refused(tmp_path, HOST, chain, "nonsense")
    assert "its key has a password" in refused(tmp_path, HOST, chain, locked)
    assert "its key is not PEM" in refused(tmp_path, HOST, chain, chain)


@pytest.mark.parametrize("name", ["..", "../x.y", "a", "a/b.c", "A.example", "*", "*.*.example", "", "a..b"])
def test_a_name_that_is_none_becomes_no_file(tmp_path: Path, issuer: Issuer, name: str):
    assert "is not a name that a site can have" in refused(tmp_path, name, *issuer.give(HOST, begins=NOW))


def test_a_wildcard_is_for_one_label_and_not_for_the_domain(tmp_path: Path, issuer: Issuer):
    chain, key = issuer.give("*.example.com", begins=NOW)
    later = NOW + timedelta(days=1)
    assert certificates.add(tmp_path, "*.example.com", chain, key, now=later).name == "*.example.com"
    assert certificates.own(tmp_path, "a.example.com")
    assert not certificates.own(tmp_path, "example.com")
    assert not certificates.own(tmp_path, "a.b.example.com")
    assert certificates.add(tmp_path, "a.example.com", chain, key, now=later).name == "a.example.com"
    narrow, its_key = issuer.give("a.example.com", begins=NOW)
    with pytest.raises(InvalidInput, match="not for \\*"):
        certificates.add(tmp_path, "*.example.com", narrow, its_key, now=later)


def test_our_authority_gives_what_browsers_take(tmp_path: Path):
    assert authority.issue(tmp_path, "shop.localhost")
    root = x509.load_pem_x509_certificate(authority.root(tmp_path).encode())
    leaf = x509.load_pem_x509_certificate((tmp_path / "internal/shop.localhost.pem").read_bytes())
    leaf.verify_directly_issued_by(root)
    assert certificates.covers(leaf, "shop.localhost")
    assert leaf.not_valid_after_utc - leaf.not_valid_before_utc <= timedelta(days=398)
    assert leaf.not_valid_before_utc < datetime.now(UTC)
    usage = leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(usage) == [x509.oid.ExtendedKeyUsageOID.SERVER_AUTH]
    constraints = root.extensions.get_extension_for_class(x509.BasicConstraints).value
    assert (constraints.ca, constraints.path_length) == (True, 0)
    secrets = [tmp_path / "root.key", tmp_path / "internal/shop.localhost.pem"]
    assert {stat.S_IMODE(file.stat().st_mode) for file in secrets} == {0o600}


def test_a_name_longer_than_a_subject_gets_one_too(tmp_path: Path):
    long = ".".join(["a" * 60, "b" * 60, "localhost"])
    assert authority.issue(tmp_path, long)
    leaf = x509.load_pem_x509_certificate((tmp_path / f"internal/{long}.pem").read_bytes())
    assert certificates.covers(leaf, long)


def test_it_is_made_anew_only_when_it_ends_or_its_root_is_another(tmp_path: Path):
    begun = datetime.now(UTC)
    assert authority.issue(tmp_path, HOST, begun)
    assert not authority.issue(tmp_path, HOST, begun + timedelta(days=300))
    assert authority.issue(tmp_path, HOST, begun + timedelta(days=310))
    (tmp_path / "root.pem").unlink()
    assert authority.issue(tmp_path, HOST, begun)
    (tmp_path / "internal" / f"{HOST}.pem").write_text("cut off")
    assert authority.issue(tmp_path, HOST, begun)
    authority.forget(tmp_path, HOST)
    assert https.chain(tmp_path, HOST) is None
