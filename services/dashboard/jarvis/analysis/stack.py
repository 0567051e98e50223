"""The services that a compose file names."""

import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from jarvis.analysis.engines import of_image
from jarvis.analysis.tree import Tree

NAMES = ("compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml")
"""What compose itself looks for, in its order."""
OTHERS = (
    "docker-compose.production.yml", "docker-compose.production.yaml", "docker-compose.prod.yml",
    "docker-compose.prod.yaml", "compose.production.yaml", "compose.production.yml", "compose.prod.yaml",
    "compose.prod.yml", "docker-stack.yml", "stack.yml",
)  # fmt: skip
"""What people call theirs when it is meant for production."""
MOST = 100
"""Services that are looked at."""

WEB = (443, 80, 8443, 8080, 3000, 8000, 5000, 4000, 8888, 5173, 4200, 9000, 8081, 3001, 1337)
"""Ports behind which people find pages, the likeliest first."""

_USED = re.compile(r"\$\{[A-Za-z_]\w*(?::?[-?]([^}]*))?\}|\$[A-Za-z_]\w*")
_NAMED = re.compile(r"([ \t]*)[\"']?([\w.-]+)[\"']?\s*:")
_PORT = re.compile(r"(?:(?:\[[^\]]*\]|\d+\.[\d.]+):)?(?:(\d+)(?:-\d+)?:)?(\d+)(?:-\d+)?(?:/(\w+))?")


@dataclass(frozen=True)
class Service:
    """One service of a compose file.

    Attributes:
        line: Where its name stands, if that was found.
        image: The image it runs, variables replaced by their defaults.
        build: The folder that it is built from, relative to the compose file; None when it is not built.
        command: What it runs instead of the image's own command.
        ports: Pairs of the host's port and the container's.
        after: Services that it depends on.
        environment: What it is given; None for what is taken over from outside.
        engine: The database or queue that its image is; empty for none.
        check: The command of its healthcheck.
        raw: All that the file says of it.
    """

    name: str
    line: int | None
    image: str
    build: str | None
    command: str
    ports: tuple[tuple[int, int], ...]
    after: tuple[str, ...]
    environment: Mapping[str, str | None]
    engine: str
    check: str
    raw: Mapping[str, Any]


def compose_file(tree: Tree) -> str:
    """The compose file at the top; empty for none."""
    return tree.first(*NAMES) or tree.first(*OTHERS)


def services(tree: Tree, file: str) -> list[Service]:
    """Its services in the order of the file; empty when it cannot be read."""
    document = tree.yaml(file)
    named = document.get("services")
    if not isinstance(named, dict):
        # the first format had the services at the top
        named = {name: value for name, value in document.items() if _is_service(value)}
    lines = _lines(tree, file)
    return [
        _service(str(name), lines.get(str(name)), cast("dict[str, Any]", raw))
        for name, raw in list(cast("dict[Any, Any]", named).items())[:MOST]
        if isinstance(raw, dict)
    ]


def public(stack: list[Service]) -> Service | None:
    """The service that people are meant to reach: it publishes a port, best one of the web's."""
    open_ = [item for item in stack if item.ports and not item.engine]
    return min(open_, key=lambda item: min(map(_likely, item.ports)), default=None)


def port_of(service: Service) -> tuple[int, int] | None:
    """The published pair of ports that is likeliest to answer a browser."""
    return min(service.ports, key=_likely, default=None)


def uses(stack: list[Service], service: Service) -> Iterator[Service]:
    """The databases that `service` depends on, also through another service."""
    named = {item.name: item for item in stack}
    waiting, seen = list(service.after), {service.name}
    while waiting:
        name = waiting.pop(0)
        if name in seen or name not in named:
            continue
        seen.add(name)
        waiting += named[name].after
        if named[name].engine:
            yield named[name]


def _likely(pair: tuple[int, int]) -> int:
    return min((WEB.index(port) for port in pair if port in WEB), default=len(WEB))


def _is_service(value: object) -> bool:
    return isinstance(value, dict) and ("image" in value or "build" in value)


def _lines(tree: Tree, file: str) -> dict[str, int]:
    """Name → line of what is named directly below `services:`, or at the top where there is no such line."""
    found: dict[str, int] = {}
    inside = "services:" not in tree.text(file)
    depth = 0 if inside else None
    for number, text in tree.lines(file):
        match = _NAMED.match(text)
        if match is None:
            continue
        if not match[1] and match[2] == "services":
            inside, depth = True, None
        elif inside and depth != 0 and not match[1]:
            inside = False
        elif inside and depth in (None, len(match[1])):
            depth = len(match[1])
            found.setdefault(match[2], number)
    return found


def _service(name: str, line: int | None, raw: dict[str, Any]) -> Service:
    image = _text(raw.get("image"))
    build = raw.get("build")
    if isinstance(build, dict):
        build = cast("dict[str, Any]", build).get("context", ".")
    check = raw.get("healthcheck")
    test = cast("dict[str, Any]", check).get("test") if isinstance(check, dict) else None
    return Service(
        name=name,
        line=line,
        image=image,
        build=_folder(_text(build)) if build is not None else None,
        command=_command(raw.get("command")),
        ports=tuple(_ports(raw.get("ports"))),
        after=tuple(
            strings(raw.get("depends_on")) + [link.partition(":")[0] for link in strings(raw.get("links"))]
        ),
        environment=_environment(raw.get("environment")),
        engine=of_image(image),
        check=_command(test),
        raw=raw,
    )


def _text(value: object) -> str:
    """A scalar as text, with `${NAME:-default}` replaced by the default."""
    if not isinstance(value, str | int | float):
        return ""
    return _USED.sub(lambda match: match[1] or "", str(value))


def _folder(context: str) -> str:
    plain = context.strip().removeprefix("./").rstrip("/")
    return "" if plain == "." else plain


def strings(value: object) -> list[str]:
    """The items of a list, or the names of a mapping, as text."""
    if not isinstance(value, dict | list):
        return []
    items: list[object] = list(cast("list[object]", value))
    return [str(item) for item in items if isinstance(item, str | int)]


def mounted(service: Service) -> Iterator[str]:
    """What of the machine's files it sees."""
    mounts = service.raw.get("volumes")
    for mount in cast("list[object]", mounts) if isinstance(mounts, list) else []:
        if isinstance(mount, dict):
            yield _text(cast("dict[str, object]", mount).get("source"))
        elif isinstance(mount, str) and ":" in mount:
            yield mount.partition(":")[0]


def _command(value: object) -> str:
    if isinstance(value, list):
        words = [_text(word) for word in cast("list[Any]", value)]
        words = words[1:] if words[:1] in (["CMD"], ["CMD-SHELL"]) else words
        return words[0] if len(words) == 1 else shlex.join(words)
    return _text(value)


def _environment(value: object) -> dict[str, str | None]:
    if isinstance(value, dict):
        items = cast("dict[Any, Any]", value).items()
        return {str(name): str(item) if isinstance(item, str | int | float) else None for name, item in items}
    found: dict[str, str | None] = {}
    for item in strings(value):
        name, equals, text = item.partition("=")
        found[name.strip()] = text if equals else None
    return found


def _ports(value: object) -> Iterator[tuple[int, int]]:
    for item in cast("list[object]", value) if isinstance(value, list) else []:
        if isinstance(item, dict):
            long = cast("dict[str, Any]", item)
            inner, outer = _number(long.get("target")), _number(long.get("published"))
            protocol = str(long.get("protocol", "tcp"))
        else:
            match = _PORT.fullmatch(_text(item).strip())
            if match is None:
                continue
            inner, outer, protocol = _number(match[2]), _number(match[1]), match[3] or "tcp"
        if inner and protocol.lower() == "tcp":
            yield outer or inner, inner


def _number(value: object) -> int:
    text = _text(value).partition("-")[0]
    return int(text) if text.isdecimal() and len(text) < 6 and 0 < int(text) < 65536 else 0
