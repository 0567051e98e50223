"""Lines of `_headers`: what they mean, what is left out, what is refused."""

import pytest

from jarvis.errors import InvalidInput
from jarvis.proxy.rules.headers import read


def test_it_works():
    content = (
        b"/*\n  X-Frame-Options: DENY\n\tSet-Cookie: a=b: c\n\n# images\n/img/:name\n  ! Cache-Control\n"
    )
    blocks, remarks = read(content)
    assert remarks == []
    assert blocks == [
        {"path": "/*", "set": [["X-Frame-Options", "DENY"], ["Set-Cookie", "a=b: c"]], "drop": []},
        {"path": "/img/:name", "set": [], "drop": ["Cache-Control"]},
    ]


@pytest.mark.parametrize(
    "name", ["Content-Length", "transfer-encoding", "Host", "Date", "ETag", "Jarvis-Path"]
)
def test_what_only_the_server_can_say_is_left_out_and_said(name: str):
    blocks, (remark,) = read(f"/*\n  X-A: 1\n  {name}: 5".encode())
    assert blocks == [{"path": "/*", "set": [["X-A", "1"]], "drop": []}]
    assert (remark.line, remark.file) == (3, "_headers")


def test_rules_about_another_domain_are_left_out_with_all_their_headers():
    blocks, (remark,) = read(b"https://x.pages.dev/*\n  X-Robots-Tag: noindex\n/a\n  X-A: 1")
    assert [block["path"] for block in blocks] == ["/a"]
    assert remark.line == 1


@pytest.mark.parametrize(
    ("content", "line", "why"),
    [
        ("  X-A: 1", 1, "no path"),
        ("/a\n  X-A", 2, "no “:”"),
        ("/a\n  X A: 1", 2, "no name of a header"),
        ("/a\n  : 1", 2, "no name of a header"),
        ("/a\n  X-A:", 2, "no value"),
        ("/a\n  X-A: 1\x001", 2, "control sign"),
        ("/a\n  Basic-Auth: me:word", 2, "shown to every visitor"),
        ("/a\n/*/*\n  X-A: 1", 2, "only one *"),
        ("X-A: 1", 1, "begins with one slash"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_line(content: str, line: int, why: str):
    with pytest.raises(InvalidInput) as caught:
        read(content.encode())
    assert caught.value.message.startswith(f"_headers, line {line}: ")
    assert why in caught.value.message
