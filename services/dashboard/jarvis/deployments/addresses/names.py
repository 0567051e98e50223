"""Names of services and where they come from. Pure."""

import re
from collections.abc import Mapping
from typing import Any

from config import Settings
from jarvis.errors import InvalidInput
from jarvis.proxy.https import public_port

_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


def service_name(text: str) -> str:
    """`text` as the name of a service.

    Raises:
        InvalidInput: It is not one DNS label in lower case.
    """
    if not _LABEL.fullmatch(text):
        raise InvalidInput(
            f"“{text[:80]}” cannot be the name of a service.",
            "Use 1 to 63 lower-case letters, digits and inner hyphens, for example my-site.",
            {"field": "name"},
        )
    return text


def slug(text: str) -> str:
    """The nearest service name to `text`: `My Site.zip` becomes `my-site`; never empty."""
    stem = re.sub(r"\.(zip|tar|tgz|tbz2|txz|html?|jar|js|py)$|\.tar\.(gz|bz2|xz|zst)$", "", text.lower())
    words = re.sub(r"[^a-z0-9]+", "-", stem).strip("-")
    return words[:63].rstrip("-") or "site"


def from_domain(host: str) -> str:
    """The service name for a domain: `shop.localhost` is `shop`, `shop.example.com` is `shop-example-com`."""
    return host.removesuffix(".localhost").replace(".", "-")[:63].strip("-")


def url(host: str, settings: Settings, *, secure: bool = False) -> str:
    """Where a person opens the site; `secure` where HTTP leads to HTTPS."""
    if secure:
        port = public_port(settings)
        return f"https://{host}/" if port == 443 else f"https://{host}:{port}/"
    port = settings.public_port or settings.http_port
    return f"http://{host}/" if port == 80 else f"http://{host}:{port}/"


def address(host: str, configuration: Mapping[str, Any], settings: Settings) -> str:
    """Where a person opens a site that runs with `configuration`."""
    seen = configuration.get("https", {}).get(host, {})
    return url(host, settings, secure=bool(seen.get("redirect")) and public_port(settings) > 0)
