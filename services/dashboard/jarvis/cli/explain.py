"""A verdict as lines that a person reads."""

from collections.abc import Iterator
from typing import Any

from jarvis.cli.units import count, size

_FACTS = (
    ("language", "language"),
    ("language_version", "version"),
    ("framework", "framework"),
    ("package_manager", "packages"),
    ("install_command", "install"),
    ("build_command", "build"),
    ("start_command", "start"),
    ("static_dir", "pages in"),
    ("port", "port"),
    ("health_path", "health"),
    ("dockerfile", "Dockerfile"),
    ("compose", "compose"),
)
_WIDTH = 11
_MARKS = {"danger": "!!", "warning": "! ", "note": "- "}


def explain(path: str, verdict: dict[str, Any], plan: dict[str, Any] | None) -> Iterator[str]:
    """`path`, what it is and why, a fact a line; the plan below it."""
    where = f" (in {verdict['root']})" if verdict.get("root") else ""
    yield f"{path}: {title(verdict)}{where}, {round(100 * verdict['confidence'])} % sure"
    reasons: dict[str, dict[str, Any]] = {}
    for item in verdict["evidence"]:
        reasons.setdefault(item["fact"], item)
    for key, name in _FACTS:
        value = verdict.get(key)
        if value not in (None, "", "none"):
            yield f"  {name:<{_WIDTH}} {value}{_because(reasons.get(key))}"
    for need in verdict["needs"]:
        yield f"  {'needs':<{_WIDTH}} {need['engine']} ({need['level']}){_because(need)}"
    if names := [
        item["name"] + ("" if item["required"] else " (optional)") for item in verdict["environment"]
    ]:
        yield f"  {'reads':<{_WIDTH}} {', '.join(names)}"
    for part in verdict["parts"]:
        yield f"  {'part':<{_WIDTH}} {part['name']}: {title(part)} {part['start_command']}".rstrip()
    yield f"  {'size':<{_WIDTH}} {count(verdict['size']['files'], 'file')}, {size(verdict['size']['bytes'])}"
    for other in verdict["alternatives"]:
        yield f"  {'or':<{_WIDTH}} {title(other)}, {round(100 * other['confidence'])} %: {other['why']}"
    for item in verdict["findings"]:
        yield f"  {_MARKS.get(item['severity'], '- ')} {item['why']} ({_place(item)})"
    if plan is not None:
        yield from _plan(plan)


def title(item: dict[str, Any]) -> str:
    """`flask web app (python)`, `static site`, `node worker`."""
    framework = str(item.get("framework") or "none")
    kind, language = str(item["kind"]), str(item["language"])
    noun = {"web": "web app", "static": "static site", "compose": "compose stack"}.get(kind, kind)
    if framework != "none":
        return f"{framework} {noun} ({language})" if framework != language else f"{framework} {noun}"
    return noun if language in ("none", "static", "compose", "dockerfile") else f"{language} {noun}"


def _place(item: dict[str, Any]) -> str:
    return f"{item['file']}:{item['line']}" if item.get("line") else str(item["file"] or ".")


def _because(item: dict[str, Any] | None) -> str:
    if item is None:
        return ""
    return f"   ← {_place(item)}: {item['why']}" if item["file"] else f"   ← {item['why']}"


def _plan(plan: dict[str, Any]) -> Iterator[str]:
    yield f"  {'plan':<{_WIDTH}} {plan['why']}"
    for text in (*plan["warnings"], *(question["text"] for question in plan["questions"])):
        yield f"  {'':<{_WIDTH}} {text}"
    dockerfile: dict[str, Any] = plan.get("dockerfile") or {}
    text = str(dockerfile.get("text") or "")
    if text:
        yield ""
        yield from (f"    {line}" for line in text.rstrip("\n").split("\n"))
