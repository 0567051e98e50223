"""What a release takes of the disk: measured once, after it answered."""

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

import config
from jarvis.home import Home
from jarvis.workflows import ledger
from models import Deployment

Json = dict[str, Any]

MEASURED = frozenset({"static", "process"})
"""Runtimes whose releases are folders of ours."""


def note(facts: Json) -> None:
    """Write down how large the release of a deployment is."""
    home = Home(config.settings().home)
    key = UUID(facts["deployment_id"])
    kept = ledger.patiently(lambda session: session.get_one(Deployment, key).configuration)
    if kept.get("runtime") not in MEASURED:
        return
    release = str(kept.get("release") or key)
    total = of(root / facts["service"] / release for root in (home.releases, home.apps))

    def work(session: Session) -> None:
        row = session.get_one(Deployment, key, with_for_update=True)
        row.configuration = {**row.configuration, "bytes": total}

    ledger.patiently(work)


def of(folders: Iterable[Path]) -> int:
    """Bytes of all files below, each once; what cannot be read counts as nothing."""
    seen: set[tuple[int, int]] = set()
    total = 0
    for folder in folders:
        for place, _, names in os.walk(folder):
            for name in names:
                with suppress(OSError):
                    found = os.lstat(f"{place}/{name}")
                    if (found.st_dev, found.st_ino) not in seen:
                        seen.add((found.st_dev, found.st_ino))
                        total += found.st_size
    return total
