"""What a release of a stack is: everything that it needs to run again as it did, in one file."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from jarvis.private import write_private

Json = dict[str, Any]

FILE = "stack.json"


@dataclass(frozen=True)
class Stack:
    """One release.

    Attributes:
        service: Whose it is.
        release: Of which deployment.
        document: The compose file with everything filled in; with secrets.
        images: Service → the digest of its image.
        public: The service that visitors reach.
        port: Where that one listens; 0 when only a look at it can tell.
        kept: Services that stay the same over deploys, and why.
        once: Services that run to their end.
        uses: Permissions that an administrator gave it.
    """

    service: str
    release: str
    document: Json
    public: str
    port: int
    images: dict[str, str]
    kept: dict[str, str] = field(default_factory=dict[str, str])
    once: list[str] = field(default_factory=list[str])
    uses: list[str] = field(default_factory=list[str])

    @property
    def fresh(self) -> list[str]:
        """Services that are made anew by each deploy."""
        return sorted(name for name in self.document["services"] if name not in self.kept)


def write(folder: Path, stack: Stack) -> None:
    """Keep it, whole or not at all."""
    write_private(folder / FILE, json.dumps(asdict(stack)))


def read(folder: Path) -> Stack | None:
    """The release in `folder`; None when there is none, or not a whole one."""
    try:
        return Stack(**json.loads((folder / FILE).read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
