"""What every store can do: a folder, a real S3 service, and one that answers ranges as Amazon does."""

import hashlib
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import s3_lab
from config import Settings
from jarvis.artifacts.stores.blob import blob_path
from jarvis.artifacts.stores.local import LocalStore
from jarvis.artifacts.stores.s3 import PART, S3Store
from jarvis.artifacts.stores.store import Store, chosen
from jarvis.errors import NotFound

Put = Callable[[bytes], str]


@pytest.fixture(params=["local", "s3", "amazon"])
def store(request: pytest.FixtureRequest, s3: s3_lab.S3Lab, tmp_path: Path) -> Iterator[Store]:
    if request.param == "local":
        yield LocalStore(tmp_path / "store")
    elif request.param == "s3":
        yield S3Store(s3_lab.settings(s3.settings(tmp_path)))
    else:
        with s3_lab.as_amazon(s3) as endpoint:
            yield S3Store(s3_lab.settings(s3.settings(tmp_path, s3_endpoint=endpoint)))


@pytest.fixture
def put(store: Store, tmp_path: Path) -> Put:
    """Keep some bytes; returns their path in the store."""

    def work(content: bytes) -> str:
        file = tmp_path / "handed-in"
        file.write_bytes(content)
        checksum = hashlib.sha256(content).hexdigest()
        store.ready(file, checksum, len(content))
        return store.keep(file, checksum, len(content))

    return work


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def test_it_works(store: Store, put: Put, tmp_path: Path) -> None:
    content = os.urandom(700_000)
    path = put(content)
    assert path == blob_path(sha(content))
    assert b"".join(store.read(path, 0, len(content))) == content
    with store.local(path, sha(content), tmp_path / "scratch") as file:
        assert file.read_bytes() == content
    assert not (tmp_path / "scratch").exists()
    assert sha(content) in {blob.sha256 for blob in store.blobs()}
    store.delete(path)
    assert sha(content) not in {blob.sha256 for blob in store.blobs()}


@pytest.mark.parametrize(
    ("start", "end"), [(0, 10), (5, 15), (0, 300_000), (299_990, 300_000), (299_999, 300_000)]
)
def test_a_part_can_be_read(store: Store, put: Put, start: int, end: int) -> None:
    content = os.urandom(300_000)
    assert b"".join(store.read(put(content), start, end)) == content[start:end]


def test_the_same_bytes_again_are_the_same_place(store: Store, put: Put) -> None:
    content = os.urandom(1000)
    assert put(content) == put(content)
    assert [blob.sha256 for blob in store.blobs()].count(sha(content)) == 1


def test_more_than_one_request_can_hold_is_kept_whole(store: Store, put: Put, tmp_path: Path) -> None:
    content = os.urandom(PART * 2 + 12345)
    path = put(content)
    assert sha(b"".join(store.read(path, 0, len(content)))) == sha(content)
    with store.local(path, sha(content), tmp_path / "scratch") as file:
        assert file.stat().st_size == len(content)


def test_what_a_collector_took_between_is_kept_again(store: Store, tmp_path: Path) -> None:
    content = os.urandom(1000)
    file = tmp_path / "file"
    file.write_bytes(content)
    store.ready(file, sha(content), len(content))
    store.delete(blob_path(sha(content)))
    path = store.keep(file, sha(content), len(content))
    assert b"".join(store.read(path, 0, 1000)) == content


def test_when_it_came_is_known(store: Store, put: Put) -> None:
    content = os.urandom(1000)
    put(content)
    found = next(blob for blob in store.blobs() if blob.sha256 == sha(content))
    assert abs(found.changed - time.time()) < 600


def test_what_is_not_there_is_told_before_the_first_piece(store: Store, tmp_path: Path) -> None:
    missing = blob_path(sha(os.urandom(9)))
    with pytest.raises(NotFound, match="not in the store"):
        store.read(missing, 0, 10)
    with pytest.raises(NotFound), store.local(missing, sha(b""), tmp_path / "scratch"):
        pass
    assert not (tmp_path / "scratch").exists()
    store.delete(missing)


def test_one_setting_chooses(s3: s3_lab.S3Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for values, kind in ((s3.settings(tmp_path), S3Store), ({"home": str(tmp_path)}, LocalStore)):
        made = s3_lab.settings(values)
        monkeypatch.setattr("config.settings", lambda made=made: made)
        assert type(chosen()) is kind
        assert chosen() is chosen()


def test_a_bucket_without_a_prefix_will_do(s3: s3_lab.S3Lab, tmp_path: Path) -> None:
    content = os.urandom(100)
    (tmp_path / "file").write_bytes(content)
    for name in (f"s3://{s3_lab.BUCKET}", f"s3://{s3_lab.BUCKET}/", f"s3://{s3_lab.BUCKET}/a/b/"):
        store = S3Store(s3_lab.settings(s3.settings(tmp_path, artifact_store=name)))
        path = store.keep(tmp_path / "file", sha(content), 100)
        assert sha(content) in {blob.sha256 for blob in store.blobs()}
        assert f"{name.removeprefix(f's3://{s3_lab.BUCKET}').strip('/')}/{path}".strip("/") in s3.files()


def test_the_settings_of_every_store_are_settings(tmp_path: Path) -> None:
    assert Settings(home=tmp_path).artifact_store == ""
