"""Without ISA-L, zlib does the same: the same bytes, the same refusals."""

import gzip
from pathlib import Path

import pytest

from archives import Tarred, tarred, zipped
from attacks import ATTACKS
from jarvis.artifacts.archive import codec, member, stream
from jarvis.artifacts.archive.extract import extract
from jarvis.errors import ArchiveRefused

DEFLATED = [name for name, (data, _) in ATTACKS.items() if data[:2] == b"PK" or "gzip" in name]


@pytest.fixture
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr(codec, "import_module", missing)
    inflater, crc32, damaged = codec.best()
    for user in (member, stream):
        monkeypatch.setattr(user, "inflater", inflater)
        monkeypatch.setattr(user, "DAMAGED", damaged)
    monkeypatch.setattr(member, "crc32", crc32)


@pytest.mark.usefixtures("plain")
@pytest.mark.parametrize(
    "data", [zipped("a", "b/c"), gzip.compress(tarred(Tarred("a", b"hello\n"), "b/c"))], ids=["zip", "tar.gz"]
)
def test_it_works(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "upload").write_bytes(data)

    assert [file.size for file in extract(tmp_path / "upload", tmp_path / "out").files] == [6, 6]


@pytest.mark.usefixtures("plain")
@pytest.mark.parametrize("name", DEFLATED)
def test_an_attack_is_refused_by_the_same_rule(tmp_path: Path, name: str) -> None:
    data, rule = ATTACKS[name]
    (tmp_path / "upload").write_bytes(data)

    with pytest.raises(ArchiveRefused) as refusal:
        extract(tmp_path / "upload", tmp_path / "out")
    assert refusal.value.facts["rule"] == rule
