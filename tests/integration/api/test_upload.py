"""Uploads: whole, honest and within the limit, or nothing of them stays."""

import hashlib
import io
import zipfile
from urllib.parse import quote

import pytest

from api_lab import V1, Api

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


@pytest.mark.parametrize("given", ["0" * 64, "x", "x" * 5000])
def test_a_wrong_checksum_is_refused(api: Api, given: str) -> None:
    before = api.kept()
    body = api.refused("POST", PATH, 422, data=b"changed", headers={"X-Checksum-SHA256": given})
    assert body["received"] == hashlib.sha256(b"changed").hexdigest()
    assert api.kept() == before


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


def test_a_stream_over_the_limit_is_refused_while_reading(api: Api) -> None:
    before = api.kept()
    options = {
        "input_stream": io.BytesIO(b"x" * 20_000),
        "environ_overrides": {"wsgi.input_terminated": True},
    }
    api.refused("POST", PATH, 413, **options)
    assert api.kept() == before


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
    ],
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
