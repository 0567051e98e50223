"""Files in a form, as a browser and curl send them."""

import hashlib
import io
import re
import tarfile
import zipfile
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api_lab import V1, Api
from jarvis.api.watch import PIECE

PATH = f"{V1}/artifacts"
EDGE = "----------------------------jarvis"


def form(*parts: tuple[str, str | None, bytes]) -> dict[str, Any]:
    """Name, file name (None for a text) and content of each part."""
    body = b""
    for name, filename, content in parts:
        extra = f'; filename="{filename}"' if filename is not None else ""
        kind = "Content-Type: application/octet-stream\r\n" if filename is not None else ""
        body += f'--{EDGE}\r\nContent-Disposition: form-data; name="{name}"{extra}\r\n{kind}\r\n'.encode()
        body += content + b"\r\n"
    return raw(body + f"--{EDGE}--\r\n".encode())


def raw(body: bytes) -> dict[str, Any]:
    return {"data": body, "content_type": f"multipart/form-data; boundary={EDGE}"}


def sent(api: Api, *parts: tuple[str, str | None, bytes], query: str = "", **options: Any) -> dict[str, Any]:
    answer = api.ask("POST", f"{PATH}?{query}", **form(*parts), **options)
    assert answer.status_code == 201, answer.text
    assert answer.json
    return answer.json


def stored(api: Api, row: dict[str, Any]) -> bytes:
    content = (api.home / "artifacts" / row["storage_path"]).read_bytes()
    assert row["checksum_sha256"] == hashlib.sha256(content).hexdigest()
    assert row["file_size"] == len(content)
    return content


def members(content: bytes) -> dict[str, bytes]:
    with tarfile.open(fileobj=io.BytesIO(content)) as tar:
        return {entry.name: (tar.extractfile(entry) or io.BytesIO()).read() for entry in tar}


def zipped() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        made.writestr("index.html", "<p>1")
    return file.getvalue()


def test_it_works(api: Api) -> None:
    content = zipped()
    row = sent(api, ("file", "My Site.zip", content))
    assert stored(api, row) == content
    assert (row["file_type"], row["original_filename"]) == ("zip", "My Site.zip")
    assert row["uploaded_by"] == "admin"


def test_a_folder_becomes_a_directory(api: Api) -> None:
    row = sent(api, ("file", "site/index.html", b"<p>1"), ("file", "site/img/ü.png", b"2"))
    assert members(stored(api, row)) == {"site/index.html": b"<p>1", "site/img/ü.png": b"2"}
    assert (row["file_type"], row["original_filename"]) == ("directory", "site")


def test_several_files_become_a_directory(api: Api) -> None:
    row = sent(api, ("file", "index.html", b"<p>1"), ("file", "about.html", b"2"), query="filename=mine")
    assert members(stored(api, row)) == {"index.html": b"<p>1", "about.html": b"2"}
    assert (row["file_type"], row["original_filename"]) == ("directory", "mine")


def test_texts_of_the_form_count_more_than_the_query(api: Api) -> None:
    texts = (("filename", None, b"mine.html"), ("service", None, b"shop"), ("type", None, b"single_file"))
    row = sent(api, *texts, ("file", "a", b"<p>1"), ("send", None, b""), query="filename=other&type=zip")
    assert (row["original_filename"], row["file_type"]) == ("mine.html", "single_file")
    assert row["metadata"]["service"] == "shop"
    assert (
        sent(api, ("file", "a.html", b"<p>1"), ("filename", None, b"after.html"))["original_filename"]
        == "after.html"
    )
    assert sent(api, ("filename", None, b""), ("file", "a.html", b"<p>1"))["original_filename"] == "a.html"


def test_a_browser_that_sends_an_empty_choice_besides_is_understood(api: Api) -> None:
    row = sent(api, ("folder", "", b""), ("file", "a.html", b"<p>1"))
    assert (row["original_filename"], row["file_type"]) == ("a.html", "single_file")


def test_a_file_without_a_name_is_called_upload(api: Api) -> None:
    assert sent(api, ("file", "", b"<p>1"))["original_filename"] == "upload"


def test_a_path_of_windows_is_cut_to_its_name(api: Api) -> None:
    assert sent(api, ("file", "C:\\\\Sites\\\\a.html", b"<p>1"))["original_filename"] == "a.html"


@pytest.mark.parametrize("size", [PIECE - 1, PIECE, PIECE + 1, 2 * PIECE + 77])
@pytest.mark.parametrize("ends", [b"", b"\r", b"\r\n", b"\r\n--", b"\n--" + EDGE[:-1].encode()])
def test_bytes_that_look_like_the_edge_are_kept(large: Api, size: int, ends: bytes) -> None:
    content = (b"\r\n--" + EDGE[:5].encode()) * (size // 9) + ends
    assert stored(large, sent(large, ("file", "a.bin", content))) == content


def test_the_checksum_of_the_one_file_is_compared(api: Api) -> None:
    checksum = hashlib.sha256(b"<p>1").hexdigest()
    sent(api, ("file", "a.html", b"<p>1"), headers={"X-Checksum-SHA256": checksum})
    sent(api, ("sha256", None, checksum.encode()), ("file", "a.html", b"<p>1"))
    before = api.kept()
    for options in (
        {**form(("file", "a", b"other")), "headers": {"X-Checksum-SHA256": checksum}},
        form(("file", "a", b"other"), ("sha256", None, checksum.encode())),
        form(("file", "a", b"other"), ("sha256", None, b"x")),
        {**form(("file", "a", b"<p>1")), "headers": {"Content-Digest": "sha-256=:AAAA:"}},
    ):
        api.refused("POST", PATH, 422, **options)
    assert api.kept() == before


@pytest.mark.parametrize(
    ("names", "rule"),
    [
        (["../a"], "name-parent"),
        (["/etc/passwd"], "name-absolute"),
        (["site/../../a"], "name-parent"),
        (["a", "a"], "duplicate"),
        (["a/b", "a/b/c"], "collision"),
        (["a/\x01b"], "name-control"),
        (["C:/a/b"], "name-drive"),
    ],
)
def test_a_name_that_no_archive_may_have_is_refused_with_its_rule(
    api: Api, names: list[str], rule: str
) -> None:
    before = api.kept()
    body = api.refused("POST", PATH, 422, **form(*(("file", name, b"1") for name in names)))
    assert body["rule"] == rule
    assert "entry" in body
    assert api.kept() == before


BROKEN = {
    "no boundary": {"data": b"x", "content_type": "multipart/form-data"},
    "no end": raw(form(("file", "a", b"1"))["data"][:-6]),
    "cut in a file": raw(form(("file", "a", b"1" * 500))["data"][:300]),
    "cut in a header": raw(f"--{EDGE}\r\nContent-Disposition: form-data".encode()),
    "no disposition": raw(f"--{EDGE}\r\nX: y\r\n\r\n1\r\n--{EDGE}--\r\n".encode()),
    "other edge": raw(b"--other\r\n\r\n--other--\r\n"),
    "a name that is no UTF-8": raw(
        f'--{EDGE}\r\nContent-Disposition: form-data; name="file"; filename="'.encode()
        + b'\xff"\r\n\r\n1\r\n'
        + f"--{EDGE}--\r\n".encode()
    ),
    "a text that is no UTF-8": form(("file", "a", b"1"), ("filename", None, b"\xff")),
}


@pytest.mark.parametrize("how", sorted(BROKEN))
def test_a_form_that_cannot_be_read_is_refused(api: Api, how: str) -> None:
    before = api.kept()
    api.refused("POST", PATH, 400, **BROKEN[how])
    assert api.kept() == before


def test_a_form_that_breaks_off_is_refused(api: Api) -> None:
    before = api.kept()
    options = form(("file", "a", b"1" * 500))
    body = options.pop("data")[:-100]
    options |= {
        "input_stream": io.BytesIO(body),
        "environ_overrides": {"CONTENT_LENGTH": str(len(body) + 100)},
    }
    assert "broke off" in api.refused("POST", PATH, 400, **options)["detail"]
    assert api.kept() == before


@pytest.mark.parametrize(
    "parts",
    [
        [],
        [("filename", None, b"a")],
        [("file", "", b"")],
        [("file", "a/.DS_Store", b"x")],
        [("file", "a", b"")],
        [("filename", None, b"x" * 5000), ("file", "a", b"1")],
        [("type", None, b"rar"), ("file", "a", b"1")],
        [("type", None, b"zip"), ("file", "a/b", b"1")],
        [("file", "a.zip", b"no zip")],
        [("service", None, b"No Name"), ("file", "a", b"1")],
    ],
)
def test_a_form_without_anything_to_keep_is_refused(
    api: Api, parts: list[tuple[str, str | None, bytes]]
) -> None:
    before = api.kept()
    api.refused("POST", PATH, 422, **form(*parts))
    assert api.kept() == before


def test_all_of_it_together_has_the_limit(api: Api) -> None:
    before = api.kept()
    api.refused("POST", PATH, 413, **form(("file", "a", b"x" * 10_000)))
    many = form(*(("file", f"a/{number}", b"x") for number in range(9)))
    api.refused("POST", PATH, 413, **many)  # as a tar they are more than the limit
    assert api.kept() == before


def test_too_many_parts_and_endless_headers_are_refused(few: Api) -> None:
    before = few.kept()
    many = form(*(("x", None, b"") for _ in range(40)))
    few.refused("POST", PATH, 413, **many)
    head = f"--{EDGE}\r\nContent-Disposition: form-data; name=file; filename=a\r\nX: ".encode()
    few.refused("POST", PATH, 413, **raw(head + b"x" * (PIECE * 3)))
    entries = form(*(("file", f"a/{number}", b"1") for number in range(12)))
    assert few.refused("POST", PATH, 422, **entries)["rule"] == "entries"
    assert few.kept() == before


def test_curl_sends_such_a_form(api: Api) -> None:
    """The very bytes that `curl -F file=@a.html -F service=shop` sends."""
    body = (
        f'--{EDGE}\r\nContent-Disposition: form-data; name="file"; filename="a.html"\r\n'
        "Content-Type: text/html\r\n\r\n<p>1\r\n"
        f'--{EDGE}\r\nContent-Disposition: form-data; name="service"\r\n\r\nshop\r\n--{EDGE}--\r\n'
    )
    answer = api.ask("POST", PATH, **raw(body.encode()))
    assert answer.status_code == 201
    assert answer.json
    assert answer.json["metadata"]["service"] == "shop"


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.data())
def test_whatever_a_form_holds_jarvis_does_not_break(api: Api, data: st.DataObject) -> None:
    whole = form(("filename", None, b"a.html"), ("file", "site/ü.html", b"<p>1"), ("file", "b", b"2"))["data"]
    pieces = re.split(rb"(\r\n|--|;|=|\")", whole)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(pieces) - 1))
        pieces[at] = data.draw(
            st.sampled_from([b"", b"\x00", b"\r\n", b"--", pieces[at] * 2]) | st.binary(max_size=9)
        )
    answer = api.ask("POST", PATH, **raw(b"".join(pieces)))
    assert answer.status_code in {201, 400, 413, 422}, answer.text
    assert not list((api.home / "artifacts" / "incoming").iterdir())
