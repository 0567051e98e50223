"""The API with its artifacts in a real S3 service: nothing of them stays on this machine."""

import hashlib
import io
import os
import uuid
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

import s3_lab
from api_lab import V1, Api, serve
from jarvis.artifacts import collect

PATH = f"{V1}/artifacts"


class Place:
    """An application whose artifacts lie in a place of their own in the service."""

    def __init__(self, engine_url: str, home: Path, lab: s3_lab.S3Lab) -> None:
        self.prefix = str(uuid.uuid4())
        self.home = home
        self._url = engine_url
        self._lab = lab

    def serve(self, **changed: str) -> AbstractContextManager[Api]:
        values = self._lab.settings(
            self.home, artifact_store=f"s3://{s3_lab.BUCKET}/{self.prefix}", **changed
        )
        return serve(self._url, self.home, **{name: values[name] for name in values if name != "home"})

    def kept(self) -> set[str]:
        """What lies in the service, relative to the store."""
        found = self._lab.files()
        return {path.removeprefix(f"{self.prefix}/") for path in found if path.startswith(self.prefix)}


@pytest.fixture
def place(engine_url: str, home: Path, s3: s3_lab.S3Lab) -> Place:
    return Place(engine_url, home, s3)


@pytest.fixture
def stored(place: Place) -> Iterator[Api]:
    with place.serve() as api:
        yield api


def test_it_works(stored: Api, place: Place) -> None:
    content = os.urandom(400_000)
    row = stored.upload(content, "filename=a.bin")
    assert place.kept() == {row["storage_path"]}
    assert row["checksum_sha256"] == hashlib.sha256(content).hexdigest()
    whole = stored.ask("GET", f"{PATH}/{row['id']}/content")
    assert (whole.status_code, whole.data) == (200, content)
    part = stored.ask("GET", f"{PATH}/{row['id']}/content", headers={"Range": "bytes=399990-"})
    assert (part.status_code, part.data) == (206, content[399_990:])
    assert stored.kept() == set()
    assert stored.ask("DELETE", f"{PATH}/{row['id']}").status_code == 204
    assert place.kept() == set()


def test_the_same_bytes_lie_there_once(stored: Api, place: Place) -> None:
    first, second = stored.upload(b"twice"), stored.upload(b"twice")
    assert place.kept() == {first["storage_path"]}
    stored.ask("DELETE", f"{PATH}/{first['id']}")
    assert place.kept() == {second["storage_path"]}


def test_an_upload_in_pieces_ends_there_too(stored: Api, place: Place) -> None:
    content = os.urandom(100_000)
    begun = stored.ask("POST", f"{V1}/uploads", headers={"Upload-Length": str(len(content))})
    address = begun.headers["Location"]
    kind = "application/offset+octet-stream"
    for at in (0, 50_000):
        headers = {"Upload-Offset": str(at)}
        stored.ask("PATCH", address, data=content[at : at + 50_000], headers=headers, content_type=kind)
    answer = stored.ask("HEAD", address)
    row = stored.get(f"/artifacts/{answer.headers['Upload-Artifact']}")
    assert place.kept() == {row["storage_path"]}
    assert stored.kept() == set()


def test_a_form_ends_there_too(stored: Api, place: Place) -> None:
    answer = stored.ask("POST", PATH, data={"file": (io.BytesIO(b"<p>1"), "site/index.html")})
    assert answer.status_code == 201, answer.text
    assert answer.json
    assert place.kept() == {answer.json["storage_path"]}
    assert stored.kept() == set()


def test_what_is_refused_does_not_get_there(stored: Api, place: Place) -> None:
    stored.refused("POST", f"{PATH}?filename=a.zip", 422, data=b"no zip")
    stored.refused("POST", PATH, 422, data=b"x", headers={"X-Checksum-SHA256": "0" * 64})
    assert (place.kept(), stored.kept()) == (set(), set())


@pytest.mark.parametrize(
    "changed",
    [
        {"s3_endpoint": "http://127.0.0.1:1"},
        {"s3_secret_access_key": "SKWRONG000000"},
        {"s3_endpoint": "not an address"},
    ],
)
def test_a_store_that_cannot_be_used_is_told_and_nothing_stays(
    place: Place, changed: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jarvis.artifacts.stores.s3.PATIENCE", 0.5)
    with place.serve(**changed) as api:
        answer = api.ask("POST", PATH, data=b"in vain")
        assert answer.status_code == 503
        assert answer.headers["Retry-After"]
        for secret in (s3_lab.SECRET, s3_lab.KEY, "SKWRONG000000"):
            assert secret not in answer.text
        assert api.get("/artifacts")["items"] == []
        assert (place.kept(), api.kept()) == (set(), set())


def test_a_download_while_the_store_is_away_is_told(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    with place.serve() as api:
        key = api.upload(b"far away")["id"]
    monkeypatch.setattr("jarvis.artifacts.stores.s3.PATIENCE", 0.5)
    with place.serve(s3_endpoint="http://127.0.0.1:1") as api:
        assert api.refused("GET", f"{PATH}/{key}/content", 503)["code"] == "unavailable"
        assert api.ask("HEAD", f"{PATH}/{key}/content").status_code == 200
        assert api.ask("DELETE", f"{PATH}/{key}").status_code == 204
    with place.serve() as api:
        assert len(place.kept()) == 1
        other = api.upload(b"another")
        collect.collect(collect.time.time() + 2 * collect.AGE)
        assert place.kept() == {other["storage_path"]}
