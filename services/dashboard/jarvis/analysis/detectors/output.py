"""A project that carries the finished output of its generator."""

from collections.abc import Sequence

from jarvis.analysis.verdict import Evidence, Verdict

FOLDERS = ("dist", "build", "out", "public", "_site", "site", "www", "htdocs", "docs")
"""Where site generators write, the commonest first."""


def detect(paths: Sequence[str]) -> Verdict | None:
    """A static site in a well-known output folder."""
    present = set(paths)
    for folder in FOLDERS:
        if f"{folder}/index.html" in present:
            why = f"a finished page in “{folder}”, where site generators put their output"
            return Verdict("static", folder, 0.8, (Evidence("kind", f"{folder}/index.html", why),))
    return None
