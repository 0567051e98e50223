"""Ask the detectors, in order."""

from collections import Counter
from collections.abc import Sequence
from pathlib import PurePosixPath

from jarvis.analysis.detectors import DETECTORS
from jarvis.analysis.verdict import Verdict
from jarvis.errors import NothingToServe

SERVED = ("static",)
"""The kinds that can be deployed."""

_WANTED = "Put an index.html at the top of the folder, or hand in the folder that your site generator wrote."


def analyse(paths: Sequence[str]) -> Verdict:
    """What the folder with the files `paths` (relative, `/` between) is.

    Raises:
        NothingToServe: Nothing here can be served; the sentence says what was found.
    """
    for detect in DETECTORS:
        verdict = detect(paths)
        if verdict is None:
            continue
        if verdict.kind in SERVED:
            return verdict
        found = verdict.evidence[0]
        raise NothingToServe(
            f"Found {found.why} ({found.file}), but no index.html that could be served.",
            f"Jarvis serves static sites: build the project and hand in its output. {_WANTED}",
            {"kind": verdict.kind, "found": found.file},
        )
    raise NothingToServe(f"There is no index.html: found {_summary(paths)}.", _WANTED)


def _summary(paths: Sequence[str]) -> str:
    """`3 files (2 .txt, 1 .md), for example notes.txt`."""
    if not paths:
        return "no files at all"
    endings = Counter(PurePosixPath(path).suffix.lower() or "without ending" for path in paths)
    parts = ", ".join(f"{count} {ending}" for ending, count in endings.most_common(4))
    pages = [path for path in paths if path.lower().endswith((".html", ".htm"))]
    example = min(pages or paths, key=lambda path: (path.count("/"), path))
    return f"{len(paths)} file{'s' if len(paths) != 1 else ''} ({parts}), for example {example[:120]}"
