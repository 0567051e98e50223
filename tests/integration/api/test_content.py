"""What was handed in can be had again: whole, in part, and only by those who may."""

import base64
import hashlib
from urllib.parse import quote

import pytest

from api_lab import NOBODY, V1, Api
from jarvis.accounts.roles import Role

CONTENT = bytes(range(256)) * 30
SHA = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture(scope="module")
def place(api: Api) -> str:
    return f"{V1}/artifacts/{api.upload(CONTENT, 'filename=a.bin')['id']}/content"


def test_it_works(api: Api, place: str) -> None:
    answer = api.ask("GET", place)
    assert (answer.status_code, answer.data) == (200, CONTENT)
    headers = answer.headers
    assert headers["ETag"] == f'"{SHA}"'
    assert headers["X-Checksum-SHA256"] == SHA
    assert headers["Repr-Digest"] == f"sha-256=:{base64.b64encode(bytes.fromhex(SHA)).decode()}:"
    assert headers["Content-Length"] == str(len(CONTENT))
    assert headers["Content-Type"] == "application/octet-stream"
    assert headers["Content-Disposition"] == "attachment; filename=\"a.bin\"; filename*=UTF-8''a.bin"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Accept-Ranges"] == "bytes"


def test_its_headers_can_be_asked_for_alone(api: Api, place: str) -> None:
    whole, head = api.ask("GET", place), api.ask("HEAD", place)
    assert (head.status_code, head.data) == (200, b"")
    for answer in (whole, head):
        for own in ("Date", "RateLimit-Remaining", "RateLimit-Reset"):
            answer.headers.pop(own, None)
    assert dict(head.headers) == dict(whole.headers)
    part = api.ask("HEAD", place, headers={"Range": "bytes=0-9"})
    assert (part.status_code, part.headers["Content-Length"], part.data) == (206, "10", b"")


@pytest.mark.parametrize(
    ("wanted", "start", "end"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=10-19", 10, 20),
        ("bytes=7000-", 7000, 7680),
        ("bytes=-5", 7675, 7680),
        ("bytes=7679-", 7679, 7680),
        ("bytes=7000-99999", 7000, 7680),
        ("bytes=0-", 0, 7680),
    ],
)
def test_a_part_is_given(api: Api, place: str, wanted: str, start: int, end: int) -> None:
    answer = api.ask("GET", place, headers={"Range": wanted})
    assert (answer.status_code, answer.data) == (206, CONTENT[start:end])
    assert answer.headers["Content-Range"] == f"bytes {start}-{end - 1}/{len(CONTENT)}"
    assert answer.headers["Content-Length"] == str(end - start)
    assert answer.headers["X-Checksum-SHA256"] == SHA


@pytest.mark.parametrize("wanted", ["bytes=7680-", "bytes=99999-100000"])
def test_a_part_that_is_not_there_is_refused(api: Api, place: str, wanted: str) -> None:
    answer = api.ask("GET", place, headers={"Range": wanted})
    assert answer.status_code == 416
    assert answer.headers["Content-Range"] == f"bytes */{len(CONTENT)}"
    assert answer.json
    assert (answer.json["code"], answer.json["size"]) == ("range_not_satisfiable", len(CONTENT))


@pytest.mark.parametrize(
    "wanted", ["bytes=0-1,5-6", "lines=0-1", "bytes", "bytes=x-y", "bytes=5-1", "bytes=-0", "", "ü"]
)
def test_what_is_no_single_range_is_answered_with_the_whole(api: Api, place: str, wanted: str) -> None:
    answer = api.ask("GET", place, headers={"Range": wanted.encode().decode("latin-1")})
    assert (answer.status_code, answer.data) == (200, CONTENT)


@pytest.mark.parametrize(
    ("condition", "status"),
    [
        (f'"{SHA}"', 206),
        ('"other"', 200),
        (f'W/"{SHA}"', 200),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 200),
    ],
)
def test_a_part_of_other_bytes_is_answered_with_the_whole(
    api: Api, place: str, condition: str, status: int
) -> None:
    answer = api.ask("GET", place, headers={"Range": "bytes=0-9", "If-Range": condition})
    assert answer.status_code == status


def test_who_has_it_already_gets_nothing(api: Api, place: str) -> None:
    answer = api.ask("GET", place, headers={"If-None-Match": f'"x", "{SHA}"'})
    assert (answer.status_code, answer.data) == (304, b"")
    assert answer.headers["ETag"] == f'"{SHA}"'
    assert api.ask("GET", place, headers={"If-None-Match": '"x"'}).status_code == 200


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("mein Büro.html", "mein B_ro.html"),
        ("日本.html", "__.html"),
        ('a"b\\c.html', "c.html"),
        ('a"b.html', "a_b.html"),
        ("a;b'c%d.html", "a;b'c%d.html"),
        ("a\r\nSet-Cookie: x=1.html", "a__Set-Cookie: x=1.html"),
    ],
)
def test_a_name_is_told_in_the_old_and_the_new_way(api: Api, name: str, plain: str) -> None:
    row = api.upload(b"<p>1", f"filename={quote(name)}")
    told = api.ask("GET", f"{V1}/artifacts/{row['id']}/content").headers["Content-Disposition"]
    safe = quote(row["original_filename"], safe="")
    assert told == f"attachment; filename=\"{plain}\"; filename*=UTF-8''{safe}"


def test_viewers_do_not_get_it(api: Api, place: str) -> None:
    assert api.ask("GET", place, Role.VIEWER).status_code == 403
    assert api.ask("HEAD", place, Role.VIEWER).status_code == 403
    assert api.ask("GET", place, Role.ANYONE).status_code == 401


def test_what_is_not_there_is_told(api: Api, place: str) -> None:
    api.refused("GET", f"{V1}/artifacts/{NOBODY}/content", 404)
    row = api.upload(b"vanishes")
    (api.home / "artifacts" / row["storage_path"]).unlink()
    body = api.refused("GET", f"{V1}/artifacts/{row['id']}/content", 404)
    assert body["storage_path"] == row["storage_path"]
    assert "not in the store" in body["detail"]
