"""A folder as a tar stream."""

import io
import os
import socket
import tarfile
from pathlib import Path

import pytest

from jarvis.cli import pack
from jarvis.cli.pack import scan
from jarvis.cli.tar import header
from jarvis.errors import InvalidInput, NothingToServe


def members(raw: bytes) -> dict[str, tarfile.TarInfo]:
    with tarfile.open(fileobj=io.BytesIO(raw)) as archive:
        return {member.name: member for member in archive}


def packed(folder: Path) -> bytes:
    return b"".join(scan(str(folder)).pieces())


def test_it_works(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<h1>hello</h1>")
    (tmp_path / "css").mkdir()
    (tmp_path / "css" / "a.css").write_bytes(b"a" * 700)
    (tmp_path / "run.sh").write_text("#!/bin/sh\n")
    (tmp_path / "run.sh").chmod(0o700)
    found = members(packed(tmp_path))
    assert list(found) == ["css", "css/a.css", "index.html", "run.sh"]
    assert [oct(item.mode) for item in found.values()] == ["0o755", "0o644", "0o644", "0o755"]
    assert {(item.uid, item.gid, item.mtime, item.uname) for item in found.values()} == {(0, 0, 0, "")}
    with tarfile.open(fileobj=io.BytesIO(packed(tmp_path))) as archive:
        body = archive.extractfile("css/a.css")
        assert body is not None
        assert body.read() == b"a" * 700


def test_the_size_is_known_before(tmp_path: Path) -> None:
    for size in (0, 1, 511, 512, 513, 300_000):
        (tmp_path / f"{size}.bin").write_bytes(b"x" * size)
    (tmp_path / ("long" * 50)).write_text("long")
    assert scan(str(tmp_path)).size == len(packed(tmp_path))


def test_the_same_content_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    for place, order in (("one", "abc"), ("two", "cab")):
        for letter in order:
            (tmp_path / place / letter).write_text(letter)
            os.utime(tmp_path / place / letter, (hash(place) % 10_000, 5))
    (tmp_path / "two" / "a").chmod(0o604)
    assert packed(tmp_path / "one") == packed(tmp_path / "two")


@pytest.mark.parametrize("name", ["ä", "日本語.html", "x" * 101, "é" * 120, "d" * 99 + "é"])
def test_long_and_foreign_names_arrive_whole(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "deep" / ("n" * 90)
    folder.mkdir(parents=True)
    (folder / name).write_text("here")
    assert f"deep/{'n' * 90}/{name}" in members(packed(tmp_path))


def test_a_file_too_large_for_the_old_header_gets_a_record() -> None:
    with tarfile.open(fileobj=io.BytesIO(header("big.bin", 8**11, 0o644))) as archive:
        first = archive.next()
    assert first is not None
    assert (first.name, first.size) == ("big.bin", 8**11)


def test_what_version_control_keeps_is_left_out_and_counted(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "config").write_text("secret")
    (tmp_path / "sub" / "node_modules").mkdir(parents=True)
    (tmp_path / "sub" / "node_modules" / "m.js").write_text("kept")
    (tmp_path / "sub" / ".git").write_text("gitdir: elsewhere")
    (tmp_path / ".DS_Store").write_text("")
    (tmp_path / ".env").write_text("kept")
    packing = scan(str(tmp_path))
    assert dict(packing.left_out) == {".git": 2, ".DS_Store": 1}
    names = [entry.name for entry in packing.entries]
    assert names == [".env", "sub/", "sub/node_modules/", "sub/node_modules/m.js"]


def test_a_link_to_a_file_inside_becomes_that_file(tmp_path: Path) -> None:
    (tmp_path / "real.html").write_text("real")
    (tmp_path / "index.html").symlink_to("real.html")
    item = members(packed(tmp_path))["index.html"]
    assert item.isreg()
    assert item.size == 4


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("/etc/passwd", "leads out of the folder"),
        ("../outside.txt", "leads out of the folder"),
        ("missing", "leads nowhere"),
        ("link", "leads nowhere"),
        ("folder", "leads to a folder"),
        (".", "leads to a folder"),
        (".git/config", "left out"),
    ],
)
def test_other_links_are_refused_by_name(tmp_path: Path, target: str, words: str) -> None:
    site = tmp_path / "site"
    (site / "folder").mkdir(parents=True)
    (site / ".git").mkdir()
    (site / ".git" / "config").write_text("secret")
    (site / "index.html").write_text("x")
    (tmp_path / "outside.txt").write_text("x")
    (site / "folder" / "x").write_text("x")
    (site / "link").symlink_to(target)
    with pytest.raises(InvalidInput, match=f"The link link .*{words}"):
        scan(str(site))


def test_a_neighbour_whose_name_begins_alike_is_outside(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site-secret").write_text("x")
    (tmp_path / "site" / "link").symlink_to(tmp_path / "site-secret")
    with pytest.raises(InvalidInput, match="leads out of the folder"):
        scan(str(tmp_path / "site"))


def test_pipes_and_sockets_are_refused_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(InvalidInput, match="pipe is a named pipe"):
        scan(str(tmp_path))
    (tmp_path / "pipe").unlink()
    monkeypatch.chdir(tmp_path)  # a socket's path may have 107 letters only
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("gate")
        with pytest.raises(InvalidInput, match="gate is a socket"):
            scan(".")


@pytest.mark.parametrize("content", [[], [".git"], ["folder"]])
def test_a_folder_without_files_is_refused(tmp_path: Path, content: list[str]) -> None:
    for name in content:
        (tmp_path / name).mkdir()
    with pytest.raises(NothingToServe, match="nothing to deploy"):
        scan(str(tmp_path))


def test_a_name_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    try:
        (tmp_path / "bad\udcff").write_text("x")
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    with pytest.raises(InvalidInput, match="not UTF-8"):
        scan(str(tmp_path))


def test_an_unreadable_file_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "secret.html").write_text("x")
    monkeypatch.setattr(pack.os, "access", lambda *_: False)  # root may read everything
    with pytest.raises(InvalidInput, match=r"secret\.html cannot be read: Permission denied"):
        scan(str(tmp_path))


def test_a_folder_that_cannot_be_listed_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="gone cannot be read"):
        scan(str(tmp_path / "gone"))


@pytest.mark.parametrize("now", [b"", b"short", b"longer than it was before", None])
def test_a_file_that_changes_stops_the_packing(tmp_path: Path, now: bytes | None) -> None:
    page = tmp_path / "index.html"
    page.write_bytes(b"as it was ...")
    packing = scan(str(tmp_path))
    page.unlink()
    if now is not None:
        page.write_bytes(now)
    with pytest.raises(InvalidInput, match=r"index\.html changed while it was read"):
        b"".join(packing.pieces())


def test_a_file_that_becomes_a_link_or_a_pipe_is_not_followed(tmp_path: Path) -> None:
    page = tmp_path / "index.html"
    page.write_bytes(b"x")
    packing = scan(str(tmp_path))
    page.unlink()
    page.symlink_to("/etc/passwd")
    with pytest.raises(InvalidInput, match="changed"):
        b"".join(packing.pieces())
    page.unlink()
    os.mkfifo(page)
    with pytest.raises(InvalidInput, match="changed"):
        b"".join(packing.pieces())


def test_a_deep_folder_is_no_problem(tmp_path: Path) -> None:
    place = tmp_path.joinpath(*["d"] * 300)  # deeper ones outlive pytest's own cleaning
    place.mkdir(parents=True)
    (place / "f").write_text("x")
    packing = scan(str(tmp_path))
    assert packing.files == 1
    assert sum(map(len, packing.pieces())) == packing.size
