"""Pages that are served as they lie there, from the top of the folder."""

import re

from jarvis.analysis.candidate import Candidate
from jarvis.analysis.claim import claim
from jarvis.analysis.manifests import at_top
from jarvis.analysis.pages import fallback, first_page, source_of
from jarvis.analysis.tree import Tree

MARKS = ("Staticfile", ".static", "static.json")
"""Files by which a folder says that it is a plain site."""
SERVED = (".php", ".phtml", ".jsp", ".aspx", ".asp", ".cgi", ".pl", ".cfm")
"""Endings of pages that a program has to make."""
SERVERS = re.compile(
    r"^[ \t]*(?:from|import)\s+(?:flask|fastapi|django|bottle|tornado|aiohttp|sanic|starlette"
    r"|http\.server|streamlit|uvicorn|quart|falcon|cherrypy|web)\b"
    r"|(?:require\(\s*|from\s+)[\"'](?:node:)?(?:https?|express|koa|fastify|hono|@hapi/hapi)[\"']|\.listen\(",
    re.MULTILINE,
)
"""A program that answers requests itself."""

_ROOT = re.compile(r"(?:^|[{,])[ \t]*[\"']?root[\"']?\s*:\s*[\"']?([\w./-]+)", re.MULTILINE)
_PROGRAMS = (".py", ".js", ".mjs", ".cjs", ".ts", ".rb", ".go")


def detect(tree: Tree) -> Candidate | None:
    """A page at the top, a file that marks a plain site, or at least pages without a first one.

    A page beside the sources of a bundler is a template, and not yet a page.
    """
    mark = tree.first(*MARKS)
    root = tree.search(mark, _ROOT) if mark else None
    folder = root[0][1].strip("./") if root else ""
    if mark and folder in {"", *tree.folders} and (folder or first_page(tree) or not at_top(tree)):
        found = Candidate("static", "static", 0.93)
        why = "marks a site that is served as it is"
        claim(found, mark, why, None, kind="static", language="static")
        claim(
            found,
            mark,
            "names its folder" if folder else why,
            root[1] if root else None,
            static_dir=folder or ".",
        )
        page = first_page(tree, folder)
    elif page := first_page(tree):
        found = Candidate("static", "static", 0.9)
        why = "the page that a browser asks for first"
        claim(found, page, why, None, kind="static", language="static", static_dir=".")
        _weigh(tree, found)
    else:
        return _nameless(tree)
    if page and (answer := fallback(tree, page)):
        claim(found, answer[0], answer[1], answer[2], spa=True)
    return found


def _weigh(tree: Tree, found: Candidate) -> None:
    """Lower the confidence where a program is beside the page."""
    if manifest := at_top(tree):
        scripts = tree.json("package.json").get("scripts") if manifest == "package.json" else {"start": ""}
        built = isinstance(scripts, dict) and bool({"start", "build", "serve"} & scripts.keys())
        found.confidence = 0.6 if built else 0.88
        found.against.append(f"{manifest} may build or serve something else.")
    elif made := next((path for path in tree.top if path.lower().endswith(SERVED)), ""):
        found.confidence = 0.5
        found.against.append(f"{made} has to be run by a program.")
    else:
        programs = [path for path in tree.top if path.endswith(_PROGRAMS)][:20]
        server = next((path for path in programs if tree.search(path, SERVERS)), "")
        if server:
            found.confidence = 0.5
            found.against.append(f"{server} answers requests itself.")


def _nameless(tree: Tree) -> Candidate | None:
    """Pages at the top, but none that is asked for first."""
    pages = [path for path in tree.top if path.lower().endswith((".html", ".htm", ".xhtml"))]
    if not pages or tree.first("index.html") or source_of(tree):
        return None
    sure = 0.35 if at_top(tree) or any(path.endswith((*SERVED, *_PROGRAMS)) for path in tree.top) else 0.55
    found = Candidate("static", "static", sure)
    why = "a page, though none is called index.html"
    claim(found, pages[0], why, None, kind="static", language="static", static_dir=".")
    found.find(
        "no-first-page",
        "warning",
        pages[0],
        f"Nothing answers at the address itself: call the first page index.html, for example {pages[0]}.",
    )
    return found
