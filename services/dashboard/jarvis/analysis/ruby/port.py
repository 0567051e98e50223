"""The port that a Ruby program names."""

import re
from collections.abc import Iterable

from jarvis.analysis.tree import Tree

_LITERALS = (
    re.compile(r"^[ \t]*set[ \t]{0,9}\(?\s{0,9}:port,\s*(?:ENV[^\n]{0,60}?)?(\d{2,5})\b", re.MULTILINE),
    re.compile(r"ENV(?:\.fetch)?\s*[(\[]\s*[\"']PORT[\"'][^\n]{0,60}?(\d{2,5})\b"),
    re.compile(r"^[ \t]*port[ \t]{0,9}\(?\s{0,9}(?:ENV[^\n]{0,60}?)?(\d{2,5})\b", re.MULTILINE),
    re.compile(r"^[ \t]*(?:bind|listen)[ \t]{0,9}\(?\s{0,9}[\"'][^\"'\n]*:(\d{2,5})[\"']", re.MULTILINE),
    re.compile(r"^[ \t]*listen[ \t]{0,9}\(?\s{0,9}(\d{2,5})\b", re.MULTILINE),
    re.compile(r"(?i)\b:?port(?::|\s*=>|\s*=)\s*(\d{2,5})\b"),
    re.compile(r"\bTCPServer\.(?:new|open)[ \t]{0,9}\(?\s{0,9}(?:[^,()\n]{1,60},\s{0,9})?(\d{2,5})\b"),
)
CONFIGS = ("config/puma.rb", "puma.rb", "config/unicorn.rb", "unicorn.rb")


def port(tree: Tree, sources: Iterable[str]) -> tuple[int, str, int] | None:
    """A port that is written in the sources, with its file and line; None for none."""
    for source in sources:
        for pattern in _LITERALS:
            text = "\n".join(line.partition("#")[0] for line in tree.text(source).split("\n"))
            if (match := pattern.search(text)) and 0 < int(match[1]) < 65536:
                return int(match[1]), source, text.count("\n", 0, match.start(1)) + 1
    return None
