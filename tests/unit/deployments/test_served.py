from typing import Any

import pytest

from jarvis.deployments.pages.served import served
from jarvis.errors import NothingToServe


def verdict(**members: Any) -> dict[str, Any]:
    plain = {"kind": "static", "language": "none", "framework": "none", "root": "", "static_dir": None}
    return {**plain, "build_command": "", "evidence": [], **members}


def test_it_works() -> None:
    assert served(verdict(), ["index.html", "a.css"]) == ""


@pytest.mark.parametrize(
    ("root", "static_dir", "folder"),
    [
        ("", "public", "public"),
        ("site", None, "site"),
        ("site", "", "site"),
        ("apps/web", "dist/pages", "apps/web/dist/pages"),
        ("./site/", "./out", "site/out"),
        ("", ".", ""),
    ],
)
def test_the_folder_of_the_pages_is_served(root: str, static_dir: str | None, folder: str) -> None:
    files = [f"{folder}/index.html".lstrip("/"), "README.md"]
    assert served(verdict(root=root, static_dir=static_dir), files) == folder


def test_pages_that_stand_somewhere_else_are_not_served() -> None:
    with pytest.raises(NothingToServe, match=r"no index\.html in “public”") as caught:
        served(verdict(static_dir="public"), ["index.html", "public/a.html", "publicity/index.html"])
    assert "--static-dir" in caught.value.hint


def test_nothing_at_all_is_refused() -> None:
    with pytest.raises(NothingToServe, match="nothing in it") as caught:
        served(verdict(kind="empty"), [])
    assert "index.html" in caught.value.hint


def test_a_program_is_refused_with_the_reason_why_it_is_one() -> None:
    evidence = [
        {"fact": "port", "file": "x", "line": 1, "why": "listens."},
        {"fact": "framework", "file": "app.py", "line": 1, "why": "makes a Flask application."},
    ]
    found = verdict(kind="web", language="python", framework="flask", evidence=evidence)
    with pytest.raises(NothingToServe) as caught:
        served(found, ["app.py", "index.html"])
    assert caught.value.message == (
        "This is a flask web app (app.py: makes a Flask application), and nothing here can run it."
    )
    assert "--kind static" in caught.value.hint
    assert caught.value.facts == {"kind": "web", "language": "python", "framework": "flask"}


def test_a_program_without_a_reason_is_refused_without_empty_brackets() -> None:
    with pytest.raises(NothingToServe, match=r"^This is a perl script, and nothing here can run it\.$"):
        served(verdict(kind="script", language="perl"), ["a.pl"])


def test_the_source_of_a_site_is_refused_with_its_build() -> None:
    found = verdict(language="node", framework="vite", build_command="npm run build", static_dir="dist")
    with pytest.raises(NothingToServe, match="“npm run build” makes its pages, in “dist”") as caught:
        served(found, ["index.html", "package.json"])
    assert "jarvis deploy dist" in caught.value.hint


def test_the_source_of_a_site_with_its_pages_is_served() -> None:
    found = verdict(language="node", framework="vite", build_command="npm run build", static_dir="dist")
    assert served(found, ["index.html", "dist/index.html"]) == "dist"
