"""The proxy's part in HTTPS: where it finds certificates, when it may ask for one, who is led to it.

Nothing here changes when a site comes or goes. While a handshake waits, Caddy asks itself over HTTP:

- for a certificate that lies in the folder of certificates: own ones first, then those of our own authority;
- where there is none, whether it may ask the authority (ACME) for one: if the host has a mark and a site.

What is per host is a mark: a file whose name says it. They are written by `marks`.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jarvis.mark import MARKER
from jarvis.proxy.marks import ACME, HSTS, REDIRECT

Json = dict[str, Any]

AGENT = "jarvis-probe"
"""Jarvis's own looks at a site get it by HTTP also where visitors are led away; they look at both."""
_NAME = r"^[a-z0-9_-]+(?:\.([a-z0-9_.-]+))?$"
_ASKED = "{http.request.uri.query.server_name}"
_DOMAIN = "{http.request.uri.query.domain}"
_FOUND = "{http.matchers.file.relative}"


@dataclass(frozen=True)
class Acme:
    """The authority that certificates for public names come from.

    Attributes:
        directory: Its address; empty for Let's Encrypt.
        email: Where it writes to; may be empty.
        roots: File with the roots that its own HTTPS is checked by; empty for those of the machine.
    """

    directory: str = ""
    email: str = ""
    roots: str = ""


@dataclass(frozen=True)
class Https:
    """What HTTPS needs to know.

    Attributes:
        port: Where it is served.
        public_port: What visitors type.
        certificates: The folder of certificates.
        key: A secret word: only who knows it gets a private key from the proxy.
        acme: The authority for public names; None where none is asked.
    """

    port: int
    public_port: int
    certificates: Path
    key: str
    acme: Acme | None = None


def protocols(https: Https | None) -> list[str]:
    """What the server speaks. HTTP/3 names its own port to visitors, so it has to be the one they use."""
    if https is None:
        return ["h1", "h2c"]
    return ["h1", "h2", "h2c", *(["h3"] if https.port == https.public_port else [])]


def app(https: Https, http_port: int, bind: str) -> Json:
    """Caddy's app `tls`."""
    here = _here(bind)
    base = f"http://{f'[{here}]' if ':' in here else here}:{http_port}/{https.key}"
    issuer: Json = {"module": "acme"}
    if https.acme is not None:
        facts = {"ca": https.acme.directory, "email": https.acme.email}
        issuer |= {name: value for name, value in facts.items() if value}
        if https.acme.roots:
            issuer["trusted_roots_pem_files"] = [https.acme.roots]
    policy: Json = {
        "on_demand": True,
        "get_certificate": [{"via": "http", "url": f"{base}/certificate"}],
        "issuers": [issuer],
    }
    # Without an authority the answer to this question is always no.
    permission = {"module": "http", "endpoint": f"{base}/permission"}
    return {"automation": {"policies": [policy], "on_demand": {"permission": permission}}}


def routes(https: Https | None) -> list[Json]:
    """What comes before all sites: HTTP leads to HTTPS where that is wanted, and HTTPS says so for later."""
    if https is None:
        return []
    port = "" if https.public_port == 443 else f":{https.public_port}"
    lead: Json = {
        "handler": "static_response",
        "status_code": 308,
        "headers": {"Location": [f"https://{{http.request.host}}{port}{{http.request.uri}}"]},
    }
    stays: Json = {"path": [f"/{MARKER}", "/.well-known/acme-challenge/*"]}
    strict: Json = {
        "handler": "headers",
        "response": {
            "set": {"Strict-Transport-Security": ["max-age={http.regexp.hsts.1}"]},
        },
    }
    return [
        {
            "match": [{"file": {"root": REDIRECT, "try_files": ["/{http.request.host}"]}}],
            "handle": [
                _nested(
                    {
                        "match": [{"protocol": "http", "not": [stays, {"header": {"User-Agent": [AGENT]}}]}],
                        "handle": [{"handler": "headers", "response": {"delete": ["Server"]}}, lead],
                        "terminal": True,
                    }
                )
            ],
        },
        _one_after_the_other(
            {"protocol": "https"},
            {"file": {"root": HSTS, "try_files": ["/{http.request.host}/*"]}},
            {"vars_regexp": {_FOUND: {"name": "hsts", "pattern": r"/([0-9]+)$"}}},
            handle=[strict],
        ),
    ]


def answers(https: Https | None, www: Path, bind: str) -> list[Json]:
    """What Caddy answers to itself. No site is called by an address, so only failed requests come here."""
    if https is None:
        return []
    folder = os.path.relpath(https.certificates, www)
    here = _here(bind)
    inside: Json = {"host": [here], "remote_ip": {"ranges": [here]}}
    certificate = _nested(
        {"handle": [{"handler": "vars", "log_skip": True}]},
        _one_after_the_other(
            {"vars_regexp": {_ASKED: {"name": "sni", "pattern": _NAME}}},
            {
                "file": {
                    "root": folder,
                    "try_files": [
                        f"/own/{_ASKED}.pem",
                        "/own/_wildcard_.{http.regexp.sni.1}.pem",
                        f"/internal/{_ASKED}.pem",
                    ],
                }
            },
            handle=[
                {"handler": "rewrite", "uri": _FOUND},
                {"handler": "file_server", "root": folder, "status_code": 200},
            ],
            terminal=True,
        ),
        {"handle": [{"handler": "static_response", "status_code": 204}]},
    )
    permission = _nested(
        {"handle": [{"handler": "vars", "log_skip": True}]},
        _one_after_the_other(
            {"vars_regexp": {_DOMAIN: {"name": "sni", "pattern": _NAME}}},
            {"file": {"root": ACME, "try_files": [f"/{_DOMAIN}"]}},
            {"file": {"root": "sites", "try_files": [f"/{_DOMAIN}/current/"]}},
            handle=[{"handler": "static_response", "status_code": 200}],
            terminal=True,
        ),
        {"handle": [{"handler": "static_response", "status_code": 403}]},
    )
    found: list[Json] = [{**_at(inside, https, "certificate"), "handle": [certificate], "terminal": True}]
    if https.acme is not None:
        found.append({**_at(inside, https, "permission"), "handle": [permission], "terminal": True})
    return found


def _at(inside: Json, https: Https, name: str) -> Json:
    return {"match": [{**inside, "path": [f"/{https.key}/{name}"]}]}


def _here(bind: str) -> str:
    """Where Caddy reaches itself."""
    return "127.0.0.1" if bind in {"", "0.0.0.0"} else "::1" if bind == "::" else bind  # noqa: S104 - asked for


def _nested(*inner: Json) -> Json:
    return {"handler": "subroute", "routes": list(inner)}


def _one_after_the_other(*conditions: Json, handle: list[Json], terminal: bool = False) -> Json:
    """Conditions in this order: Caddy gives no order to those of one set, and later ones need the earlier."""
    last: Json = {"handle": handle, "terminal": True} if terminal else {"handle": handle}
    for number, condition in enumerate(reversed(conditions)):
        inner = last if number == 0 else {"handle": [_nested(last)]}
        last = {"match": [condition], **inner}
    return last
