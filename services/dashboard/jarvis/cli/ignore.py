"""What `.gitignore` and `.jarvisignore` leave out of a folder that is handed in."""

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jarvis.cli.unreadable import unreadable
from jarvis.errors import InvalidInput

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

FILES = (".gitignore", ".jarvisignore")
"""In rising order: `.jarvisignore` stands above every `.gitignore`, so its `!dist/` brings a folder back."""


@dataclass(frozen=True)
class _Rules:
    """The lines of one such file; they speak of paths below `base`, which is empty or ends with a slash."""

    file: str
    base: str
    spec: "GitIgnoreSpec"


class Ignore:
    """The rules that hold in one folder; made anew for each folder below that brings rules of its own."""

    def __init__(self, rules: tuple[_Rules, ...] = ()) -> None:
        self._rules = rules

    def within(self, base: str, place: str, names: set[str]) -> "Ignore":
        """The rules that hold in the folder `place`.

        Args:
            base: Its path within what is handed in: empty, or ending with a slash.
            place: Where it is.
            names: What is in it.
        """
        own = [_read(os.path.join(place, file), file, base) for file in FILES if file in names]  # noqa: PTH118 - names are bytes-safe text
        if not own:
            return self
        every = [*self._rules, *own]
        return Ignore(tuple(sorted(every, key=lambda rules: FILES.index(rules.file))))

    def says(self, path: str) -> str:
        """The file that leaves `path` out; empty when it stays. A folder's path ends with a slash."""
        for rules in reversed(self._rules):
            below = path.removeprefix(rules.base)
            found = rules.spec.check_file(below)
            if found.include is not None and not _only_inside(rules, found.index, below):
                return rules.file if found.include else ""
        return ""


def _only_inside(rules: _Rules, index: int | None, path: str) -> bool:
    """`foo/**` speaks of what is in `foo`, not of the folder itself: a later line may bring a part back."""
    if index is None or not path.endswith("/"):
        return False
    pattern = rules.spec.patterns[index]
    inside = str(getattr(pattern, "pattern", "")).endswith("/**")
    return inside and pattern.match_file(path.rstrip("/")) is None


def _read(path: str, file: str, base: str) -> _Rules:
    from pathspec import GitIgnoreSpec  # loaded only where there is such a file

    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as lines:  # noqa: PTH123 - as os.path above
            return _Rules(file, base, GitIgnoreSpec.from_lines(lines.read().splitlines()))
    except OSError as error:
        raise unreadable(path, error, shown=f"{base}{file}") from error
    except ValueError as error:
        raise InvalidInput(
            f"{base}{file} has a line that is no pattern: {error}.",
            "Correct it, or remove the line.",
            {"entry": path},
        ) from error
