"""What should be looked at before something becomes public: secrets above all. Contents are never shown."""

import re
import time
from collections.abc import Iterator
from dataclasses import replace

from jarvis.analysis.evidence import Finding
from jarvis.analysis.secrets import names, shapes
from jarvis.analysis.secrets.dummies import is_dummy_token
from jarvis.analysis.secrets.files import likely
from jarvis.analysis.secrets.tokens import KEYS, SHORTEST, pattern
from jarvis.analysis.tree import Tree

FILES = 2000
"""Files whose contents are looked at, the likeliest first."""
SIGNS = 3 * 1024**2
"""Signs of them together."""
SECONDS = 0.5
"""After this long it is enough."""
EACH = 5
"""Findings of one rule in one file that are told."""
MOST = 100
"""Findings that are told at all."""

ORDER = ("danger", "warning", "note")

_TESTS = re.compile(
    r"(?:^|/)(?:tests?|specs?|__tests__|testing|testdata|fixtures?|__fixtures__|mocks?|__mocks__|examples?|samples?"
    r"|docs?|e2e)/"
    r"|(?:^|[/._-])(?:tests?|spec|mock|example|sample|fixture)s?[._-]|_test\.\w+$|(?:^|/)readme",
    re.IGNORECASE,
)


def scan(tree: Tree, seconds: float = SECONDS) -> list[Finding]:
    """Everything that is worth a look, the worst first.

    Args:
        tree: What was handed in.
        seconds: How long contents may be worked on; names are always looked at.
    """
    found = [_weighed(item) for item in names.findings(tree)]
    known = {(item.file, item.line) for item in found}
    keys = {item.file for item in found if item.rule == "key-file"}
    until = time.thread_time() + seconds
    left = SIGNS
    chosen = likely(tree)
    for path in chosen[:FILES]:
        if left <= 0 or time.thread_time() > until:
            found.append(_partly(path))
            break
        text = tree.text(path)
        left -= len(text)
        found += [
            item
            for item in contents(path, text)
            if (path, item.line) not in known and (item.rule != "private-key" or path not in keys)
        ]
    else:
        if len(chosen) > FILES:
            found.append(_partly(chosen[FILES]))
    found.sort(key=lambda item: (ORDER.index(item.severity), item.file.count("/"), item.file, item.line or 0))
    return found[:MOST]


def _partly(path: str) -> Finding:
    why = "Too many files to look into all of them for secrets: those from this one on were passed over."
    return Finding("scan-incomplete", "note", path, None, why)


def contents(path: str, text: str) -> Iterator[Finding]:
    """What is written in one file; in tests and manuals it weighs less."""
    told: dict[str, int] = {}
    lines: set[int] = set()
    for hit in _hits(text):
        if told.get(hit.rule, 0) >= EACH:
            continue
        line = text.count("\n", 0, hit.at) + 1
        if line in lines:
            continue  # two rules for one place: the more exact one came first
        lines.add(line)
        told[hit.rule] = told.get(hit.rule, 0) + 1
        yield _weighed(Finding(hit.rule, hit.severity, path, line, hit.why))


def _weighed(item: Finding) -> Finding:
    """In tests and manuals keys are made up as a rule, and tokens now and then."""
    if _TESTS.search(item.file) is None:
        return item
    made_up = item.rule in ("private-key", "key-file") or item.severity != "danger"
    return replace(item, severity="note" if made_up else "warning")


def _hits(text: str) -> Iterator[shapes.Hit]:
    # Tokens have no blank in them: the few long words of a file are looked at in place of all of it.
    words = "\n".join(word for word in text.split() if len(word) >= SHORTEST)
    for key, token in KEYS:
        if key in words:
            for match in pattern(token, key).finditer(words):
                if not is_dummy_token(match[0]):
                    why = f"It looks like {token.what}. Revoke it there, and hand it over as a secret."
                    yield shapes.Hit(token.rule, token.severity, text.find(match[0]), why)
    yield from shapes.hits(text, words)
