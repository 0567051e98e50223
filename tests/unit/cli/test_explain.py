from pathlib import Path
from typing import Any

import pytest

from jarvis.analysis.analyse import analyse
from jarvis.cli.explain import explain, title


def verdict(**members: Any) -> dict[str, Any]:
    plain = {"kind": "web", "root": "", "language": "python", "framework": "flask", "confidence": 0.94}
    lists = ("evidence", "needs", "environment", "parts", "alternatives", "findings")
    return {**plain, **{name: [] for name in lists}, "size": {"files": 1, "bytes": 12}, **members}


def told(**members: Any) -> list[str]:
    return list(explain("shop", verdict(**members), None))


def test_it_works() -> None:
    evidence = [{"fact": "framework", "file": "app.py", "line": 3, "why": "makes a Flask application"}]
    assert told(evidence=evidence, port=8000) == [
        "shop: flask web app (python), 94 % sure",
        "  language    python",
        "  framework   flask   ← app.py:3: makes a Flask application",
        "  port        8000",
        "  size        1 file, 12 B",
    ]


def test_a_real_verdict_can_be_explained(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<!doctype html><title>x</title><p>hello")
    lines = list(explain("site", analyse(tmp_path).to_dict(), None))
    assert lines[0].startswith("site: static site, ")
    assert any(line.startswith("  size        1 file, ") for line in lines)


def test_only_the_first_reason_of_a_fact_is_told() -> None:
    evidence = [{"fact": "language", "file": "a.py", "line": None, "why": why} for why in ("first", "second")]
    text = "\n".join(told(evidence=evidence))
    assert "← a.py: first" in text
    assert "second" not in text


def test_a_reason_without_a_file_has_no_colon_before_it() -> None:
    assert "  port        80   ← you said so" in told(
        port=80, evidence=[{"fact": "port", "file": "", "line": None, "why": "you said so"}]
    )


def test_the_folder_within_it_is_told() -> None:
    assert told(root="apps/shop")[0] == "shop: flask web app (python) (in apps/shop), 94 % sure"


def test_what_it_needs_and_reads_is_told() -> None:
    need = {"engine": "postgresql", "level": "required", "file": "app.py", "line": 7, "why": "connects"}
    reads = [{"name": "TOKEN", "required": True}, {"name": "DEBUG", "required": False}]
    lines = told(needs=[need], environment=reads)
    assert "  needs       postgresql (required)   ← app.py:7: connects" in lines
    assert "  reads       TOKEN, DEBUG (optional)" in lines


def test_parts_and_alternatives_are_told() -> None:
    part = {
        "name": "jobs", "kind": "worker", "language": "node", "framework": "none", "start_command": "node j",
    }  # fmt: skip
    other = {"kind": "static", "language": "none", "framework": "none", "confidence": 0.4, "why": "has pages"}
    lines = told(parts=[part, {**part, "start_command": ""}], alternatives=[other])
    assert "  part        jobs: node worker node j" in lines
    assert "  part        jobs: node worker" in lines
    assert "  or          static site, 40 %: has pages" in lines


@pytest.mark.parametrize(("severity", "mark"), [("danger", "!!"), ("warning", "! "), ("note", "- ")])
def test_a_finding_has_the_mark_of_its_severity(severity: str, mark: str) -> None:
    finding = {"severity": severity, "why": "A key is in it.", "file": "", "line": None}
    assert told(findings=[finding])[-1] == f"  {mark} A key is in it. (.)"


@pytest.mark.parametrize(
    ("kind", "language", "framework", "said"),
    [
        ("web", "python", "flask", "flask web app (python)"),
        ("web", "django", "django", "django web app"),
        ("static", "none", "none", "static site"),
        ("static", "static", "none", "static site"),
        ("worker", "node", "none", "node worker"),
        ("compose", "compose", "none", "compose stack"),
        ("dockerfile", "dockerfile", "none", "dockerfile"),
        ("unknown", "none", "none", "unknown"),
    ],
)
def test_the_title_names_what_it_is(kind: str, language: str, framework: str, said: str) -> None:
    assert title({"kind": kind, "language": language, "framework": framework}) == said


def test_a_plan_ends_with_its_dockerfile() -> None:
    plan = {
        "why": "Jarvis writes a Dockerfile.",
        "warnings": ["No lock file."],
        "questions": [{"text": "Which port?"}],
        "dockerfile": {"text": "FROM python\n\nRUN x\n"},
    }
    assert list(explain("shop", verdict(), plan))[-7:] == [
        "  plan        Jarvis writes a Dockerfile.",
        "              No lock file.",
        "              Which port?",
        "",
        "    FROM python",
        "    ",
        "    RUN x",
    ]


@pytest.mark.parametrize("dockerfile", [None, {"text": None}, {"text": ""}, {}])
def test_a_plan_without_a_dockerfile_of_ours_ends_before_it(dockerfile: dict[str, Any] | None) -> None:
    plan = {"why": "Its own.", "warnings": [], "questions": [], "dockerfile": dockerfile}
    assert list(explain("shop", verdict(), plan))[-1] == "  plan        Its own."
