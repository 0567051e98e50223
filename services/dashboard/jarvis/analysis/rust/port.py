"""The port that a Rust program names."""

import re
from collections.abc import Iterable

from jarvis.analysis.tree import Tree

_LITERALS = (
    re.compile(r"(?:0\.0\.0\.0|127\.0\.0\.1|localhost|\[::1?\])?:(\d{4,5})\""),
    re.compile(r"\.bind\w*\(\s{0,20}\(\s{0,20}[^()]{0,80}?,\s*(\d{2,5})\s*\)"),
    re.compile(r"\(\s*\[\s*\d+(?:\s*,\s*\d+)+\s*\]\s*,\s*(\d{2,5})\s*\)"),
    re.compile(r"(?i)\"PORT\"[^;]{0,120}?\b(\d{4,5})\b"),
    re.compile(r"(?i)\bport\w*\s*(?::\s*u16\s*)?=\s*\"?(\d{4,5})\b"),
    re.compile(r"(?:Ipv[46]Addr::\w+|Ipv[46]Addr::new\([^)]{0,60}\))(?:\.into\(\)|\))*\s*,\s*(\d{2,5})\s*\)"),
    re.compile(r"default_value(?:_t)?\s*[=(]\s*\"?(\d{4,5})\b"),
    re.compile(r"\blisten\w{0,20}\(\s{0,20}[^()\"]{0,80}?(\d{4,5})\s*\)"),
)
_OTHERS = frozenset({3306, 5432, 5672, 6379, 9092, 9042, 27017, 4317, 4318, 11211})
_ROCKET = re.compile(r"^[ \t]*port\s*=\s*(\d+)", re.MULTILINE)


def port(tree: Tree, sources: Iterable[str]) -> tuple[int, str, int] | None:
    """A port that the sources or Rocket's settings name, with its file and line; None for none."""
    if hit := tree.search("Rocket.toml", _ROCKET):
        return int(hit[0][1]), "Rocket.toml", hit[1]
    sources = list(sources)
    for pattern in _LITERALS:
        for source in sources:
            text = tree.text(source)
            for match in pattern.finditer(text):
                if 0 < (number := int(match[1])) < 65536 and number not in _OTHERS:
                    return number, source, text.count("\n", 0, match.start()) + 1
    return None
