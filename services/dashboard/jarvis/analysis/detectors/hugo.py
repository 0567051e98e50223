"""Hugo: finished pages from content and layouts, made by one program."""

import re

from jarvis.analysis.below import seek
from jarvis.analysis.candidate import Candidate
from jarvis.analysis.claim import claim
from jarvis.analysis.toolchain import pinned
from jarvis.analysis.tree import Tree

OWN = tuple(
    f"{place}hugo.{kind}" for place in ("", "config/_default/") for kind in ("toml", "yaml", "yml", "json")
)
"""Settings that belong to Hugo alone."""
SHARED = tuple(
    f"{place}config.{kind}" for place in ("", "config/_default/") for kind in ("toml", "yaml", "yml", "json")
)
"""Settings whose name others use as well."""
FOLDERS = ("archetypes", "layouts", "themes", "content", "i18n")

_LOOSE = re.IGNORECASE | re.MULTILINE
_BASE = re.compile(r"^[ \t\"']*baseurl", _LOOSE)
_KEY = re.compile(
    r"^[ \t\"']*(baseurl|languagecode|defaultcontentlanguage|publishdir|theme|module)\b", _LOOSE
)
_PUBLISH = re.compile(r"^[ \t\"']*publishdir[\"']?\s*[:=]\s*[\"']?([\w./-]+)", _LOOSE)
_THEME = re.compile(r"^theme\s*[:=]\s*[\"']?([\w.-]+)[\"']?\s*$", _LOOSE)
_SCRIPT = re.compile(r"\"build\"\s*:\s*\"[^\"\n]*\bhugo\b")
_VERSIONS = (
    ("netlify.toml", re.compile(r"^[ \t]*HUGO_VERSION\s*=\s*[\"']v?(\d[\w.]*)", re.MULTILINE)),
    ("vercel.json", re.compile(r"\"HUGO_VERSION\"\s*:\s*\"v?(\d[\w.]*)")),
    (".hugo-version", re.compile(r"^[ \t]*v?(\d[\w.]*)", re.MULTILINE)),
    ("render.yaml", re.compile(r"HUGO_VERSION\s+value:\s*[\"']?v?(\d[\w.]*)")),
)


def detect(tree: Tree) -> Candidate | None:
    """A site made with Hugo."""
    if here := _detect(tree):
        return here
    names = [name for name in (*OWN, *SHARED) if "/" not in name]
    folders = [path.rpartition("/")[0] for path in tree.named(*names, depth=2) if "/" in path]
    found = [seek(tree, folder, _detect) for folder in dict.fromkeys(folders[:4]) if folder != "exampleSite"]
    return max(filter(None, found), key=lambda item: item.confidence, default=None)


def _detect(tree: Tree) -> Candidate | None:
    config = tree.first(*OWN) or _shared(tree)
    if not config:
        return None
    candidate = Candidate("static", "hugo", 0.97 if _site(tree) else 0.8)
    candidate.because("language", config, "Settings of Hugo.")
    if "theme.toml" in tree and "content" not in tree.folders:
        claim(candidate, "theme.toml", "A theme for other sites, without contents.", kind="library")
        candidate.confidence = 0.8
        return candidate
    candidate.because("kind", config, "Hugo makes finished pages.")
    claim(candidate, config, "Settings of Hugo.", framework="hugo")
    _commands(candidate, tree, config)
    stated = next(((hit, file) for file, pattern in _VERSIONS if (hit := tree.search(file, pattern))), None)
    if stated:
        claim(candidate, stated[1], "It pins Hugo.", stated[0][1], language_version=stated[0][0][1])
    elif found := pinned(tree, "hugo", "hugo-extended"):
        claim(candidate, found[1], "It pins Hugo.", found[2], language_version=found[0])
    _theme(candidate, tree, config)
    return candidate


def _shared(tree: Tree) -> str:
    """Settings with a common name that speak Hugo's language and lie beside its folders."""
    for file in SHARED:
        if tree.search(file, _KEY) and "base_url" not in tree.text(file):
            mine = sum(folder in tree.folders for folder in FOLDERS)
            if mine > 1 or (mine and tree.search(file, _BASE)):
                return file
    return ""


def _site(tree: Tree) -> bool:
    return any(folder in tree.folders for folder in FOLDERS) or bool(tree.named("go.mod", depth=0))


def _commands(candidate: Candidate, tree: Tree, config: str) -> None:
    hit = tree.search(config, _PUBLISH)
    folder = hit[0][1].strip("./") if hit else "public"
    claim(candidate, config, "Where Hugo puts the pages.", hit[1] if hit else None, static_dir=folder or ".")
    if scripted := tree.search("package.json", _SCRIPT):
        why = "The project's own way to make the pages."
        claim(candidate, "package.json", why, scripted[1], build_command="npm run build")
    else:
        claim(candidate, config, "Hugo makes the pages.", build_command="hugo --gc --minify")
    if "ependencies" in tree.text("package.json"):
        install = "npm ci" if "package-lock.json" in tree else "npm install"
        why = "Styles are made with Node."
        claim(candidate, "package.json", why, package_manager="npm", install_command=install)


def _theme(candidate: Candidate, tree: Tree, config: str) -> None:
    """A theme that is a submodule of git does not come along in an archive."""
    hit = tree.search(config, _THEME)
    if hit and "themes" not in tree.folders and not tree.first("go.mod") and "/" not in hit[0][1]:
        why = f"The theme {hit[0][1]} is not in themes/: add its files, or git submodules before packing."
        candidate.find("missing-theme", "warning", config, why, hit[1])
