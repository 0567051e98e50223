"""A project that carries the finished output of its generator."""

from collections.abc import Sequence

from jarvis.analysis.verdict import Evidence, Verdict

FOLDERS = ("dist", "build", "out", "_site", "public", "site", "www", "htdocs", "docs")
"""Where site generators write, the commonest first."""
SOURCES = {"public", "site", "www", "docs"}
"""Those of them in which Node projects keep templates and sources."""


def detect(paths: Sequence[str]) -> Verdict | None:
    """A static site in a well-known output folder."""
    present = set(paths)
    for folder in FOLDERS:
        if folder in SOURCES and "package.json" in present:
            continue
        if f"{folder}/index.html" in present:
            why = f"a finished page in “{folder}”, where site generators put their output"
            return Verdict("static", folder, 0.8, (Evidence("kind", f"{folder}/index.html", why),))
    return None
