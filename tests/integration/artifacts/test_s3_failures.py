"""An S3 service that is away, silent, or of another mind: one sentence, in time, and never a key."""

import hashlib
import os
import traceback
from collections.abc import Callable
from pathlib import Path

import obstore
import pytest

import s3_lab
from jarvis.artifacts.stores.blob import blob_path
from jarvis.artifacts.stores.s3 import PART, S3Store
from jarvis.errors import JarvisError, Unavailable

CONTENT = b"some bytes"
SHA = hashlib.sha256(CONTENT).hexdigest()
PATH = blob_path(SHA)


def store(s3: s3_lab.S3Lab, home: Path, patience: float = 0.2, /, **changed: str) -> S3Store:
    return S3Store(s3_lab.settings(s3.settings(home, **changed)), patience)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "file"
    made.write_bytes(CONTENT)
    return made


def uses(made: S3Store, file: Path) -> dict[str, Callable[[], object]]:
    """Everything that may be asked of a store."""

    def local() -> None:
        with made.local(PATH, SHA, file.with_name("scratch")):
            pass

    return {
        "ready": lambda: made.ready(file, SHA, len(CONTENT)),
        "keep": lambda: made.keep(file, SHA, len(CONTENT)),
        "read": lambda: made.read(PATH, 0, 10),
        "local": local,
        "delete": lambda: made.delete(PATH),
        "blobs": lambda: list(made.blobs()),
    }


def refused(work: Callable[[], object]) -> JarvisError:
    with pytest.raises(Unavailable) as caught:
        work()
    told = "".join(traceback.format_exception(caught.value)) + str(caught.value.facts) + caught.value.hint
    assert s3_lab.KEY not in told
    assert s3_lab.SECRET not in told
    assert caught.value.transient
    assert "JARVIS_" in caught.value.hint
    return caught.value


@pytest.mark.parametrize("use", ["ready", "keep", "read", "local", "delete", "blobs"])
def test_a_service_that_is_away_is_told(s3: s3_lab.S3Lab, file: Path, use: str) -> None:
    made = store(s3, file.parent, s3_endpoint="http://127.0.0.1:1")
    error = refused(uses(made, file)[use])
    assert "does not answer" in error.message
    assert f"s3://{s3_lab.BUCKET}/{s3_lab.PREFIX} cannot be used" in error.message
    assert not file.with_name("scratch").exists()


@pytest.mark.parametrize("use", ["ready", "keep", "read", "local", "delete", "blobs"])
def test_a_service_that_says_nothing_is_not_waited_for(s3: s3_lab.S3Lab, file: Path, use: str) -> None:
    with s3_lab.silent() as endpoint:
        refused(uses(store(s3, file.parent, s3_endpoint=endpoint), file)[use])


@pytest.mark.parametrize(
    "changed", [{"s3_access_key_id": "AKNOBODY000000"}, {"s3_secret_access_key": "SKWRONG00000"}]
)
@pytest.mark.parametrize("use", ["ready", "read", "local"])
def test_a_wrong_key_is_told_as_such(s3: s3_lab.S3Lab, file: Path, changed: dict[str, str], use: str) -> None:
    error = refused(uses(store(s3, file.parent, **changed), file)[use])
    assert "refuses the access key" in error.message
    assert not {*changed.values()} & {*error.message.split()}


def test_a_bucket_that_is_not_there_is_told_as_such(s3: s3_lab.S3Lab, file: Path) -> None:
    made = store(s3, file.parent, artifact_store="s3://nobody/x")
    assert "no such bucket" in refused(lambda: made.ready(file, SHA, len(CONTENT))).message


@pytest.mark.parametrize(
    "endpoint",
    ["example.org", "ftp://x", "http://", "http://a b", "http://\x00", "https:/x", "http://[", "http://[::1"],
)
def test_an_endpoint_that_is_no_address_is_refused(s3: s3_lab.S3Lab, tmp_path: Path, endpoint: str) -> None:
    with pytest.raises(Unavailable, match="JARVIS_S3_ENDPOINT"):
        store(s3, tmp_path, s3_endpoint=endpoint)


def test_a_service_that_comes_back_is_used_again(own_s3: s3_lab.S3Lab, file: Path) -> None:
    made = store(own_s3, file.parent)
    own_s3.stop()
    refused(lambda: made.ready(file, SHA, len(CONTENT)))
    own_s3.start()
    made.ready(file, SHA, len(CONTENT))
    assert b"".join(made.read(PATH, 0, 10)) == CONTENT


def test_a_service_that_goes_in_the_middle_of_a_download_is_told(
    own_s3: s3_lab.S3Lab, tmp_path: Path
) -> None:
    content = os.urandom(PART * 4)
    big = tmp_path / "big"
    big.write_bytes(content)
    made = store(own_s3, tmp_path, 30.0)
    path = made.keep(big, hashlib.sha256(content).hexdigest(), len(content))
    pieces = made.read(path, 0, len(content))
    next(pieces)
    own_s3.stop()
    refused(lambda: list(pieces))


def test_bytes_that_were_changed_there_are_not_handed_on(s3: s3_lab.S3Lab, tmp_path: Path) -> None:
    content = os.urandom(100)
    file = tmp_path / "file"
    file.write_bytes(content)
    made = store(s3, tmp_path)
    checksum = hashlib.sha256(content).hexdigest()
    path = made.keep(file, checksum, 100)
    s3.files()[f"{s3_lab.PREFIX}/{path}"].write_bytes(b"x" * 100)
    with (
        pytest.raises(Unavailable, match="other bytes") as caught,
        made.local(path, checksum, tmp_path / "scratch"),
    ):
        pass
    assert caught.value.facts["expected"] == checksum
    assert not (tmp_path / "scratch").exists()


def test_bytes_that_are_there_in_part_only_are_sent_again(s3: s3_lab.S3Lab, tmp_path: Path) -> None:
    content = os.urandom(100)
    file = tmp_path / "file"
    file.write_bytes(content)
    made = store(s3, tmp_path)
    checksum = hashlib.sha256(content).hexdigest()
    obstore.put(made._bucket, blob_path(checksum), content[:50])
    made.ready(file, checksum, 100)
    assert s3.files()[f"{s3_lab.PREFIX}/{blob_path(checksum)}"].read_bytes() == content
