"""A folder as a store. tests/integration/artifacts/test_stores.py holds all stores to the same."""

import errno
import os
from pathlib import Path

import pytest

from jarvis.artifacts.stores.blob import blob_path
from jarvis.artifacts.stores.local import LocalStore
from jarvis.errors import NotFound

SHA = "ab" * 32


def test_it_works(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"bytes")
    store = LocalStore(tmp_path)
    store.ready(file, SHA, 5)
    assert file.exists()
    assert store.keep(file, SHA, 5) == blob_path(SHA) == f"sha256/ab/{SHA}"
    assert not file.exists()
    assert (tmp_path / blob_path(SHA)).read_bytes() == b"bytes"


def test_the_file_is_used_where_it_lies(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"1")
    with LocalStore(tmp_path).local("x", SHA, tmp_path / "scratch") as file:
        assert file == tmp_path / "x"
    assert file.exists()


def test_an_empty_place_is_no_error(tmp_path: Path) -> None:
    store = LocalStore(tmp_path / "nothing")
    assert list(store.blobs()) == []
    store.delete("sha256/aa/a")
    with pytest.raises(NotFound):
        store.read("sha256/aa/a", 0, 1)


def test_what_is_no_checksum_is_not_counted(tmp_path: Path) -> None:
    folder = tmp_path / "sha256" / "ab"
    folder.mkdir(parents=True)
    (folder / SHA).write_bytes(b"1")
    (folder / "README").write_bytes(b"1")
    (folder / SHA.upper()).write_bytes(b"1")
    (tmp_path / "sha256" / "stray").write_bytes(b"1")
    assert [blob.sha256 for blob in LocalStore(tmp_path).blobs()] == [SHA]


def test_a_fault_of_the_disk_is_not_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    file = tmp_path / "file"
    file.write_bytes(b"bytes")
    monkeypatch.setattr(os, "fsync", broken)
    with pytest.raises(OSError, match="Input/output"):
        LocalStore(tmp_path).ready(file, SHA, 5)
