"""What an artifact is, in the words of people. Pure."""

from typing import Any

Json = dict[str, Any]

NOUNS = {"web": "web app", "static": "static site", "compose": "compose stack", "dockerfile": "Dockerfile"}
"""Kinds whose name is not yet a noun."""


def title(verdict: Json) -> str:
    """`a static site`, `a flask web app`: what it is, in a sentence of people."""
    kind, language = str(verdict["kind"]), str(verdict["language"])
    framework = str(verdict["framework"])
    noun = NOUNS.get(kind, kind)
    name = framework if framework != "none" else language
    words = noun if name in {"none", "static", "compose", "dockerfile"} else f"{name} {noun}"
    return f"{'an' if words[0] in 'aeiou' else 'a'} {words}"


def said(verdict: Json) -> str:
    """One line for the story: what it is, how sure, and the first reason."""
    facts = ("framework", "kind", "language") if verdict["framework"] != "none" else ("kind", "language")
    found = (item for fact in facts for item in verdict["evidence"] if item["fact"] == fact)
    first = next(found, None)
    why = f": {first['file'] or 'said'}, {first['why'].rstrip('.')}" if first else ""
    return f"{title(verdict)}, {round(100 * verdict['confidence'])} % sure{why}"
