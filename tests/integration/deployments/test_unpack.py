"""A deploy gets its artifact from whichever store it lies in."""

import hashlib
import io
import tarfile
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import s3_lab
from config import Settings
from jarvis.artifacts.stores.blob import blob_path
from jarvis.artifacts.stores.store import Store, chosen
from jarvis.deployments import look, steps
from jarvis.errors import NotFound, Unavailable
from jarvis.home import Home

FACTS = {"deployment_id": "0d4c5f0e-3d0a-4f43-9d0c-7a1a5b0d9a11"}


@pytest.fixture(params=["local", "s3"])
def store(
    request: pytest.FixtureRequest, s3: s3_lab.S3Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Store:
    settings = Settings(home=tmp_path)
    if request.param == "s3":
        place = f"s3://{s3_lab.BUCKET}/{uuid.uuid4()}"
        settings = s3_lab.settings(s3.settings(tmp_path, artifact_store=place))
    monkeypatch.setattr("config.settings", lambda: settings)
    monkeypatch.setattr(steps, "home", lambda: Home(tmp_path))
    return chosen()


@pytest.fixture
def keep(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[bytes, str], None]:
    """Let the deployment have this artifact."""

    def work(content: bytes, filename: str) -> None:
        file = tmp_path / "handed-in"
        file.write_bytes(content)
        checksum = hashlib.sha256(content).hexdigest()
        path = store.keep(file, checksum, len(content))
        found = {"path": path, "sha256": checksum, "filename": filename, "type": "tar"}
        monkeypatch.setattr(look, "artifact_of", lambda _: found)

    return work


def packed() -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w:gz") as tar:
        entry = tarfile.TarInfo("site/index.html")
        entry.size = 4
        tar.addfile(entry, io.BytesIO(b"<p>1"))
    return file.getvalue()


def files(tmp_path: Path) -> set[str]:
    staging = tmp_path / "staging" / FACTS["deployment_id"]
    return {str(path.relative_to(staging)) for path in staging.rglob("*") if path.is_file()}


def test_it_works(keep: Callable[[bytes, str], None], tmp_path: Path) -> None:
    keep(packed(), "site.tar.gz")
    seen: dict[str, Any] = steps.unpack(FACTS)
    assert (seen["files"], seen["bytes"]) == (1, 4)
    assert files(tmp_path) == {"tree/site/index.html", "files.json"}
    assert steps.unpack(FACTS) == seen


def test_a_single_page_becomes_the_index(keep: Callable[[bytes, str], None], tmp_path: Path) -> None:
    keep(b"<p>alone", "page.html")
    steps.unpack(FACTS)
    assert files(tmp_path) == {"tree/index.html", "files.json"}


def test_bytes_that_are_gone_are_told(store: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    checksum = hashlib.sha256(b"nobody has this").hexdigest()
    found = {"path": blob_path(checksum), "sha256": checksum, "filename": "a.html", "type": "single_file"}
    monkeypatch.setattr(look, "artifact_of", lambda _: found)
    with pytest.raises(NotFound, match="not in the store"):
        steps.unpack(FACTS)


def test_a_store_that_is_away_may_be_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(home=tmp_path, artifact_store="s3://nowhere", s3_endpoint="http://127.0.0.1:1")
    monkeypatch.setattr("jarvis.artifacts.stores.s3.PATIENCE", 0.2)
    monkeypatch.setattr("config.settings", lambda: settings)
    monkeypatch.setattr(steps, "home", lambda: Home(tmp_path))
    checksum = hashlib.sha256(b"x").hexdigest()
    found = {"path": blob_path(checksum), "sha256": checksum, "filename": "a.html", "type": "single_file"}
    monkeypatch.setattr(look, "artifact_of", lambda _: found)
    with pytest.raises(Unavailable) as caught:
        steps.unpack(FACTS)
    assert caught.value.transient
