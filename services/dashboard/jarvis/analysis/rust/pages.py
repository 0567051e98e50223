"""Rust programs that run in the browser and are served as files."""

import re

from jarvis.analysis.candidate import Candidate
from jarvis.analysis.claim import claim
from jarvis.analysis.rust.crates import FRAMEWORKS, PAGES
from jarvis.analysis.rust.manifest import Package
from jarvis.analysis.tree import Tree

_DIST = re.compile(r"^[ \t]*dist\s*=\s*[\"']([^\"'\n]{1,200})[\"']", re.MULTILINE)
_TRUNK = re.compile(r"\bdata-trunk\b")
_SERVERS = frozenset(FRAMEWORKS) - frozenset(PAGES)


def fill(candidate: Candidate, tree: Tree, package: Package) -> bool:
    """Fill in the page that `package` makes; False when it is no such program."""
    crate = next((name for name in package.crates if name in PAGES), "")
    served = any(name in _SERVERS and not facts.optional for name, facts in package.crates.items())
    if not crate or served or "leptos" in package.metadata:
        return False
    facts = package.crates[crate]
    dioxus = tree.first(package.at("Dioxus.toml"))
    trunk = tree.first(package.at("Trunk.toml"))
    page = package.at("index.html")
    if crate == "dioxus" and not trunk:
        if "web" not in facts.features or "fullstack" in facts.features:
            return False
        folder = f"target/dx/{package.name}/release/web/public"
        build, shown = "dx build --release --platform web", dioxus or package.file
    elif trunk or tree.search(page, _TRUNK):
        hit = tree.search(trunk, _DIST) if trunk else None
        folder = package.at(hit[0][1].strip("/") if hit else "dist")
        build, shown = "trunk build --release", trunk or page
        build = f"cd {package.folder} && {build}" if package.folder else build
    else:
        return False
    claim(candidate, package.file, f"It depends on {crate}.", facts.line, framework=PAGES[crate])
    claim(
        candidate,
        shown,
        "It is made into a page for the browser.",
        kind="static",
        build_command=build,
        spa=True,
    )
    claim(candidate, shown, "Where the finished page lies.", static_dir=folder)
    candidate.confidence = 0.97 if candidate.confidence >= 0.9 else candidate.confidence
    return True
