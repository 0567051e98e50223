"""Patterns of paths."""

import time

import pytest

from jarvis.proxy.gate.pattern import compiled, names, wrong


def test_it_works():
    assert compiled("/blog/:year/*").fullmatch("/blog/2024/a/b")
    assert names("/blog/:year/*") == {"year", "splat"}


@pytest.mark.parametrize(
    ("pattern", "path", "taken"),
    [
        ("/a", "/a", {}),
        ("/a", "/a/", None),
        ("/a.b", "/axb", None),
        ("/*", "/", {"splat": ""}),
        ("/*", "/a/b", {"splat": "a/b"}),
        ("/a/*", "/a", {"splat": None}),
        ("/a/*", "/a/", {"splat": ""}),
        ("/a/*", "/ab", None),
        ("/*.js", "/x/y.js", {"splat": "x/y"}),
        ("/a*/c", "/ab/x/c", {"splat": "b/x"}),
        ("/:a/b", "/x/b", {"a": "x"}),
        ("/:a/b", "//b", None),
        ("/:a", "/x\ny", {"a": "x\ny"}),
    ],
)
def test_what_is_matched(pattern: str, path: str, taken: dict[str, str | None] | None):
    found = compiled(pattern).fullmatch(path)
    assert (found.groupdict() if found else None) == taken


def test_nothing_is_wrong_with_ordinary_ones():
    assert [wrong(one) for one in ("/", "/*", "/a/:b/c", "/:a/*", "/a-b_c.d")] == [""] * 5


def test_no_pattern_takes_long():
    hard = "/:a/:b/:c/:d/:e/*/x"
    began = time.process_time()
    assert compiled(hard).fullmatch("/" + "a/" * 8000) is None
    assert time.process_time() - began < 1
