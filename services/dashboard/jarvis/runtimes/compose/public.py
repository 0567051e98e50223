"""Which service of a stack visitors reach, and on what port. Pure."""

import re
from collections.abc import Collection, Mapping
from typing import Any

from jarvis.errors import InvalidInput
from jarvis.runtimes.compose.rules import items, part

Json = dict[str, Any]

WEB = (80, 443, 8080, 3000, 8000, 5000, 4000, 8888, 5173, 4200, 9000, 8081, 3001, 1337)
"""Ports behind which people find pages, the likeliest first."""
NAMES = (
    "web",
    "www",
    "app",
    "frontend",
    "site",
    "proxy",
    "gateway",
    "server",
    "ui",
    "nginx",
    "caddy",
    "traefik",
)
BEHIND = frozenset({"api", "backend", "back", "server-api", "worker"})
"""How services are called that pages ask, not people."""
PROXIES = ("nginx", "caddy", "traefik", "haproxy", "httpd", "envoy")
PUBLIC, PORT, DOMAIN = "jarvis.public", "jarvis.port", "jarvis.domain"
"""Labels in a compose file that say so."""
_TRAEFIK_PORT = re.compile(r"traefik\.http\.services\.[^.]+\.loadbalancer\.server\.port")
_TRAEFIK_RULE = re.compile(r"traefik\.http\.routers\.[^.]+\.rule")
_HOST = re.compile(r"Host\(([^)]*)\)")
_QUOTED = re.compile(r"[`\"']([^`\"']+)[`\"']")
_CADDY = re.compile(r"caddy(?:_\d+)?")
"""A label of caddy-docker-proxy that names sites."""
_CADDY_PORT = re.compile(r"caddy(?:_\d+)?\.(?:\d+_)?reverse_proxy(?:_\d+)?")
_UPSTREAMS = re.compile(r"\{\{\s*upstreams\s+(?:https?\s+)?(\d+)\s*\}\}")
_SITE = re.compile(r"(?:https?://)?([A-Za-z0-9.-]*[A-Za-z][A-Za-z0-9.-]*)(?::\d+)?(?:/\*?)?")

Ports = Mapping[str, tuple[int, ...]]


def choose(document: Json, wanted: str, databases: Collection[str] = (), exposed: Ports | None = None) -> str:
    """The service that visitors reach.

    Args:
        document: The stack.
        wanted: What the settings say; empty for nothing.
        databases: Services that nobody visits.
        exposed: Ports that the images say they listen on.

    Raises:
        InvalidInput: It cannot be told.
    """
    services = part(document, "services")
    if wanted:
        if wanted not in services:
            raise InvalidInput(
                f"There is no service “{wanted}” in the compose file.", _hint(services), {"field": "public"}
            )
        return wanted
    named = [name for name, raw in services.items() if _label(raw, PUBLIC).lower() in {"true", "1", "yes"}]
    if len(named) == 1:
        return named[0]
    people = {name: raw for name, raw in services.items() if name not in databases}
    for candidates in (
        {name: raw for name, raw in people.items() if _published(raw)},
        {name: raw for name, raw in people.items() if _hinted(raw)},
        {name: raw for name, raw in people.items() if _inside(name, raw, exposed or {})},
        people,
    ):
        if found := _best(candidates):
            return found
        if candidates:
            break
    raise InvalidInput(
        "It is not clear which service of the compose file visitors are to reach.", _hint(people or services)
    )


def _hint(services: Json) -> str:
    names = ", ".join(sorted(services)) or "none"
    return f"Give one of them the label {PUBLIC}: “true”, or set public=NAME. The services: {names}."


def _best(candidates: Json) -> str:
    """The only one, or the one that stands out; empty when none does."""
    if len(candidates) <= 1:
        return next(iter(candidates), "")
    for sort in (
        [name for name, raw in candidates.items() if _is_proxy(raw) and _ports(raw)],
        [
            name
            for name, raw in candidates.items()
            if not (name in BEHIND and set(NAMES) & candidates.keys())
            and {80, 443} & {port for pair in _ports(raw) for port in pair}
        ],
        [name for name in NAMES if name in candidates][:1],
    ):
        if len(sort) == 1:
            return sort[0]
    return ""


def port(raw: Json, wanted: int, exposed: tuple[int, ...] = ()) -> int:
    """Where the service listens; 0 when only a look at it can tell.

    Args:
        raw: The service.
        wanted: What the settings say; 0 for nothing.
        exposed: Ports that its image says it listens on.
    """
    if found := wanted or _hinted(raw):
        return found
    published = [inner for _, inner in sorted(_ports(raw), key=lambda pair: min(map(_likely, pair)))]
    said = [int(str(one).partition("/")[0]) for one in items(raw, "expose") if _is_tcp(str(one))]
    return next(iter((*published, *sorted(said, key=_likely), *sorted(exposed, key=_likely))), 0)


def likeliest(ports: Collection[int]) -> int:
    """The port that is likeliest to answer a browser; 0 for none."""
    return min(ports, key=lambda one: (_likely(one), one), default=0)


def domains(document: Json, name: str) -> tuple[str, ...]:
    """The names that the own label of a service says it answers to."""
    said = _label(part(document, "services").get(name) or {}, DOMAIN)
    return tuple(dict.fromkeys(filter(None, re.split(r"[\s,]+", said))))


def suggestions(document: Json, hosts: Collection[str]) -> list[str]:
    """What labels for other proxies say about names: only told, as those may be of another machine."""
    found: dict[str, str] = {}
    for name, raw in part(document, "services").items():
        said: list[str] = []
        for key, value in _foreign(raw).items():
            if _TRAEFIK_RULE.fullmatch(key):
                said += [host for group in _HOST.findall(value) for host in _QUOTED.findall(group)]
            elif _CADDY.fullmatch(key):
                sites = re.split(r"[\s,]+", value)
                said += [site[1] for one in sites if (site := _SITE.fullmatch(one)) and "." in site[1]]
        found |= {host: name for host in said if host and host not in hosts}
    return [
        f"The compose file names {host} for {name}; to let it answer there, deploy with --domain {host}, "
        f"or set it: domains={host}."
        for host, name in sorted(found.items())
    ]


def _foreign(raw: Json) -> dict[str, str]:
    """The labels that speak to other proxies; none where they say that the service is not for them."""
    labels = {str(key): str(value) for key, value in part(raw, "labels").items()}
    off = labels.get("traefik.enable", "").lower() == "false"
    return {key: value for key, value in labels.items() if not (off and key.startswith("traefik."))}


def _label(raw: Json, key: str) -> str:
    return str(part(raw, "labels").get(key) or "")


def _hinted(raw: Json) -> int:
    """The port that a label names; 0 for none."""
    said = [_label(raw, PORT)]
    for key, value in _foreign(raw).items():
        if _TRAEFIK_PORT.fullmatch(key):
            said.append(value)
        elif _CADDY_PORT.fullmatch(key):
            said += _UPSTREAMS.findall(value)
    return next((int(one) for one in said if one.isdecimal() and 0 < int(one) < 65536), 0)


def _ports(raw: Json) -> list[tuple[int, int]]:
    """Published pairs of the machine's port and the container's."""
    return [
        (int(str(one.get("published") or one["target"]).partition("-")[0]), int(one["target"]))
        for one in items(raw, "ports")
        if one.get("protocol", "tcp") == "tcp" and one.get("target")
    ]


def _published(raw: Json) -> bool:
    return bool(_ports(raw))


def _inside(name: str, raw: Json, exposed: Ports) -> bool:
    return any(_is_tcp(str(one)) for one in items(raw, "expose")) or bool(exposed.get(name))


def _is_tcp(said: str) -> bool:
    number, _, protocol = said.partition("/")
    return number.isdecimal() and protocol in {"", "tcp"}


def _is_proxy(raw: Json) -> bool:
    image = str(raw.get("image") or "").rpartition("/")[2].partition(":")[0]
    return image in PROXIES


def _likely(number: int) -> int:
    return WEB.index(number) if number in WEB else len(WEB)
