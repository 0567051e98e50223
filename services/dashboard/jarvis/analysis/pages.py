"""Finished pages: where they begin, and who answers for addresses that are no file."""

import re

from jarvis.analysis.tree import Tree

FIRST = ("index.html", "index.htm")
"""What a browser gets when it asks for a folder."""
SOURCES = (
    "vite.config", "webpack.config", "rsbuild.config", "rspack.config", "rollup.config", "snowpack.config",
    "svelte.config", "vue.config", "astro.config", "farm.config", "quasar.conf", "angular.json", "Trunk.toml",
    "elm.json", "gulpfile", "Gruntfile", ".parcelrc", "stencil.config", "poi.config", "craco.config",
)  # fmt: skip
"""How files begin that make pages out of an index.html beside them."""

_UNBUILT = re.compile(
    r"<link[^<>]{1,300}data-trunk|<script[^<>]{1,300}src\s*=\s*[\"']?[^\"'\s<>]{1,300}\.(?:tsx?|jsx|vue)\b"
)
_FROM_SOURCES = re.compile(r"<script[^<>]{1,300}src\s*=\s*[\"']?[./]{0,4}src/")
_EMPTY = re.compile(r"<(div|main)\b([^<>]{0,300})>\s{0,99}</\1>|<app-root>", re.IGNORECASE)
_FRAME = re.compile(
    r"\bid\s*=\s*[\"']?(?:root|app|__next|__nuxt|svelte|main|application)(?![\w-])", re.IGNORECASE
)
_ROUTED = re.compile(r"^[ \t]*/\*\s+/?(?:index\.html|/)\s+200", re.MULTILINE)
_SET = re.compile(r"^[ \t]*(index_fallback|pushstate)\s*:\s*(?:true|enabled|yes)\b", re.MULTILINE)


def first_page(tree: Tree, folder: str = "") -> str:
    """The page of `folder` that is asked for first, if it is a finished one; empty for none."""
    page = tree.first(*(f"{folder}/{name}".lstrip("/") for name in FIRST))
    if not page or (not folder and source_of(tree)):
        return ""
    text = tree.text(page)
    if _UNBUILT.search(text) or ("package.json" in tree and _FROM_SOURCES.search(text)):
        return ""
    return page


def source_of(tree: Tree) -> str:
    """The file at the top that says that an index.html beside it is a template; empty for none."""
    return next((path for path in tree.top if path.startswith(SOURCES)), "")


def fallback(tree: Tree, page: str) -> tuple[str, str, int | None] | None:
    """Why unknown addresses are answered with `page`: a file, a reason and a line; None when they are not."""
    folder = page.rpartition("/")[0]
    for name in ("Staticfile", "static.json", "_redirects", f"{folder}/_redirects".lstrip("/")):
        if name in tree and (found := tree.search(name, _ROUTED) or tree.search(name, _SET)):
            return name, "every address leads to the first page", found[1]
    for name in ("vercel.json", "netlify.toml"):
        if name in tree and "index.html" in tree.text(name):
            return name, "other addresses are led to the first page", tree.line_of(name, "index.html")
    if "200.html" in tree or f"{folder}/200.html" in tree:
        return tree.first("200.html", f"{folder}/200.html"), "a page for every other address", None
    inside = folder + "/" if folder else ""
    pages = [path for path in tree.ending(".html", depth=inside.count("/")) if path.startswith(inside)]
    alone = [path for path in pages if not path.endswith("404.html")] == [page]
    if alone and "<script" in tree.text(page) and (line := _frame(tree, page)):
        return page, "the only page is an empty frame that a script fills", line
    return None


def _frame(tree: Tree, page: str) -> int:
    """The line of the element that a script fills; 0 for none."""
    text = tree.text(page)
    for match in _EMPTY.finditer(text):
        if match[2] is None or _FRAME.search(match[2]):
            return text.count("\n", 0, match.start()) + 1
    return 0
