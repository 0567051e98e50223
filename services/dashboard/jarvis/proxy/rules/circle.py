"""Redirects that lead round in a circle: found before any visitor is sent there."""

from collections.abc import Callable
from urllib.parse import unquote

from jarvis.errors import InvalidInput
from jarvis.proxy.gate import pattern
from jarvis.proxy.gate.decide import Rules
from jarvis.proxy.gate.exits import Answer
from jarvis.proxy.rules.redirects import FILE
from jarvis.proxy.rules.remark import refusal

HOPS = 20
SAMPLE = "sample"
"""What stands for a placeholder: nobody's page."""


def refuse(rules: Rules, redirects: list[dict[str, object]], there: Callable[[str], bool]) -> None:
    """Follow each redirect as a browser would.

    Args:
        rules: All rules of the release.
        redirects: Those of the file.
        there: Whether there is a page at a path.

    Raises:
        InvalidInput: One does not come to an end.
    """
    for rule in redirects:
        if found := _circle(rules, str(rule["from"]), there):
            raise _refusal(int(str(rule["line"])), found)


def _circle(rules: Rules, source: str, there: Callable[[str], bool]) -> list[str]:
    """The way that does not end; empty when it does."""
    place = pattern.PLACEHOLDER.sub(SAMPLE, source).replace("*", SAMPLE)
    seen: list[str] = []
    while place not in seen:
        seen.append(place)
        found = rules.decide(place, there)
        if isinstance(found, Answer):
            place = found.headers[0][1].partition("#")[0]
        elif not found.path:
            place = _cleaned(rules, place, there)
        if not place.startswith("/") or place == seen[-1]:
            return []
        if len(seen) > HOPS:
            return [*seen[:3], "…"]
    return [*seen[seen.index(place) :], place]


def _cleaned(rules: Rules, place: str, there: Callable[[str], bool]) -> str:
    """Where the proxy leads by itself: pages without their `.html`."""
    path, mark, query = place.partition("?")
    if not rules.clean or not path.endswith(".html") or not there(unquote(path)):
        return place
    short = path.removesuffix("index.html") if path.endswith("/index.html") else path.removesuffix(".html")
    return f"{short}{mark}{query}"


def _refusal(line: int, way: list[str]) -> InvalidInput:
    return refusal(
        FILE,
        line,
        f"it leads round in a circle: {' → '.join(way)}",
        "Change the target, or take the ! away, so that pages that exist are shown.",
    )
