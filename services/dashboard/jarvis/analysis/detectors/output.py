"""A folder in which a generator has put finished pages."""

from jarvis.analysis.candidate import Candidate
from jarvis.analysis.claim import claim
from jarvis.analysis.manifests import at_top
from jarvis.analysis.pages import fallback, first_page
from jarvis.analysis.tree import Tree

FOLDERS = ("dist", "build", "out", "_site", "public", "site", "www", "htdocs", "html", "docs")
"""Where site generators write, the commonest first."""
SOURCES = frozenset({"public", "site", "www", "html", "docs"})
"""Those of them in which programs keep templates and sources."""


def detect(tree: Tree) -> Candidate | None:
    """A static site in a well-known output folder."""
    manifest = at_top(tree)
    for folder in FOLDERS:
        if folder in SOURCES and manifest:
            continue
        page = first_page(tree, folder)
        if not page:
            continue
        found = Candidate("static", "static", 0.6 if manifest else 0.85)
        why = f"a finished page in “{folder}”, where generators put their output"
        claim(found, page, why, None, kind="static", language="static", static_dir=folder)
        if manifest:
            found.against.append(f"{manifest} may make something newer.")
        if answer := fallback(tree, page):
            claim(found, answer[0], answer[1], answer[2], spa=True)
        return found
    return None
