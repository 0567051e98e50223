"""What visitors of a service get, held against what they should get."""

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

import config
from jarvis.builds import release as releases
from jarvis.deployments import settings, steps, way
from jarvis.deployments.pages import expect
from jarvis.deployments.pages.expect import Expected
from jarvis.errors import Unavailable
from jarvis.proxy.probe import Answer, probe
from jarvis.proxy.site import current_release
from jarvis.proxy.visitor import Visitor
from jarvis.settings.service import Health

Json = dict[str, Any]
Ask = Callable[[str, str], Answer]

WAIT = 3.0
"""Seconds for one answer."""


def visitor() -> Visitor:
    """Who asks for many services, one after the other."""
    own = config.settings()
    return Visitor(own.http_port, own.proxy_address, WAIT)


def _once(host: str, path: str) -> Answer:
    own = config.settings()
    return probe(host, own.http_port, path, address=own.proxy_address, timeout=WAIT)


def wrong(facts: Json, ask: Ask = _once, *, quick: bool = False) -> str:
    """What visitors of the service get that they should not; empty when all is well.

    Args:
        facts: Of a deployment that runs; see `repair.running`.
        ask: Asks a host for a path.
        quick: Where the page alone says which release it is of, the mark of the release is not asked for.
    """
    release = steps.home().release(facts["service"], facts["release"])
    wanted = settings.of(facts).health
    sure = quick and not way.runs(facts) and not wanted.path and _is_linked(facts, release)
    for host in facts["hosts"]:
        try:
            if not sure and (found := _wrong_mark(release, ask(host, f"/{releases.MARKER}"))):
                return f"{host} {found}"
            page = ask(host, wanted.path or "/")
        except Unavailable as error:
            return error.message.rstrip(".")
        due = expect.answer(release, host, wanted.path or "/")
        if found := _wrong_page(facts, wanted, release, page, due):
            return f"{host}: {found}"
    return ""


def _is_linked(facts: Json, release: Path) -> bool:
    """Do the links lead to the release? With its page, that says as much as its mark."""
    return current_release(steps.home().www, facts["service"]) == release.name


def _wrong_mark(release: Path, mark: Answer) -> str:
    if mark.status != 200:
        return f"answers {mark.status}"
    return "" if mark.body.decode("ascii", "replace") == release.name else "answers with another release"


def _wrong_page(facts: Json, wanted: Health, release: Path, page: Answer, due: Expected) -> str:
    if due.by_gate:
        if page.status != due.status:
            return f"it answers {page.status} instead of {due.status}"
        return way.of(facts).wrong(facts, 0) if way.runs(facts) else ""
    if way.runs(facts) and (found := way.of(facts).wrong(facts, 0 if wanted.path else page.status)):
        return found
    if wanted.path or (wanted.status and way.runs(facts)):
        good = page.status == wanted.status if wanted.status else page.status < 400
        return "" if good else f"it answers {page.status} at {wanted.path or '/'}"
    if not way.runs(facts) and (page.status, page.sha256) != (due.status, _checksum(release, due.page)):
        return f"it answers {page.status} with another page"
    return ""


def _checksum(release: Path, page: str) -> str:
    """Of a page, as the release's list of files says. The first one's is remembered."""
    if page != "index.html":
        return releases.read_manifest(release).get(page, "")
    manifest = releases.manifest_path(release)
    try:
        seen = manifest.stat()
    except OSError:
        return ""
    return _read(release, seen.st_ino, seen.st_mtime_ns)


@lru_cache(8192)
def _read(release: Path, _inode: int, _time: int) -> str:
    return releases.read_manifest(release).get("index.html", "")
