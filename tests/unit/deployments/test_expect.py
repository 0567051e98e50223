"""What a visitor should get from a release with rules."""

import json
from pathlib import Path
from typing import Any

import pytest

from jarvis.deployments.pages.expect import Expected, answer
from jarvis.proxy.rules.redirects import read

HOST = "shop.localhost"


def release(folder: Path, lines: str = "", **settings: Any) -> Path:
    folder.mkdir(exist_ok=True)
    for name in ("index.html", "about.html", "404.html"):
        (folder / name).write_text(name)
    if lines or settings:
        rules = {"service": "shop", "redirects": read(lines.encode())[0], **settings}
        (folder / ".jarvis-rules").write_text(json.dumps(rules))
    return folder


def test_it_works(tmp_path: Path) -> None:
    assert answer(release(tmp_path), HOST, "/") == Expected(200, "index.html")


@pytest.mark.parametrize(
    ("lines", "settings", "expected"),
    [
        ("/x /y", {}, Expected(200, "index.html")),
        ("/ /en 302", {}, Expected(200, "index.html")),
        ("/ /en 302!", {}, Expected(302, "", by_gate=True)),
        ("/ /about 200!", {"clean": True}, Expected(200, "about.html")),
        ("/ /404.html 404!", {}, Expected(404, "404.html")),
        ("", {"logins": {"me": "scrypt$"}}, Expected(401, "", by_gate=True)),
        ("", {"hosts": {HOST: "example.org"}}, Expected(308, "", by_gate=True)),
        ("", {"hosts": {"www.example.org": "example.org"}}, Expected(200, "index.html")),
    ],
)
def test_what_rules_make_of_the_first_page(
    tmp_path: Path, lines: str, settings: dict[str, Any], expected: Expected
) -> None:
    assert answer(release(tmp_path, lines, **settings), HOST, "/") == expected


def test_rules_that_change_are_read_again(tmp_path: Path) -> None:
    assert answer(release(tmp_path, "/ /a 302!"), HOST, "/").status == 302
    (tmp_path / ".jarvis-rules").unlink()
    assert answer(release(tmp_path, "/ /elsewhere 301!"), HOST, "/").status == 301
