"""PHP: Composer projects, sites of plain pages, content systems, functions and scripts."""

import re
from shlex import quote

from jarvis.analysis.below import seek
from jarvis.analysis.candidate import Candidate
from jarvis.analysis.claim import claim
from jarvis.analysis.php import kind, needs, pages
from jarvis.analysis.php.composer import FILE, Manifest, judged, manifest, version
from jarvis.analysis.php.frameworks import PACKAGES, SIGNS, SOURCES, Framework
from jarvis.analysis.php.root import FOLDERS, PAGES, Root, root
from jarvis.analysis.support import end_of_life
from jarvis.analysis.tree import Tree

DEPTH = 2
"""Folders above a composer.json that still speaks for the whole."""
OTHERS = (
    "package.json", "requirements.txt", "pyproject.toml", "manage.py", "go.mod", "Gemfile", "pom.xml",
    "Cargo.toml",
    "build.gradle", "mix.exs",
)  # fmt: skip
"""Manifests that make a page in PHP beside them less likely to be the point."""


def detect(tree: Tree) -> Candidate | None:
    """A site, a program or a library in PHP."""
    here = _detect(tree)
    if here is not None and (here.confidence > 0.5 or FILE in tree):
        return here
    deep = [path for path in tree.named(FILE, depth=DEPTH) if "vendor/" not in path and path != FILE]
    found = [seek(tree, path.rpartition("/")[0], _detect) for path in deep[:3]]
    return max((item for item in [*found, here] if item), key=lambda item: item.confidence, default=None)


def _detect(tree: Tree) -> Candidate | None:
    if FILE not in tree and not tree.ending(".php", ".php5", ".inc"):
        return None
    said = manifest(tree)
    framework, shown, line = _framework(tree, said)
    if not said.there and not framework.name and not tree.ending(".php", ".php5", depth=4):
        return None
    served = root(tree, framework.root, said)
    candidate = Candidate("web", "php", _confidence(tree, said, framework, served))
    seen = FILE if said.there else shown or served.page or next(iter(tree.ending(".php", ".php5")))
    candidate.because("language", seen, "PHP's manifest." if said.there else "PHP sources.")
    if said.there:
        claim(candidate, FILE, "Composer fetches what it names.", package_manager="composer")
    for name, number in (said.requires | said.develops).items():
        candidate.dependencies[name] = (FILE, number)
    _version(candidate, tree)
    decided, why, proof = kind.kind(tree, said, framework, served)
    claim(candidate, proof or seen, why, kind=decided)
    if framework.name and decided in ("web", "static"):
        claim(candidate, shown, f"It is made with {framework.name}.", line, framework=framework.name)
    if decided in ("web", "static"):
        pages.fill(candidate, tree, framework, served, seen)
    elif decided in ("script", "worker") and proof:
        claim(candidate, proof, "The program itself.", start_command=f"php {quote(proof)}")
    _install(candidate, tree, said)
    needs.find(candidate, tree, said, (framework.engine, shown))
    return candidate


def _framework(tree: Tree, said: Manifest) -> tuple[Framework, str, int | None]:
    """The framework, the file that shows it and the line there; one without a name for none."""
    for name, row in PACKAGES.items():
        if name in said.requires:
            return row, FILE, said.requires[name]
    for files, row in SIGNS:
        if all(file in tree for file in files):
            return row, files[0], None
    for path in [
        f"{folder}/{page}".removeprefix("./") for folder in (".", *FOLDERS[:4]) for page in PAGES[:2]
    ]:
        for pattern, name in SOURCES:
            if hit := tree.search(path, re.compile(pattern)):
                return PACKAGES.get(f"{name}/{name}", Framework(name)), path, hit[1]
    return Framework(""), "", None


def _confidence(tree: Tree, said: Manifest, framework: Framework, served: Root) -> float:
    folder, page = served.folder, served.page or served.file
    others = bool(tree.named(*OTHERS, depth=0))
    if framework.name and (said.there or framework.root or framework.engine):
        return 0.97
    if said.there and (page or said.packages):
        return 0.93
    if said.there:
        return 0.9
    name = page.rpartition("/")[2]
    if name == "index.php" and folder == ".":
        return 0.6 if others else 0.92
    if name == "index.php" and folder in FOLDERS:
        return 0.5 if others else 0.85
    if page and folder == ".":
        return 0.45 if others else 0.7
    return 0.3


def _version(candidate: Candidate, tree: Tree) -> None:
    if stated := version(tree):
        number, file, line = stated
        claim(candidate, file, "It states the version.", line, language_version=number)
        limit = judged(number)
        if limit and (ended := end_of_life("php", limit)):
            why = f"PHP {limit} has had no fixes since {ended}; allow a later one."
            candidate.find("end-of-life", "warning", file, why, line)


def _install(candidate: Candidate, tree: Tree, said: Manifest) -> None:
    if not said.there or not (said.packages or "composer.lock" in tree or '"autoload"' in tree.text(FILE)):
        return
    line = "composer install --no-dev --optimize-autoloader --no-interaction"
    claim(candidate, FILE, "It fetches what is required.", install_command=line)
    if said.packages and "composer.lock" not in tree and candidate.kind != "library":
        why = "Run `composer update` and add composer.lock, or every build may take other versions."
        candidate.find("missing-lock-file", "warning", FILE, why)
