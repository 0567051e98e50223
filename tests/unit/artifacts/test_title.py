from typing import Any

import pytest

from jarvis.artifacts.title import said, title


def verdict(kind: str, language: str = "none", framework: str = "none", **more: Any) -> dict[str, Any]:
    return {"kind": kind, "language": language, "framework": framework, **more}


def test_it_works() -> None:
    assert title(verdict("static")) == "a static site"


@pytest.mark.parametrize(
    ("kind", "language", "framework", "words"),
    [
        ("web", "python", "flask", "a flask web app"),
        ("web", "python", "none", "a python web app"),
        ("web", "node", "express", "an express web app"),
        ("worker", "elixir", "none", "an elixir worker"),
        ("static", "node", "astro", "an astro static site"),
        ("static", "static", "none", "a static site"),
        ("compose", "compose", "none", "a compose stack"),
        ("dockerfile", "dockerfile", "none", "a Dockerfile"),
        ("unknown", "none", "none", "an unknown"),
        ("script", "perl", "none", "a perl script"),
    ],
)
def test_it_is_named_as_people_would(kind: str, language: str, framework: str, words: str) -> None:
    assert title(verdict(kind, language, framework)) == words


def evidence(fact: str, why: str, file: str = "app.py") -> dict[str, Any]:
    return {"fact": fact, "file": file, "line": None, "why": why}


def test_the_line_names_the_first_reason() -> None:
    reasons = [evidence("port", "listens"), evidence("kind", "runs"), evidence("framework", "uses flask.")]
    found = verdict("web", "python", "flask", confidence=0.935, evidence=reasons)
    assert said(found) == "a flask web app, 94 % sure: app.py, uses flask"


def test_the_line_without_a_framework_gives_the_reason_of_the_kind() -> None:
    reasons = [evidence("framework", "no"), evidence("language", "ends in .py"), evidence("kind", "runs")]
    found = verdict("script", "python", confidence=1.0, evidence=reasons)
    assert said(found) == "a python script, 100 % sure: app.py, runs"


def test_the_line_of_a_correction_says_who_said_it() -> None:
    found = verdict("static", confidence=1.0, evidence=[evidence("kind", "you said so.", file="")])
    assert said(found) == "a static site, 100 % sure: said, you said so"


def test_the_line_without_any_reason_is_only_the_title() -> None:
    assert said(verdict("static", confidence=0.5, evidence=[])) == "a static site, 50 % sure"
