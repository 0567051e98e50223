"""Rules of a release as a whole: files read, circles refused, settings added."""

import json
from pathlib import Path
from typing import Any

import pytest

from jarvis.errors import InvalidInput
from jarvis.proxy.rules.compile import read, text

NOTHING: dict[str, Any] = {"hosts": {}, "routes": {}, "logins": {}}


def test_it_works(tmp_path: Path):
    (tmp_path / "_redirects").write_text("/old /new")
    (tmp_path / "_headers").write_text("/*\n  X-A: 1\n  Date: today")
    written = read(tmp_path, ["index.html"], clean=True)
    assert [str(remark)[:16] for remark in written.remarks] == ["_headers, line 3"]
    made = json.loads(text("shop", written.rules, **NOTHING))
    assert (made["service"], made["clean"]) == ("shop", True)
    assert (len(made["redirects"]), len(made["headers"])) == (1, 1)


def test_without_rules_there_is_nothing_for_the_gate(tmp_path: Path):
    assert text("shop", read(tmp_path, [], clean=True).rules, **NOTHING) == ""
    (tmp_path / "_redirects").write_text("# nothing yet\n")
    assert text("shop", read(tmp_path, [], clean=True).rules, **NOTHING) == ""
    assert text("shop", {}, hosts={}, routes={}, logins={"me": "scrypt$"}) != ""


def test_a_link_to_a_file_elsewhere_is_not_read(tmp_path: Path):
    (tmp_path / "secret").write_text("/a /b")
    (tmp_path / "www").mkdir()
    (tmp_path / "www" / "_redirects").symlink_to(tmp_path / "secret")
    assert "redirects" not in read(tmp_path / "www", [], clean=True).rules


@pytest.mark.parametrize(
    ("lines", "line"),
    [
        ("/a /b\n/b /c\n/c /a", 1),
        ("/x /y\n/a/* /b/:splat\n/b/* /a/:splat", 2),
        ("/* /index.html 302!", 1),
        ("/about /about.html 302!", 1),
        ("/n/:a /n/:a/more", 0),
        ("/* /deeper/:splat", 1),
    ],
)
def test_what_leads_round_in_a_circle_is_refused(tmp_path: Path, lines: str, line: int):
    (tmp_path / "_redirects").write_text(lines)
    if not line:
        read(tmp_path, ["index.html", "about.html"], clean=True)
        return
    with pytest.raises(InvalidInput, match=rf"^_redirects, line {line}: it leads round in a circle"):
        read(tmp_path, ["index.html", "about.html"], clean=True)


@pytest.mark.parametrize(
    "lines",
    [
        "/* /index.html 200",
        "/* /index.html 302",
        "/about /about/ 301",
        "/a /a?x=1",
        "/old/* /:splat",
        "/a https://a.example/a",
    ],
)
def test_what_comes_to_an_end_is_not(tmp_path: Path, lines: str):
    (tmp_path / "_redirects").write_text(lines)
    assert read(tmp_path, ["index.html", "about/index.html"], clean=True).rules["redirects"]
