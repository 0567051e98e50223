"""A folder with `index.html` at its top, or in its only top folder."""

from collections.abc import Sequence

from jarvis.analysis.verdict import Evidence, Verdict


def detect(paths: Sequence[str]) -> Verdict | None:
    """A static site as it stands. With Vite, the first page is a source and not yet a page."""
    if any(path.startswith("vite.config.") for path in paths):
        return None
    if "index.html" in paths:
        return Verdict(
            "static", "", 1.0, (Evidence("kind", "index.html", "the page a browser asks for first"),)
        )
    visible = [path for path in paths if not path.startswith(".")]
    tops = {path.partition("/")[0] for path in visible}
    if len(tops) == 1 and (top := tops.pop()) and f"{top}/index.html" in paths:
        why = "the page a browser asks for first, in the only folder of the archive"
        return Verdict("static", top, 0.98, (Evidence("kind", f"{top}/index.html", why),))
    return None
