"""The lists that alone decide what a package manager fetches; None where more than lists may decide."""

import json
import re
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from typing import Any, cast

PIP_FLAGS = frozenset({"-q", "--quiet", "-U", "--upgrade", "--no-cache-dir", "--no-deps", "--require-hashes"})
PIP_LISTS = frozenset({"-r", "--requirement", "-c", "--constraint"})
_INCLUDED = re.compile(r"(?:-r|--requirement|-c|--constraint)(?:\s+|=|(?<=-[rc]))(\S+)")
_ELSEWHERE = re.compile(r"^(?:-e\b|--editable\b|-f\b|--find-links\b|\.|/)|file:|\b(?:git|hg|svn|bzr)\+")
"""A line that leads to a folder or a repository, whose content may change under the same name."""
_PLAIN = re.compile(r"[A-Za-z0-9][\w.\-]*(?:\[[\w,\-]+\])?(?:[=<>!~]=?[\w.*,=<>!~]+)?")

NODE_COMMANDS = {
    "npm": frozenset({"ci", "install", "i"}),
    "pnpm": frozenset({"install", "i"}),
    "yarn": frozenset({"install"}),
}
NODE_LISTS = (
    "package-lock.json",
    "npm-shrinkwrap.json",
    "yarn.lock",
    "pnpm-lock.yaml",
    ".npmrc",
    ".yarnrc",
    ".yarnrc.yml",
    ".pnpmfile.cjs",
)
_FETCHES = frozenset(
    {"preinstall", "install", "postinstall", "prepublish", "preprepare", "prepare", "postprepare"}
)
"""Scripts of a project that run with each fetch, and may read its sources."""
_FOLDERS = (".yarn", "patches", "prisma", "pnpm-workspace.yaml")
_VERSION = re.compile(r"(?:npm:.+|[\w\s.*^~<>=|+\-]*)")
"""A version, a range or a tag; everything else leads to a folder, a repository or an address."""
Json = dict[str, Any]


def of_pip(cwd: Path, words: tuple[str, ...]) -> set[str] | None:
    """The files that `pip install …` reads, by their names in `cwd`."""
    if words[:2] != ("pip", "install"):
        return None
    rest = words[2:]
    first = [name for flag, name in pairwise(rest) if flag in PIP_LISTS]
    others = [word for word in rest if word not in PIP_LISTS and word not in first]
    if not first or not all(word in PIP_FLAGS or _PLAIN.fullmatch(word) for word in others):
        return None
    found: set[str] = set()
    while first:
        name = first.pop()
        if name in found:
            continue
        lines = _lines(cwd, name)
        if lines is None:
            return None
        found.add(name)
        folder = Path(name).parent
        first += [str(folder / one) for line in lines for one in _INCLUDED.findall(line)]
    return found


def _lines(cwd: Path, name: str) -> list[str] | None:
    """The lines of a list; None when it lies elsewhere, cannot be read or leads elsewhere."""
    path = cwd / name
    if ".." in Path(name).parts or "://" in name or path.is_symlink():
        return None
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, ValueError):
        return None
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.strip().startswith("#")]
    return None if any(_ELSEWHERE.search(line) for line in lines) else lines


def of_node(cwd: Path, words: tuple[str, ...]) -> set[str] | None:
    """The files that a package manager of Node reads, by their names in `cwd`."""
    if words[1:2] and words[1] not in NODE_COMMANDS.get(words[0], frozenset()):
        return None
    if words[0] not in NODE_COMMANDS or not all(word.startswith("--") for word in words[2:]):
        return None
    if any((cwd / name).exists() for name in _FOLDERS):
        return None
    if not _alone(cwd / "package.json"):
        return None
    return {"package.json", *(name for name in NODE_LISTS if (cwd / name).is_file())}


def _alone(file: Path) -> bool:
    """Does a package.json name nothing but versions, and run nothing of its own while it is fetched?"""
    try:
        read: object = json.loads(file.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError):
        return False
    if not isinstance(read, dict) or "workspaces" in read:
        return False
    manifest = cast("Json", read)
    if _FETCHES & set(_table(manifest, "scripts")):
        return False
    names = ("dependencies", "devDependencies", "optionalDependencies", "overrides", "resolutions")
    wanted = {key: value for name in names for key, value in _table(manifest, name).items()}
    return not any("prisma" in key for key in wanted) and _versions(wanted.values())


def _versions(wanted: Iterable[Any]) -> bool:
    return all(isinstance(value, str) and _VERSION.fullmatch(value) for value in wanted)


def _table(manifest: Json, name: str) -> Json:
    found = manifest.get(name)
    return cast("Json", found) if isinstance(found, dict) else {}
