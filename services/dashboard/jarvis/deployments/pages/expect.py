"""What a visitor should get from a release, with its rules: worked out as the gate does it."""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from jarvis.mark import RULES
from jarvis.proxy.gate.decide import Rules, tries
from jarvis.proxy.gate.exits import Answer


@dataclass(frozen=True)
class Expected:
    """An answer.

    Attributes:
        status: Of it.
        page: The file of the release that it comes from, where it is a page.
        by_gate: The gate answers itself: a redirect, or that a password is wanted.
    """

    status: int
    page: str
    by_gate: bool = False


def answer(release: Path, host: str, path: str) -> Expected:
    """What somebody without a password gets who asks a host for a path.

    Args:
        release: The folder of the release.
        host: One of its names.
        path: As it is sent.
    """
    rules = _rules(release)
    if rules is None:
        return Expected(200, _page(release, path, clean=False))
    found = rules.leads_to(host, path)
    if found is None and rules.logins:
        return Expected(401, "", by_gate=True)
    said = (
        found
        or rules.route("GET", path)
        or rules.decide(path, lambda one: bool(_page(release, one, clean=rules.clean)))
    )
    if isinstance(said, Answer):
        return Expected(said.status, "", by_gate=True)
    return Expected(404 if said.missing else 200, _page(release, said.path or path, clean=rules.clean))


def _page(release: Path, path: str, *, clean: bool) -> str:
    if "\0" in path or ".." in path.split("/"):
        return ""
    return next((one[1:] for one in tries(path, clean=clean) if (release / one[1:]).is_file()), "")


def _rules(release: Path) -> Rules | None:
    file = release / RULES
    try:
        seen = file.stat()
    except OSError:
        return None
    return _read(file, seen.st_ino, seen.st_mtime_ns)


@lru_cache(1024)
def _read(file: Path, _inode: int, _time: int) -> Rules:
    return Rules(json.loads(file.read_text(encoding="utf-8")))
