"""All rules of one release in the form that the gate reads: from its files and from settings."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jarvis.proxy.gate.decide import Rules, tries
from jarvis.proxy.rules import circle, headers, redirects
from jarvis.proxy.rules.remark import Remark

Json = dict[str, Any]


@dataclass(frozen=True)
class Written:
    """What the files of a release say.

    Attributes:
        rules: In the form of the gate.
        remarks: Lines that are left out.
    """

    rules: Json
    remarks: tuple[Remark, ...]


def read(root: Path, pages: Collection[str], *, clean: bool) -> Written:
    """The rules that lie beside the pages.

    Args:
        root: The folder that is served.
        pages: The paths in it, without a slash before them.
        clean: Pages are found without their `.html`.

    Raises:
        InvalidInput: A line cannot be meant, or would do harm; its number is said.
    """
    found: Json = {"clean": clean}
    remarks: list[Remark] = []
    for part, reader in ((redirects, "redirects"), (headers, "headers")):
        file = root / part.FILE
        if file.is_file() and not file.is_symlink():
            found[reader], more = part.read(file.read_bytes())
            remarks += more
    known = {f"/{page}" for page in pages}
    circle.refuse(
        Rules({"service": "", **found}),
        found.get("redirects", []),
        lambda path: any(one in known for one in tries(path, clean=clean)),
    )
    return Written(found, tuple(remarks))


def text(
    service: str,
    written: Json,
    *,
    hosts: Mapping[str, str],
    routes: Mapping[str, Json],
    logins: Mapping[str, str],
) -> str:
    """All rules together; empty where there are none, so that the gate has nothing to do with it.

    Args:
        service: Whose they are.
        written: What its files say.
        hosts: Names that only lead to another one.
        routes: First part of a path → `service` that answers there, and whether it sees it: `strip`.
        logins: User → what is kept of the password.
    """
    more = {"redirects": written.get("redirects"), "headers": written.get("headers")}
    found = {**more, "hosts": dict(hosts), "routes": dict(routes), "logins": dict(logins)}
    found = {name: value for name, value in found.items() if value}
    if not found:
        return ""
    return json.dumps({"service": service, "clean": bool(written.get("clean")), **found}, sort_keys=True)
