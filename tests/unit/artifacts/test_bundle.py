"""Files that are handed in together."""

import hashlib
import io
import tarfile
from pathlib import Path

import pytest

from jarvis.artifacts.archive.extract import extract
from jarvis.artifacts.archive.limits import Limits
from jarvis.artifacts.bundle import Bundle
from jarvis.errors import ArchiveRefused, TooLarge

LIMIT = 1024 * 1024
LONG = "/".join(["a" * 60] * 5) + "/ü.html"


def made(folder: Path, files: list[tuple[str, bytes]], limit: int = LIMIT) -> tuple[str, bool, bytes]:
    """Name, whether it is a folder, and bytes."""
    with Bundle(folder, Limits(entries=20), limit) as bundle:
        for name, content in files:
            bundle.add(name, iter([content[:2], content[2:]]))
        partial = bundle.done()
        assert partial is not None
        content = partial.path.read_bytes()
        assert partial.sha256 == hashlib.sha256(content).hexdigest()
        return bundle.name, bundle.is_folder, content


def members(content: bytes) -> dict[str, bytes]:
    with tarfile.open(fileobj=io.BytesIO(content)) as tar:
        return {entry.name: (tar.extractfile(entry) or io.BytesIO()).read() for entry in tar}


def left(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_it_works(tmp_path: Path) -> None:
    files = [("site/index.html", b"<p>1"), ("site/img/a.png", b"\x89PNG" * 300), ("site/empty", b"")]
    name, is_folder, content = made(tmp_path, files)
    assert (name, is_folder) == ("site", True)
    assert members(content) == dict(files)
    assert left(tmp_path) == []


def test_one_file_stays_as_it_is(tmp_path: Path) -> None:
    assert made(tmp_path, [("a.html", b"<p>1")]) == ("a.html", False, b"<p>1")
    assert made(tmp_path, [("C:\\fakepath\\a.html", b"<p>1")])[1:] == (False, b"<p>1")


def test_several_files_become_a_tar_although_the_first_came_alone(tmp_path: Path) -> None:
    files = [("a.html", b"x" * 5000), ("b.html", b"2"), ("img/c.png", b"3")]
    name, is_folder, content = made(tmp_path, files)
    assert (name, is_folder) == ("folder", True)
    assert members(content) == dict(files)


def test_the_extractor_takes_what_was_made(tmp_path: Path) -> None:
    files = [(LONG, b"1"), ("日本/ü ñ.html", b"2" * 512), ("x/" + "b" * 99, b"3")]
    content = made(tmp_path, files)[2]
    (tmp_path / "made.tar").write_bytes(content)
    found = extract(tmp_path / "made.tar", tmp_path / "tree")
    assert {file.path for file in found.files} == {name for name, _ in files}
    assert not found.warnings
    assert (tmp_path / "tree" / LONG).read_bytes() == b"1"


def test_equal_folders_are_equal_bytes(tmp_path: Path) -> None:
    files = [("a/1", b"1"), ("a/2", b"2")]
    assert made(tmp_path, files) == made(tmp_path, files)


def test_what_macos_adds_is_left_out(tmp_path: Path) -> None:
    files = [("s/a", b"1"), ("s/.DS_Store", b"x"), ("__MACOSX/s/._a", b"x")]
    assert members(made(tmp_path, files)[2]) == {"s/a": b"1"}
    with Bundle(tmp_path, Limits(), LIMIT) as bundle:
        bundle.add("s/.DS_Store", iter([b"x"]))
        assert bundle.done() is None


def test_nothing_is_nothing(tmp_path: Path) -> None:
    with Bundle(tmp_path, Limits(), LIMIT) as bundle:
        assert bundle.done() is None


@pytest.mark.parametrize(
    ("names", "rule"),
    [
        (["../a"], "name-parent"),
        (["/etc/passwd"], "name-absolute"),
        (["a/../../b"], "name-parent"),
        (["C:/a"], "name-drive"),
        (["a//b"], "name-dot"),
        (["a/b\\c"], "name-backslash"),
        (["a/\x00"], "name-control"),
        (["a", "a"], "duplicate"),
        (["a/b", "a/b/c"], "collision"),
        (["a", "b\\c"], "name-backslash"),
        (["a/ü", "a/u\u0308"], "collision-unicode"),
        (["a", ""], "name-empty"),
        ([f"a/{number}" for number in range(21)], "entries"),
        (["a/" + "b" * 256], "name-long"),
    ],
)
def test_a_name_that_an_archive_could_not_have_is_refused_with_its_rule(
    tmp_path: Path, names: list[str], rule: str
) -> None:
    with pytest.raises(ArchiveRefused) as caught:
        made(tmp_path, [(name, b"1") for name in names])
    assert caught.value.facts["rule"] == rule
    assert "entry" in caught.value.facts
    assert left(tmp_path) == []


@pytest.mark.parametrize(
    "files", [[("a", b"x" * 101)], [("a/b", b"x" * 101)], [("a/b", b"x"), ("a/c", b"x")]]
)
def test_all_of_it_together_has_the_limit(tmp_path: Path, files: list[tuple[str, bytes]]) -> None:
    with pytest.raises(TooLarge):
        made(tmp_path, files, limit=100)
    assert left(tmp_path) == []
