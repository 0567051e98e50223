"""Uploads: whole, honest and within the limit, or nothing of them stays."""

import base64
import errno
import hashlib
import io
import os
import zipfile
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from api_lab import V1, Api
from jarvis.artifacts import lock, room
from services.db_service import DatabaseUnavailable

PATH = f"{V1}/artifacts"


class Trap(io.RawIOBase):
    """A body that must not be read."""

    def readable(self) -> bool:
        return True

    def readinto(self, _buffer: object) -> int:
        raise AssertionError("it was read")

    def tell(self) -> int:
        return 0

    def seek(self, _offset: int, _whence: int = 0) -> int:
        return 0


def archive() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        made.writestr("index.html", "<p>1")
    return file.getvalue()


def test_it_works(api: Api) -> None:
    content = archive()
    row = api.upload(content, "filename=My%20Site.zip")
    assert row["checksum_sha256"] == hashlib.sha256(content).hexdigest()
    assert (row["file_type"], row["file_size"]) == ("zip", len(content))
    assert row["original_filename"] == "My Site.zip"
    assert (api.home / "artifacts" / row["storage_path"]).read_bytes() == content


def test_the_same_bytes_are_two_artifacts_and_one_file(api: Api) -> None:
    first, second = api.upload(b"twice"), api.upload(b"twice")
    assert first["id"] != second["id"]
    assert first["storage_path"] == second["storage_path"]


def test_the_right_checksum_is_taken(api: Api) -> None:
    checksum = hashlib.sha256(b"checked").hexdigest().upper()
    assert api.upload(b"checked", headers={"X-Checksum-SHA256": checksum})["file_size"] == 7


WRONG = base64.b64encode(bytes(32)).decode()


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Checksum-SHA256": "0" * 64},
        {"Digest": f"md5=AAAA,sha-256={WRONG}"},
        {"Content-Digest": f"sha-256=:{WRONG}:"},
        {"Repr-Digest": f"sha-512=:AAAA:, sha-256=:{WRONG}:"},
        {"X-Checksum-SHA256": hashlib.sha256(b"changed").hexdigest(), "Digest": f"sha-256={WRONG}"},
    ],
)
def test_a_wrong_checksum_is_refused_with_both_values(api: Api, headers: dict[str, str]) -> None:
    before = api.kept()
    body = api.refused("POST", PATH, 422, data=b"changed", headers=headers)
    assert body["received"] == hashlib.sha256(b"changed").hexdigest()
    assert body["expected"] == "0" * 64
    assert api.kept() == before


@pytest.mark.parametrize("name", ["X-Checksum-SHA256", "Digest", "Content-Digest", "Repr-Digest"])
@pytest.mark.parametrize("given", ["sha-256=x", "sha-256=:x:", "sha-256=" + "x" * 5000])
def test_a_checksum_that_is_none_is_refused_before_reading(api: Api, name: str, given: str) -> None:
    options = {"input_stream": Trap(), "environ_overrides": {"CONTENT_LENGTH": "7"}}
    body = api.refused("POST", PATH, 422, headers={name: given}, **options)
    assert body["field"] == name
    assert "form" in body["hint"]


@pytest.mark.parametrize("name", ["Digest", "Content-Digest", "Repr-Digest"])
def test_the_right_digest_is_taken(api: Api, name: str) -> None:
    text = base64.b64encode(hashlib.sha256(b"digested").digest()).decode()
    value = f"sha-256={text}" if name == "Digest" else f"sha-256=:{text}:"
    assert api.upload(b"digested", headers={name: value})["file_size"] == 8


def test_an_upload_that_breaks_off_is_refused(api: Api) -> None:
    before = api.kept()
    options = {"input_stream": io.BytesIO(b"half"), "environ_overrides": {"CONTENT_LENGTH": "8"}}
    api.refused("POST", PATH, 400, **options)
    assert api.kept() == before


def test_an_announced_size_over_the_limit_is_refused_before_reading(api: Api) -> None:
    options = {"input_stream": Trap(), "environ_overrides": {"CONTENT_LENGTH": "10001"}}
    body = api.refused("POST", PATH, 413, **options)
    assert (body["limit"], body["size"]) == (10_000, 10_001)
    assert "JARVIS_UPLOAD_LIMIT" in body["hint"]


def chunked(content: bytes) -> dict[str, Any]:
    """A body whose length is not told, as the web server hands it on."""
    overrides = {"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"}
    return {"input_stream": io.BytesIO(content), "environ_overrides": overrides}


def test_a_stream_over_the_limit_is_refused_while_reading(api: Api) -> None:
    before = api.kept()
    headers = {"X-Checksum-SHA256": "0" * 64}
    api.refused("POST", PATH, 413, headers=headers, **chunked(b"x" * 20_000))
    assert api.kept() == before


def test_a_stream_of_unknown_length_is_taken_with_its_checksum_only(api: Api) -> None:
    before = api.kept()
    body = api.refused("POST", PATH, 411, **chunked(b"streamed"))
    assert "Content-Length" in body["hint"]
    assert api.kept() == before
    checksum = hashlib.sha256(b"streamed").hexdigest()
    answer = api.ask("POST", PATH, headers={"X-Checksum-SHA256": checksum}, **chunked(b"streamed"))
    assert answer.status_code == 201
    api.refused("POST", PATH, 422, headers={"X-Checksum-SHA256": checksum}, **chunked(b"stream"))


def test_exactly_the_limit_is_taken(api: Api) -> None:
    assert api.upload(b"x" * 10_000)["file_size"] == 10_000


def test_nothing_is_refused(api: Api) -> None:
    assert "empty" in api.refused("POST", PATH, 422)["detail"]


@pytest.mark.parametrize(
    ("content", "query"),
    [
        (b"<p>1", "filename=a.zip"),
        (b"<p>1", "filename=a&type=zip"),
        (b"<p>1", "filename=a&type=directory"),
        (archive(), "filename=a.zip&type=tar"),
        (archive(), "filename=a.zip&type=single_file"),
        (b"<p>1", "filename=a.html&type=rar"),
        (b"PK\x03\x04", "filename=a.tar&type=tar"),
        (archive()[:-1], "filename=a.zip"),
        (archive()[:30], "filename=a"),
        (b"Rar!\x1a\x07\x00" + b"x" * 50, "filename=a.rar"),
        (b"7z\xbc\xaf\x27\x1c" + b"x" * 50, "filename=a"),
    ],
    ids=map(str, range(11)),  # an archive's bytes hold the time, and each process of a test run makes its own
)
def test_a_type_that_contradicts_the_content_is_refused(api: Api, content: bytes, query: str) -> None:
    before = api.kept()
    api.refused("POST", f"{PATH}?{query}", 422, data=content)
    assert api.kept() == before


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Sites\\index.html", "index.html"),
        ("a\nb\r\x1b[2J.html", "a_b__[2J.html"),
        ("..", "upload"),
        ("", "upload"),
        ("x" * 2000 + ".html", "x" * 250 + ".html"),
        ("ü" * 2000, "ü" * 127),
        ("日本.html", "日本.html"),
        ("\u202egpj.html", "_gpj.html"),
    ],
)
def test_a_strange_name_is_made_harmless(api: Api, given: str, kept: str) -> None:
    row = api.upload(b"<p>1", f"filename={quote(given)}")
    assert row["original_filename"] == kept
    assert row["storage_path"].startswith("sha256/")


def test_a_name_with_nul_is_refused(api: Api) -> None:
    api.refused("POST", f"{PATH}?filename=a%00b", 400, data=b"<p>1")


def test_curl_may_call_it_a_form_as_long_as_it_is_none(api: Api) -> None:
    row = api.upload(b"a=b&c=d", content_type="application/x-www-form-urlencoded")
    assert (api.home / "artifacts" / row["storage_path"]).read_bytes() == b"a=b&c=d"


def test_what_is_refused_for_its_kind_names_the_rule_and_the_entry(api: Api) -> None:
    locked = bytearray(archive())
    locked[locked.index(b"PK\1\2") + 8] |= 1
    before = api.kept()
    body = api.refused("POST", f"{PATH}?filename=a.zip", 422, data=bytes(locked))
    assert (body["code"], body["rule"], body["entry"]) == ("archive_refused", "zip-encrypted", "index.html")
    assert api.kept() == before


def test_the_service_that_it_is_for_is_remembered(api: Api) -> None:
    assert api.upload(query="filename=a.html&service=shop")["metadata"]["service"] == "shop"
    assert "service" not in api.upload()["metadata"]
    api.refused("POST", f"{PATH}?service=No%20Name", 422, data=b"<p>1")


def test_a_full_disk_is_told_and_nothing_stays(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    before = api.kept()
    for call in ("write", "fsync", "replace"):
        with monkeypatch.context() as patch:
            patch.setattr(Path if call == "replace" else os, call, full)
            answer = api.ask("POST", PATH, data=f"full {call}".encode())
        assert answer.status_code == 507, answer.text
        assert answer.headers["Retry-After"]
        assert api.kept() == before


def test_no_room_is_told_before_reading(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "RESERVE", 10**18)
    options = {"input_stream": Trap(), "environ_overrides": {"CONTENT_LENGTH": "7"}}
    assert api.refused("POST", PATH, 507, **options)["code"] == "storage_full"


def test_a_database_that_goes_meanwhile_leaves_nothing(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    def lost(*_: object) -> None:
        raise DatabaseUnavailable("The database went away.")

    before = api.kept()
    monkeypatch.setattr(lock, "hold", lost)
    api.refused("POST", PATH, 503, data=b"in vain")
    assert api.kept() == before
