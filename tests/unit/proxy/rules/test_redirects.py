"""Lines of `_redirects`: what they mean, what is left out, what is refused."""

import pytest

from jarvis.errors import InvalidInput
from jarvis.proxy.rules.redirects import read


def test_it_works():
    rules, remarks = read(b"# moved\n\n/old  /new\n/blog/* https://blog.example/:splat 302!  # since 2024\n")
    assert remarks == []
    assert rules == [
        {"line": 3, "from": "/old", "query": {}, "to": "/new", "status": 301, "force": False},
        {
            "line": 4,
            "from": "/blog/*",
            "query": {},
            "to": "https://blog.example/:splat",
            "status": 302,
            "force": True,
        },
    ]


def test_parts_of_the_query_and_placeholders_are_taken():
    (rule,), _ = read(b"/store/:shop id=:id lang=en /:shop/:id 307")
    assert rule["query"] == {"id": ":id", "lang": "en"}
    assert (rule["to"], rule["status"]) == ("/:shop/:id", 307)


@pytest.mark.parametrize("status", [200, 301, 302, 303, 307, 308, 404])
def test_every_status_that_means_something(status: int):
    (rule,), _ = read(f"/a /b {status}".encode())
    assert rule["status"] == status


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("https://old.example/* /new", "another domain"),
        ("/ /de Country=de", "not known"),
        ("/ /de 302 Language=de,at", "not known"),
        ("/api/* /.netlify/functions/:splat 200", "no functions"),
    ],
)
def test_what_means_something_elsewhere_is_left_out_and_said(line: str, why: str):
    rules, (remark,) = read(f"/a /b\n{line}".encode())
    assert len(rules) == 1
    assert (remark.file, remark.line) == ("_redirects", 2)
    assert why in str(remark)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("/a", "where to"),
        ("/a 301", "is no target"),
        ("a /b", "begins with one slash"),
        ("//a /b", "begins with one slash"),
        ("/*/b/* /c", "only one *"),
        ("/x-:a /c", "between two slashes"),
        ("/:a/:a /c", "twice"),
        ("/a /b 299", "299 is no status"),
        ("/a /b 3011", "3011 is no status"),
        ("/a /b /c 301", "neither a part of the query"),
        ("/a /:b", "“:b” is not taken"),
        ("/a ftp://b/", "is no target"),
        ("/a javascript:alert(1)", "is no target"),
        ("/a //evil.example/", "is no target"),
        ("/a https://", "is no target"),
        ("/* https://:splat/ 301", "visitor would choose"),
        ("/* https://a@b.example/:splat 301", "visitor would choose"),
        ("/a https://b.example/ 200", "another server"),
        ('/a /b"c', "no address has"),
        ("/a /b\\c", "no address has"),
        ("/a /" + "b" * 1000, "longer than"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_line(line: str, why: str):
    with pytest.raises(InvalidInput) as caught:
        read(f"/x /y\n\n{line}\n".encode())
    assert caught.value.message.startswith("_redirects, line 3: ")
    assert why in caught.value.message
    assert caught.value.facts["line"] == 3


def test_a_file_that_is_no_text_or_too_long_is_refused():
    with pytest.raises(InvalidInput, match="line 2: it is not UTF-8"):
        read(b"/a /b\n/\xff /c")
    with pytest.raises(InvalidInput, match=r"more than 5,000 lines"):
        read(b"/a /b\n" * 5001)
