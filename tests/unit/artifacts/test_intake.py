"""What an upload is called, and what it is."""

import io
import tarfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jarvis.artifacts.intake import clean_name, file_type
from jarvis.errors import InvalidInput
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
