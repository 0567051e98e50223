"""MkDocs: a site made of Markdown."""

import re

from jarvis.analysis.candidate import Candidate
from jarvis.analysis.python.generators import Generator, site
from jarvis.analysis.python.project import understand
from jarvis.analysis.tree import Tree

_NAME = re.compile(r"^(?:site_name|docs_dir|theme|nav)\s*:", re.MULTILINE)
_FOLDER = re.compile(r"^site_dir\s*:\s*[\"']?([\w./-]+)", re.MULTILINE)
_SOURCES = re.compile(r"^docs_dir\s*:\s*[\"']?([\w./-]+)", re.MULTILINE)
_MATERIAL = re.compile(r"^theme\s*:\s*[\"']?material\b|^[ \t]+name\s*:\s*[\"']?material\b", re.MULTILINE)
_EXTRA = {
    "awesome-pages": "mkdocs-awesome-pages-plugin", "mkdocstrings": '"mkdocstrings[python]"',
    "macros": "mkdocs-macros-plugin", "minify": "mkdocs-minify-plugin", "redirects": "mkdocs-redirects",
    "git-revision-date-localized": "mkdocs-git-revision-date-localized-plugin",
    "literate-nav": "mkdocs-literate-nav", "gen-files": "mkdocs-gen-files",
    "section-index": "mkdocs-section-index", "include-markdown": "mkdocs-include-markdown-plugin",
    "glightbox": "mkdocs-glightbox",
}  # fmt: skip
"""Plugins that come apart from MkDocs → what has to be installed for them."""


def detect(tree: Tree) -> Candidate | None:
    """A `mkdocs.yml` at the top; beside a program it is that program's manual."""
    path = tree.first("mkdocs.yml", "mkdocs.yaml")
    if not path or not tree.search(path, _NAME):
        return None
    text = tree.text(path)
    folder, sources = _FOLDER.search(text), _SOURCES.search(text)
    output = folder[1].strip("/") if folder else "site"
    docs = sources[1].strip("/") if sources else "docs"
    wanted = ["mkdocs-material" if _MATERIAL.search(text) else "mkdocs"]
    wanted += [
        name for plugin, name in _EXTRA.items() if re.search(rf"^[ \t]*-\s*{plugin}\b", text, re.MULTILINE)
    ]
    build = "mkdocs build" if path == "mkdocs.yml" else f"mkdocs build --config-file {path}"
    row = Generator("mkdocs", " ".join(wanted), (path,), _NAME, build, output)
    made = site(tree, understand(tree), row, path)
    made.port = None
    if docs != "." and docs not in tree.folders:
        made.confidence = 0.6
        made.against.append(f"the folder {docs} that it is made of is not there")
    programs = [
        name for name in tree.ending(".py", depth=1) if not name.startswith((docs + "/", "hooks", "scripts/"))
    ]
    if programs or tree.first("package.json", "go.mod", "Cargo.toml", "pom.xml", "Gemfile", "composer.json"):
        made.confidence = min(made.confidence, 0.72)
        made.against.append("there is a program beside it, whose manual it may be")
    return made
