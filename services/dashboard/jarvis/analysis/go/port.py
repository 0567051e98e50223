"""The port that a Go program names."""

import re

from jarvis.analysis.go.sources import Source
from jarvis.analysis.tree import Tree

_OTHERS = frozenset(
    {
        0,
        25,
        465,
        587,
        1433,
        1521,
        2181,
        3306,
        5432,
        5672,
        6379,
        6380,
        7687,
        9042,
        9092,
        9200,
        11211,
        26379,
        27017,
    }
)
"""Ports of databases, queues and mail servers, which a program talks to."""
_LITERALS = (
    re.compile(r"\b(?:ListenAndServe(?:TLS)?|Run(?:TLS)?|Listen(?:TLS)?|Start(?:TLS)?)\(\s*[\"`][^\"`\s]*?:(\d{2,5})[\"`]"),
    re.compile(r"\bAddr:\s*[\"`][^\"`\s]*:(\d{2,5})[\"`]"),
    re.compile(r"(?i)\b(?:get|lookup)?env\w*\(\s*[\"`](?:\w+_)?port[\"`]\s*,\s*[\"`]?:?(\d{2,5})\b"),
    re.compile(r"(?i)\b\w{0,40}port\w{0,40}\s*(?::?=|:)\s*[\"`]?:?(\d{3,5})\b"),
    re.compile(r"(?i)\bflag\.\w{1,40}\((?:&\w{1,40},\s*)?[\"`](?:port|p|addr|listen\w*|bind\w*|http)[\"`],\s*[\"`]?[\w.]{0,40}:?(\d{3,5})\b"),
    re.compile(r"(?i)\b\w{0,40}(?:addr|listen|bind|host)\w{0,40}\s*(?::?=|:|,)\s*[\"`](?:0\.0\.0\.0|localhost|127\.0\.0\.1)?:(\d{3,5})[\"`]"),
    re.compile(r"\bnet\.Listen\(\s*\"tcp[46]?\"\s*,\s*\"[^\"\s]*:(\d{2,5})\""),
    re.compile(r"[\"`](?:0\.0\.0\.0)?:(\d{4,5})[\"`]"),
)  # fmt: skip
"""From the surest to the vaguest way to say it."""

READ_AT_MOST = 12
"""Sources that are searched: those with the main function and those that listen."""


def port(tree: Tree, sources: list[Source]) -> tuple[int, str, int] | None:
    """A port that is written in the sources, with its file and line; None for none."""
    likely = [item for item in sources if item.main or item.http] or sources
    for pattern in _LITERALS:
        for source in likely[:READ_AT_MOST]:
            text = tree.text(source.path)
            for match in pattern.finditer(text):
                if (number := int(match[1])) < 65536 and number not in _OTHERS:
                    return number, source.path, text.count("\n", 0, match.start()) + 1
    return None
