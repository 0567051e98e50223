"""What an upload is called, and what it is."""

import io
import tarfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jarvis.artifacts.intake import clean_name, file_type
from jarvis.errors import ArchiveRefused, InvalidInput
from models import FileType


@pytest.fixture
def uploads(tmp_path: Path) -> dict[str, Path]:
    made = {kind: tmp_path / kind for kind in ("zip", "tar", "gz", "page")}
    with zipfile.ZipFile(made["zip"], "w") as archive:
        archive.writestr("index.html", "1")
    member = tarfile.TarInfo("index.html")
    member.size = 1
    with tarfile.open(made["tar"], "w") as plain, tarfile.open(made["gz"], "w:gz") as packed:
        for archive in (plain, packed):
            archive.addfile(member, io.BytesIO(b"1"))
    made["page"].write_text("<p>1")
    return made


@pytest.mark.parametrize(
    ("content", "filename", "declared", "kind"),
    [
        ("zip", "a.zip", "", FileType.ZIP),
        ("zip", "a", "", FileType.ZIP),
        ("zip", "a.html", "zip", FileType.ZIP),
        ("tar", "a.tar", "tar", FileType.TAR),
        ("tar", "folder", "directory", FileType.DIRECTORY),
        ("gz", "a.tar.gz", "", FileType.TAR),
        ("page", "a.html", "", FileType.SINGLE_FILE),
        ("page", "a.html", "single_file", FileType.SINGLE_FILE),
    ],
)
def test_it_works(
    uploads: dict[str, Path], content: str, filename: str, declared: str, kind: FileType
) -> None:
    assert file_type(uploads[content], filename, declared) is kind


@pytest.mark.parametrize(
    ("content", "filename", "declared"),
    [
        ("page", "a.zip", ""),
        ("page", "A.TAR.GZ", ""),
        ("page", "a.html", "zip"),
        ("page", "a.html", "tar"),
        ("page", "a", "directory"),
        ("zip", "a.zip", "tar"),
        ("zip", "a.zip", "directory"),
        ("zip", "a.zip", "single_file"),
        ("tar", "a.tar", "zip"),
    ],
)
def test_a_type_that_contradicts_the_bytes_is_refused(
    uploads: dict[str, Path], content: str, filename: str, declared: str
) -> None:
    with pytest.raises(InvalidInput) as caught:
        file_type(uploads[content], filename, declared)
    assert caught.value.hint


def test_what_is_a_zip_by_its_bytes_and_a_program_by_its_name_is_one_file(uploads: dict[str, Path]) -> None:
    assert file_type(uploads["zip"], "app.jar", "") is FileType.SINGLE_FILE


@pytest.mark.parametrize(
    ("head", "what"),
    [
        (b"Rar!\x1a\x07\x00", "a RAR archive"),
        (b"Rar!\x1a\x07\x01\x00", "a RAR archive"),
        (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
        (b"MSCF\0\0\0\0", "a CAB archive"),
        (b"!<arch>\ndebian-binary", "a Debian package"),
        (b"\xed\xab\xee\xdb", "an RPM package"),
        (b"LZIP\x01", "lzip"),
        (b"\x04\x22\x4d\x18", "lz4"),
        (b"\x1f\x9d\x90", "compress"),
        (b"PK\x07\x08PK\x03\x04", "several parts"),
    ],
)
def test_an_archive_of_another_kind_is_named(tmp_path: Path, head: bytes, what: str) -> None:
    file = tmp_path / "file"
    file.write_bytes(head + b"\0" * 100)
    for name in ("a.zip", "a.rar", "a"):
        with pytest.raises(InvalidInput, match=what) as caught:
            file_type(file, name, "")
        assert caught.value.facts["rule"] == "format"
        assert ".zip or .tar.gz" in caught.value.hint


def test_a_zip_that_is_cut_off_is_refused(uploads: dict[str, Path]) -> None:
    whole = uploads["zip"].read_bytes()
    for size in (len(whole) - 1, len(whole) // 2, 4):
        uploads["zip"].write_bytes(whole[:size])
        with pytest.raises(ArchiveRefused, match=r"cut off|end record") as caught:
            file_type(uploads["zip"], "a.zip", "")
        assert caught.value.facts["rule"] == "zip-end"


def test_an_encrypted_zip_is_refused_with_its_entry(uploads: dict[str, Path]) -> None:
    content = bytearray(uploads["zip"].read_bytes())
    content[content.index(b"PK\1\2") + 8] |= 1
    uploads["zip"].write_bytes(content)
    with pytest.raises(ArchiveRefused, match="encrypted") as caught:
        file_type(uploads["zip"], "a.zip", "")
    assert caught.value.facts == {"rule": "zip-encrypted", "entry": "index.html"}
    assert "without a password" in caught.value.hint


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("site.zip", "site.zip"),
        ("/etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("folder/", "folder"),
        ("a\x00b\nc\x1b[31m.zip", "a_b_c_[31m.zip"),
        ("", "upload"),
        ("///", "upload"),
        ("  ", "upload"),
        ("..", "upload"),
        ("a/..", "upload"),
        (".", "upload"),
        ("x" * 2000 + ".zip", "x" * 251 + ".zip"),
    ],
)
def test_a_name_is_made_harmless(text: str, name: str) -> None:
    assert clean_name(text) == name


@given(st.text(max_size=600))
def test_every_name_can_be_a_file(text: str) -> None:
    name = clean_name(text)
    assert name not in {"", ".", ".."}
    assert name.isprintable()
    assert "/" not in name
    assert len(name.encode()) <= 255
