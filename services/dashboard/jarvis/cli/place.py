"""Paths of the API, made from names that people type."""

from urllib.parse import quote


def place(*parts: str) -> str:
    """`/services/my%20site/logs`: each part is one segment, whatever is in it."""
    return "".join("/" + quote(part, safe="", errors="surrogateescape") for part in parts)
