"""Zola: finished pages from content and templates, made by one program."""

import re

from jarvis.analysis.below import seek
from jarvis.analysis.candidate import Candidate
from jarvis.analysis.claim import claim
from jarvis.analysis.toolchain import pinned
from jarvis.analysis.tree import Tree

FILES = ("zola.toml", "config.toml")
FOLDERS = ("templates", "content", "sass", "themes", "static")

_BASE = re.compile(r"^[ \t]*base_url\s*=", re.MULTILINE)
_OUTPUT = re.compile(r"^[ \t]*output_dir\s*=\s*[\"']([\w./-]+)[\"']", re.MULTILINE)
_VERSION = re.compile(r"ZOLA_VERSION\"?\s*[=:]\s*[\"']v?(\d[\w.]*)")


def detect(tree: Tree) -> Candidate | None:
    """A site made with Zola."""
    if here := _detect(tree):
        return here
    folders = [path.rpartition("/")[0] for path in tree.named(*FILES, depth=2) if "/" in path]
    found = [seek(tree, folder, _detect) for folder in dict.fromkeys(folders[:4])]
    return max(filter(None, found), key=lambda item: item.confidence, default=None)


def _detect(tree: Tree) -> Candidate | None:
    config = tree.first(*FILES)
    hit = tree.search(config, _BASE) if config else None
    mine = sum(folder in tree.folders for folder in FOLDERS)
    if hit is None or not mine:
        return None
    candidate = Candidate("static", "zola", 0.97 if mine > 1 else 0.85)
    candidate.because("language", config, "Settings of Zola.", hit[1])
    if "theme.toml" in tree and "content" not in tree.folders:
        claim(candidate, "theme.toml", "A theme for other sites, without contents.", kind="library")
        candidate.confidence = 0.8
        return candidate
    candidate.because("kind", config, "Zola makes finished pages.", hit[1])
    claim(candidate, config, "Settings of Zola.", hit[1], framework="zola", build_command="zola build")
    output = tree.search(config, _OUTPUT)
    folder = output[0][1].strip("./") if output else "public"
    line = output[1] if output else None
    claim(candidate, config, "Where Zola puts the pages.", line, static_dir=folder or ".")
    for file in ("netlify.toml", "vercel.json"):
        if stated := tree.search(file, _VERSION):
            claim(candidate, file, "It pins Zola.", stated[1], language_version=stated[0][1])
            return candidate
    if found := pinned(tree, "zola"):
        claim(candidate, found[1], "It pins Zola.", found[2], language_version=found[0])
    return candidate
