"""Fetching from a real git server."""

import os
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

import git_lab
from jarvis.artifacts import git
from jarvis.errors import NotFound, TooLarge, Unavailable

MANY = 10_000_000


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[git_lab.GitServer]:
    """One server; each test uses a repository of its own."""
    with git_lab.serve(tmp_path_factory.mktemp("git") / "served") as running:
        yield running


def fetched(url: str, ref: str, folder: Path, limit: int = MANY) -> tuple[dict[str, bytes], str]:
    """The files of the tar, and the commit."""
    tar, commit = git.fetch(url, ref, folder / "fetched", limit, lambda _: None)
    with tarfile.open(tar) as archive:
        return {
            item.name: file.read()
            for item in archive
            if item.isfile() and (file := archive.extractfile(item))
        }, commit


def test_it_works(server: git_lab.GitServer, tmp_path: Path) -> None:
    newest = server.commit("site", {"index.html": "<p>1", "a/b.css": "x"})
    files, commit = fetched(server.url("site"), "", tmp_path)
    assert commit == newest
    assert files == {"index.html": b"<p>1", "a/b.css": b"x"}


def test_a_branch_a_tag_and_a_commit_can_be_fetched(server: git_lab.GitServer, tmp_path: Path) -> None:
    first = server.commit("refs", {"index.html": "<p>1"}, tag="v1")
    git_lab.git(server.folder / "refs", "checkout", "--quiet", "-b", "feature/new")
    branch = server.commit("refs", {"index.html": "<p>2"})
    git_lab.git(server.folder / "refs", "checkout", "--quiet", "main")
    newest = server.commit("refs", {"index.html": "<p>3"})
    url = server.url("refs")
    assert fetched(url, "", tmp_path) == ({"index.html": b"<p>3"}, newest)
    assert fetched(url, "main", tmp_path) == ({"index.html": b"<p>3"}, newest)
    assert fetched(url, "feature/new", tmp_path) == ({"index.html": b"<p>2"}, branch)
    assert fetched(url, "v1", tmp_path) == ({"index.html": b"<p>1"}, first)
    assert fetched(url, first, tmp_path) == ({"index.html": b"<p>1"}, first)


def test_an_annotated_tag_means_its_commit(server: git_lab.GitServer, tmp_path: Path) -> None:
    commit = server.commit("annotated", {"index.html": "<p>1"})
    git_lab.git(server.folder / "annotated", "tag", "--annotate", "--message", "one", "v1")
    assert fetched(server.url("annotated"), "v1", tmp_path) == ({"index.html": b"<p>1"}, commit)


def test_only_the_newest_commit_is_fetched(server: git_lab.GitServer, tmp_path: Path) -> None:
    for number in range(3):
        server.commit("long", {"index.html": f"<p>{number}"})
    fetched(server.url("long"), "", tmp_path)
    assert git_lab.git(tmp_path / "fetched" / "repository", "rev-list", "--count", "FETCH_HEAD") == "1"


def test_what_was_there_from_an_earlier_try_is_no_hindrance(
    server: git_lab.GitServer, tmp_path: Path
) -> None:
    server.commit("again", {"index.html": "<p>1"})
    (tmp_path / "fetched" / "repository").mkdir(parents=True)
    (tmp_path / "fetched" / "repository" / "HEAD").write_text("half")
    assert fetched(server.url("again"), "", tmp_path)[0] == {"index.html": b"<p>1"}


def test_a_ref_that_is_not_there_is_named(server: git_lab.GitServer, tmp_path: Path) -> None:
    server.commit("few", {"index.html": "<p>1"})
    for ref in ("nope", "0" * 40):
        with pytest.raises(NotFound, match=f"no branch, tag or commit “{ref}”"):
            fetched(server.url("few"), ref, tmp_path)


def test_a_repository_that_is_not_there_is_named(server: git_lab.GitServer, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="There is no repository at"):
        fetched(server.url("nobody"), "", tmp_path)


def test_a_server_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="could not be fetched"):
        fetched(f"git://127.0.0.1:{git_lab.free_port()}/site", "", tmp_path)


def test_a_repository_that_is_too_large_is_refused(server: git_lab.GitServer, tmp_path: Path) -> None:
    place = server.folder / "large"
    server.commit("large", {"index.html": "<p>1"})
    (place / "noise.bin").write_bytes(os.urandom(3_000_000))
    server.commit("large", {})
    with pytest.raises(TooLarge, match="more than 1,000,000 bytes"):
        fetched(server.url("large"), "", tmp_path, limit=1_000_000)


def test_a_hostile_repository_runs_nothing_and_reaches_nothing(
    server: git_lab.GitServer, tmp_path: Path
) -> None:
    place, marker = server.folder / "hostile", tmp_path / "ran"
    server.commit("hostile", {"index.html": "<p>1", ".gitattributes": "*.html filter=evil diff=evil\n"})
    script = f"#!/bin/sh\ntouch {marker}\n"
    for hook in ("post-checkout", "post-merge", "reference-transaction", "post-index-change"):
        (place / hook).write_text(script)
        (place / hook).chmod(0o755)
    (place / "secret").symlink_to("/etc/passwd")
    (place / "up").symlink_to("../../..")
    server.commit("hostile", {".gitmodules": '[submodule "x"]\n\tpath = x\n\turl = ext::sh -c "touch x"\n'})
    tar, _ = git.fetch(server.url("hostile"), "", tmp_path / "fetched", MANY, lambda _: None)
    with tarfile.open(tar) as archive:
        links = {item.name: item.linkname for item in archive if item.issym()}
        names = set(archive.getnames())
    assert links == {"secret": "/etc/passwd", "up": "../../.."}  # kept as links; unpacking refuses them
    assert "post-checkout" in names
    assert not marker.exists()
    assert {item.name for item in tmp_path.iterdir()} == {"fetched"}
    assert {item.name for item in (tmp_path / "fetched").iterdir()} == {
        "repository", "fetch.log", "tree.tar",
    }  # fmt: skip


def test_a_machine_that_configures_hooks_for_git_runs_none(
    server: git_lab.GitServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.commit("configured", {"index.html": "<p>1"})
    home, marker = tmp_path / "home", tmp_path / "ran"
    (home / "hooks").mkdir(parents=True)
    hook = home / "hooks" / "reference-transaction"
    hook.write_text(f"#!/bin/sh\ntouch {marker}\n")
    hook.chmod(0o755)
    (home / ".gitconfig").write_text(f"[core]\n\thooksPath = {home}/hooks\n")
    monkeypatch.setenv("HOME", str(home))
    fetched(server.url("configured"), "", tmp_path)
    assert not marker.exists()


def test_export_ignore_of_the_repository_counts(server: git_lab.GitServer, tmp_path: Path) -> None:
    files = {"index.html": "<p>1", "notes.txt": "x", ".gitattributes": "notes.txt export-ignore\n"}
    server.commit("exported", files)
    assert "notes.txt" not in fetched(server.url("exported"), "", tmp_path)[0]
