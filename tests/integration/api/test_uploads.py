"""Uploads in pieces (tus 1.0.0): they go on where they stopped, and end as one artifact or as nothing."""

import base64
import errno
import hashlib
import io
import os
import threading
import uuid
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, update
from werkzeug.test import TestResponse

from api_lab import NOBODY, V1, Api
from jarvis.artifacts import collect, incoming, uploads
from jarvis.artifacts.stores.local import LocalStore
from jarvis.errors import Unavailable
from models import Upload
from services.db_service import db_service

PATH = f"{V1}/uploads"
PIECES = "application/offset+octet-stream"
CONTENT = b"<p>some page</p>"


def words(**values: str) -> str:
    return ",".join(f"{key} {base64.b64encode(text.encode()).decode()}" for key, text in values.items())


def begin(api: Api, size: int = len(CONTENT), **said: str) -> str:
    """Begin an upload; returns its address."""
    headers = {"Tus-Resumable": "1.0.0", "Upload-Length": str(size)}
    if said:
        headers["Upload-Metadata"] = words(**said)
    answer = api.ask("POST", PATH, headers=headers)
    assert answer.status_code == 201, answer.text
    return answer.headers["Location"]


def patch(api: Api, place: str, at: int | str, content: bytes, **options: Any) -> TestResponse:
    headers = {"Tus-Resumable": "1.0.0", "Upload-Offset": str(at), **options.pop("headers", {})}
    options.setdefault("data", content)
    return api.ask("PATCH", place, headers=headers, content_type=PIECES, **options)


def offset(api: Api, place: str) -> int:
    answer = api.ask("HEAD", place, headers={"Tus-Resumable": "1.0.0"})
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.data == b""
    return int(answer.headers["Upload-Offset"])


def cut_off(content: bytes, announced: int) -> dict[str, Any]:
    """A body that breaks off."""
    return {
        "data": None,
        "input_stream": io.BytesIO(content),
        "environ_overrides": {"CONTENT_LENGTH": str(announced)},
    }


def finished(api: Api, answer: TestResponse) -> dict[str, Any]:
    assert answer.status_code == 204, answer.text
    return api.get(f"/artifacts/{answer.headers['Upload-Artifact']}")


def test_it_works(api: Api) -> None:
    place = begin(api, filename="a page.html", type="single_file", service="shop")
    assert offset(api, place) == 0
    first = patch(api, place, 0, CONTENT[:5])
    assert (first.status_code, first.headers["Upload-Offset"]) == (204, "5")
    assert "Upload-Artifact" not in first.headers
    assert first.data == b""
    assert offset(api, place) == 5
    row = finished(api, patch(api, place, 5, CONTENT[5:]))
    assert row["checksum_sha256"] == hashlib.sha256(CONTENT).hexdigest()
    assert (row["original_filename"], row["file_type"]) == ("a page.html", "single_file")
    assert (row["uploaded_by"], row["metadata"]["service"]) == ("admin", "shop")
    assert (api.home / "artifacts" / row["storage_path"]).read_bytes() == CONTENT
    assert not list((api.home / "artifacts/incoming").iterdir())


def test_every_answer_says_what_is_spoken(api: Api) -> None:
    place = begin(api)
    for method, path in (
        ("HEAD", place),
        ("GET", place),
        ("PATCH", place),
        ("DELETE", place),
        ("POST", PATH),
    ):
        assert api.ask(method, path).headers["Tus-Resumable"] == "1.0.0", method
    for path in (PATH, place):
        answer = api.ask("OPTIONS", path)
        assert answer.status_code == 200
        assert answer.headers["Tus-Version"] == "1.0.0"
        assert answer.headers["Tus-Extension"] == "creation,termination"
        assert answer.headers["Tus-Max-Size"] == "10000"
    assert "Tus-Resumable" not in api.ask("GET", f"{V1}/artifacts").headers


def test_another_version_is_refused_with_the_right_one(api: Api) -> None:
    for method, path in (("POST", PATH), ("PATCH", f"{PATH}/{NOBODY}"), ("GET", f"{PATH}/{NOBODY}")):
        answer = api.ask(method, path, headers={"Tus-Resumable": "0.2.2"})
        assert (answer.status_code, answer.headers["Tus-Version"]) == (412, "1.0.0")


def test_the_state_can_be_read_as_json(api: Api) -> None:
    place = begin(api, filename="a.html", sha256=hashlib.sha256(CONTENT).hexdigest())
    patch(api, place, 0, CONTENT[:7])
    row = api.get(place.removeprefix(V1))
    assert (row["offset"], row["size"], row["artifact_id"]) == (7, len(CONTENT), None)
    assert row["expires_at"] > row["updated_at"]
    done = patch(api, place, 7, CONTENT[7:])
    row = api.get(place.removeprefix(V1))
    assert (row["offset"], row["artifact_id"]) == (len(CONTENT), done.headers["Upload-Artifact"])


def test_the_bytes_of_a_request_that_broke_off_count(api: Api) -> None:
    place = begin(api)
    answer = patch(api, place, 0, b"", **cut_off(CONTENT[:9], len(CONTENT)))
    assert (answer.status_code, answer.json and answer.json["code"]) == (400, "bad_request")
    assert offset(api, place) == 9
    assert finished(api, patch(api, place, 9, CONTENT[9:]))["file_size"] == len(CONTENT)


def test_it_goes_on_in_another_process(api: Api) -> None:
    place = begin(api)
    patch(api, place, 0, CONTENT[:9])
    uploads._digests.clear()
    row = finished(api, patch(api, place, 9, CONTENT[9:]))
    assert row["checksum_sha256"] == hashlib.sha256(CONTENT).hexdigest()


def test_what_the_process_remembers_is_not_believed_when_the_file_is_another(api: Api) -> None:
    place = begin(api)
    patch(api, place, 0, CONTENT[:9])
    file = api.home / "artifacts/incoming" / place.rpartition("/")[2]
    file.write_bytes(CONTENT[:4])  # as after a crash of the machine
    assert offset(api, place) == 4
    row = finished(api, patch(api, place, 4, CONTENT[4:]))
    assert row["checksum_sha256"] == hashlib.sha256(CONTENT).hexdigest()


def test_many_small_pieces_are_one_content(large: Api) -> None:
    content = os.urandom(300_000)
    place = begin(large, len(content))
    answers = [patch(large, place, at, content[at : at + 50_001]) for at in range(0, len(content), 50_001)]
    assert finished(large, answers[-1])["checksum_sha256"] == hashlib.sha256(content).hexdigest()


def test_a_stream_of_unknown_length_may_be_a_piece(api: Api) -> None:
    overrides = {"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"}
    place = begin(api)
    answer = patch(
        api, place, 0, b"", data=None, input_stream=io.BytesIO(CONTENT), environ_overrides=overrides
    )
    assert finished(api, answer)["file_size"] == len(CONTENT)


def test_an_answer_that_was_lost_can_be_asked_for_again(api: Api) -> None:
    place = begin(api)
    patch(api, place, 0, CONTENT[:4])
    done = patch(api, place, 4, CONTENT[4:])
    before = api.kept(), len(api.get("/artifacts?limit=200")["items"])
    for at, content in ((4, CONTENT[4:]), (len(CONTENT), b""), (0, CONTENT)):
        again = patch(api, place, at, content)
        assert again.status_code == 204
        assert again.headers["Upload-Artifact"] == done.headers["Upload-Artifact"]
        assert again.headers["Upload-Offset"] == str(len(CONTENT))
    head = api.ask("HEAD", place)
    assert head.headers["Upload-Artifact"] == done.headers["Upload-Artifact"]
    assert (api.kept(), len(api.get("/artifacts?limit=200")["items"])) == before


@pytest.mark.parametrize("at", [0, 4, 6, 16, 99999999999])
def test_another_place_than_where_it_stands_is_refused(api: Api, at: int) -> None:
    place = begin(api)
    patch(api, place, 0, CONTENT[:5])
    answer = patch(api, place, at, b"x")
    assert (answer.status_code, answer.json and answer.json["offset"]) == (409, 5)
    assert offset(api, place) == 5


@pytest.mark.parametrize("at", ["", "x", "-1", "1.5", "٣", "9" * 30])
def test_a_place_that_is_no_number_is_refused(api: Api, at: str) -> None:
    place = begin(api)
    header = at.encode().decode("latin-1")
    answer = patch(api, place, header, b"x")
    assert (answer.status_code, answer.json and answer.json["field"]) == (422, "Upload-Offset")


@pytest.mark.parametrize("size", ["", "x", "-1", "9" * 30, "0"])
def test_a_length_that_is_none_is_refused(api: Api, size: str) -> None:
    before = api.kept()
    api.refused("POST", PATH, 422, headers={"Upload-Length": size} if size else {})
    assert api.kept() == before


def test_more_than_the_limit_is_refused_at_the_beginning(api: Api) -> None:
    before = api.kept()
    body = api.refused("POST", PATH, 413, headers={"Upload-Length": "10001"})
    assert (body["limit"], body["size"]) == (10_000, 10_001)
    assert api.kept() == before
    begin(api, 10_000)


def test_more_than_was_announced_is_refused(api: Api) -> None:
    place = begin(api)
    patch(api, place, 0, CONTENT[:5])
    assert patch(api, place, 5, CONTENT).status_code == 413
    overrides = {"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"}
    options = {"data": None, "input_stream": io.BytesIO(CONTENT), "environ_overrides": overrides}
    assert patch(api, place, 5, b"", **options).status_code == 413
    assert offset(api, place) == 5
    finished(api, patch(api, place, 5, CONTENT[5:]))


@pytest.mark.parametrize(
    ("said", "content", "code"),
    [
        ({"sha256": "0" * 64}, CONTENT, "invalid_input"),
        ({"filename": "a.zip"}, CONTENT, "invalid_input"),
        ({"type": "zip"}, CONTENT, "invalid_input"),
        ({"filename": "a.zip"}, b"PK\3\4 cut off     ", "archive_refused"),
        ({}, b"Rar!\x1a\x07\x00         ", "invalid_input"),
    ],
)
def test_what_is_refused_at_the_end_leaves_nothing(
    api: Api, said: dict[str, str], content: bytes, code: str
) -> None:
    before = api.kept()
    place = begin(api, len(content), **said)
    patch(api, place, 0, content[:3])
    answer = patch(api, place, 3, content[3:])
    assert (answer.status_code, answer.json and answer.json["code"]) == (422, code)
    api.refused("GET", place, 404)
    assert patch(api, place, 0, content).status_code == 404
    assert api.kept() == before


@pytest.mark.parametrize(
    "header",
    ["filename", "filename x", "filename  ", "filename ====", "a YQ==,b !", "filename /w==", "ü YQ=="],
)
def test_metadata_that_cannot_be_read_are_refused(api: Api, header: str) -> None:
    before = api.kept()
    headers = {"Upload-Length": "5", "Upload-Metadata": header.encode().decode("latin-1")}
    answer = api.ask("POST", PATH, headers=headers)
    assert answer.status_code in {201, 422}
    assert answer.status_code == 422 or header in {"filename", "filename  ", "ü YQ=="}
    if answer.status_code == 201:
        api.ask("DELETE", answer.headers["Location"])
    assert api.kept() == before


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"type": "rar"}, 422),
        ({"sha256": "x"}, 422),
        ({"service": "No Name"}, 422),
        ({"filename": "a\x00b"}, 400),
    ],
)
def test_metadata_that_cannot_be_true_are_refused_at_the_beginning(
    api: Api, said: dict[str, str], status: int
) -> None:
    before = api.kept()
    api.refused("POST", PATH, status, headers={"Upload-Length": "5", "Upload-Metadata": words(**said)})
    assert api.kept() == before


def test_an_upload_can_be_ended(api: Api) -> None:
    before = api.kept()
    place = begin(api)
    patch(api, place, 0, CONTENT[:5])
    assert api.ask("DELETE", place).status_code == 204
    for method in ("GET", "DELETE"):
        api.refused(method, place, 404)
    assert api.ask("HEAD", place).status_code == 404
    assert api.kept() == before


def test_to_end_a_finished_upload_leaves_its_artifact(api: Api) -> None:
    place = begin(api)
    done = patch(api, place, 0, CONTENT)
    assert api.ask("DELETE", place).status_code == 204
    api.get(f"/artifacts/{done.headers['Upload-Artifact']}")


def test_an_upload_goes_with_its_artifact(api: Api) -> None:
    place = begin(api)
    done = patch(api, place, 0, CONTENT)
    assert api.ask("DELETE", f"{V1}/artifacts/{done.headers['Upload-Artifact']}").status_code == 204
    api.refused("GET", place, 404)


def test_an_upload_that_is_too_old_is_gone(api: Api) -> None:
    before = api.kept()
    place = begin(api)
    patch(api, place, 0, CONTENT[:5])
    key = uuid.UUID(place.rpartition("/")[2])
    with db_service.get_session() as session:
        late = update(Upload).where(Upload.id == key)
        session.execute(late.values(updated_at=func.now() - uploads.LIFE - uploads.timedelta(seconds=1)))
    collect.collect()
    api.refused("GET", place, 404)
    assert patch(api, place, 5, CONTENT[5:]).status_code == 404
    assert api.kept() == before


class Gate(io.BytesIO):
    """A body whose second read waits until it is let go."""

    def __init__(self, content: bytes) -> None:
        super().__init__(content)
        self.reached, self.open, self.count = threading.Event(), threading.Event(), 0

    def read(self, size: int | None = -1) -> bytes:
        self.count += 1
        if self.count == 2:
            self.reached.set()
            self.open.wait(30)
        return super().read(4)


def test_of_two_requests_at_once_one_is_refused(api: Api) -> None:
    place = begin(api)
    gate = Gate(CONTENT)
    answers: list[TestResponse] = []
    options = {"data": None, "input_stream": gate, "environ_overrides": {"CONTENT_LENGTH": str(len(CONTENT))}}
    thread = threading.Thread(target=lambda: answers.append(patch(api, place, 0, b"", **options)))
    thread.start()
    assert gate.reached.wait(30)
    other = patch(api, place, 0, CONTENT)
    ended = api.ask("DELETE", place)
    gate.open.set()
    thread.join(30)
    assert (other.status_code, ended.status_code) == (409, 409)
    assert "Another request" in other.text
    finished(api, answers[0])


def test_a_full_disk_is_told_and_what_came_stays(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    place = begin(api)
    patch(api, place, 0, CONTENT[:5])
    for target, name in ((os, "write"), (os, "fsync"), (Path, "replace")):
        with monkeypatch.context() as changed:
            changed.setattr(target, name, full)
            at = offset(api, place)
            assert patch(api, place, at, CONTENT[at:]).status_code == 507
    done = patch(api, place, offset(api, place), b"")
    assert finished(api, done)["checksum_sha256"] == hashlib.sha256(CONTENT).hexdigest()


def test_a_store_that_was_away_at_the_end_can_be_tried_again(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise Unavailable("The store is away.")

    place = begin(api)
    with monkeypatch.context() as changed:
        changed.setattr(LocalStore, "ready", away)
        assert patch(api, place, 0, CONTENT).status_code == 503
    assert offset(api, place) == len(CONTENT)
    finished(api, patch(api, place, len(CONTENT), b""))


def test_a_file_that_vanished_is_told_as_gone(api: Api) -> None:
    place = begin(api)
    incoming.place(api.home / "artifacts", uuid.UUID(place.rpartition("/")[2])).unlink()
    api.refused("GET", place, 404)
    assert patch(api, place, 0, CONTENT).status_code == 404


@pytest.mark.parametrize("kind", ["", "application/octet-stream", "application/json", "multipart/form-data"])
def test_a_piece_of_another_kind_is_refused(api: Api, kind: str) -> None:
    place = begin(api)
    api.refused("PATCH", place, 415, data=b"x", content_type=kind, headers={"Upload-Offset": "0"})
    assert offset(api, place) == 0


@pytest.mark.parametrize("key", [NOBODY, "x", "..", "%00"])
def test_an_upload_that_nobody_began_is_not_found(api: Api, key: str) -> None:
    for method in ("GET", "DELETE"):
        assert api.ask(method, f"{PATH}/{key}").status_code in {400, 404}
    assert patch(api, f"{PATH}/{key}", 0, b"x").status_code in {400, 404}
