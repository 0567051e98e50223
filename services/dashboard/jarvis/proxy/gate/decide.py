"""What the rules of a release say about one request. Pure, but for the question whether a file is there."""

import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qsl, quote, unquote

from jarvis.proxy.gate import pattern
from jarvis.proxy.gate.exits import Answer, Exit, Pass

Json = dict[str, Any]

SAFE = "/!$&'()*+,;=:@-._~"
"""Signs that stand in a path as they are (RFC 3986), and no others."""
SAFE_IN_QUERY = "/:@-._~"
DROPPABLE = ("Cache-Control", "X-Content-Type-Options", "Content-Type")
"""What the proxy sets by itself, and a site may want otherwise."""
REDIRECT = (("Cache-Control", "no-cache"),)
"""So that a redirect which is taken back is forgotten by browsers, too."""


class Rules:
    """The rules of one release.

    Attributes:
        service: Whose they are.
        clean: Pages are found without their `.html`.
        logins: User → what is kept of the password.
    """

    def __init__(self, raw: Json) -> None:
        self.service: str = raw["service"]
        self.clean: bool = raw.get("clean", False)
        self.logins: dict[str, str] = raw.get("logins", {})
        self._hosts: dict[str, str] = raw.get("hosts", {})
        self._routes: dict[str, Json] = raw.get("routes", {})
        self._redirects: list[Json] = raw.get("redirects", [])
        self._headers = [(pattern.compiled(block["path"]), block) for block in raw.get("headers", [])]
        self._plain: dict[str, list[int]] = {}
        self._others: list[tuple[int, re.Pattern[str]]] = []
        for number, rule in enumerate(self._redirects):
            if pattern.is_plain(rule["from"]):
                self._plain.setdefault(_bare(rule["from"]), []).append(number)
            else:
                self._others.append((number, pattern.compiled(rule["from"])))

    def leads_to(self, host: str, uri: str) -> Answer | None:
        """A name that only leads to another one; with the port that was asked for."""
        name, _, port = host.partition(":")
        other = self._hosts.get(name)
        if other is None:
            return None
        place = f"//{other}:{port}" if port else f"//{other}"
        if not uri.startswith("/"):  # OPTIONS *
            uri = "/"
        return Answer(308, (("Location", place + uri), *REDIRECT))

    def route(self, method: str, uri: str) -> Exit | None:
        """The other service that answers below the first part of the path, if one does."""
        path, mark, query = uri.partition("?")
        first = path[1:].split("/", 1)[0]
        found = self._routes.get(unquote(first))
        if found is None:
            return None
        if found["strip"] and path == f"/{first}" and method in {"GET", "HEAD"}:
            # Without the last slash what the page names would be looked for beside it.
            return Answer(308, (("Location", f"{path}/{mark}{query}"), *REDIRECT))
        return Pass(found["service"], strip=f"/{first}" if found["strip"] else "")

    def decide(self, uri: str, there: Callable[[str], bool]) -> Exit:
        """What `_redirects` and `_headers` say.

        Args:
            uri: Path and query as they were sent.
            there: Whether there is something at a path, so that a redirect without force does not count.
        """
        raw, _, query = uri.partition("?")
        path = unquote(raw, errors="surrogateescape")
        for rule, taken in self._candidates(path, query):
            if not rule["force"] and there(path):
                continue
            if (found := _followed(rule, taken, path, query)) is not None:
                if isinstance(found, Answer):
                    return found
                return self._dressed(path, found)
        return self._dressed(path, ("", 0))

    def _candidates(self, path: str, query: str) -> Iterator[tuple[Json, dict[str, str]]]:
        """The rules that are true for it, in their order, with what they take out of it."""
        plain = list(self._plain.get(_bare(path), ()))
        for number, match in self._others:
            while plain and plain[0] < number:
                yield from self._asked(plain.pop(0), {}, query)
            if found := match.fullmatch(path):
                taken = {name: text or "" for name, text in found.groupdict().items()}
                yield from self._asked(number, taken, query)
        for number in plain:
            yield from self._asked(number, {}, query)

    def _asked(self, number: int, taken: dict[str, str], query: str) -> Iterator[tuple[Json, dict[str, str]]]:
        """A rule may want parts of the query, too."""
        rule = self._redirects[number]
        wanted: dict[str, str] = rule["query"]
        if wanted:
            given = dict(parse_qsl(query, keep_blank_values=True, errors="surrogateescape"))
            for name, value in wanted.items():
                if name not in given or (not value.startswith(":") and given[name] != value):
                    return
                if value.startswith(":"):
                    taken = {**taken, value[1:]: given[name]}
        yield rule, taken

    def _dressed(self, path: str, place: tuple[str, int]) -> Pass:
        """What passes, with its headers."""
        found: dict[str, tuple[str, list[str]]] = {}
        drop: list[str] = []
        for match, block in self._headers:
            if not (matched := match.fullmatch(path)):
                continue
            taken = {name: text or "" for name, text in matched.groupdict().items()}
            for name in block["drop"]:
                found.pop(name.lower(), None)
                drop.append(name)
            for name, value in block["set"]:
                filled = _fill(value, taken, SAFE)
                found.setdefault(name.lower(), (name, []))[1].append(filled)
        headers: list[tuple[str, str]] = []
        for name, values in found.values():
            joined = values if name.lower() == "set-cookie" else [", ".join(values)]
            headers += [(name, value) for value in joined]
        gone = {name.lower() for name in drop} | set(found)
        dropped = tuple(name for name in DROPPABLE if name.lower() in gone)
        return Pass(
            self.service, path=place[0], missing=place[1] == 404, headers=tuple(headers), drop=dropped
        )


def tries(path: str, *, clean: bool) -> list[str]:
    """The files that the proxy looks for when it is asked for a path."""
    if path.endswith("/"):
        return [f"{path}index.html"]
    return [path, *([f"{path}.html"] if clean else []), f"{path}/index.html"]


def _bare(path: str) -> str:
    """`/about/` and `/about` are one place."""
    return path.rstrip("/") or "/"


def _followed(rule: Json, taken: dict[str, str], path: str, query: str) -> Answer | tuple[str, int] | None:
    """Where a rule leads; None for the very place that was asked for, which would go round in a circle."""
    target: str = rule["to"]
    before, mark, after = target.partition("?")
    filled = _fill(before, taken, SAFE) + mark + _fill(after, taken, SAFE_IN_QUERY)
    if target.startswith("/"):
        # Two slashes would name another machine.
        filled = "/" + filled.lstrip("/\\")
    place, hash_, part = filled.partition("#")
    if rule["status"] in {200, 404}:
        inside = place.partition("?")[0]
        return None if unquote(inside) == path and rule["status"] == 200 else (inside, rule["status"])
    if query and "?" not in place and not rule["query"]:
        place = f"{place}?{query}"
    if unquote(place.partition("?")[0], errors="surrogateescape") == path and "?" not in target:
        return None
    return Answer(rule["status"], (("Location", f"{place}{hash_}{part}"), *REDIRECT))


def _fill(text: str, taken: dict[str, str], safe: str) -> str:
    """Put what was taken in the places of `:name`. What has no such name stays as it is."""
    if not taken or ":" not in text:
        return text

    def filled(found: re.Match[str]) -> str:
        value = taken.get(found[1])
        return found[0] if value is None else quote(value, safe, errors="surrogateescape")

    return pattern.PLACEHOLDER.sub(filled, text)
