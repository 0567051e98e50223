"""Cargo.toml: packages, the programs they make, and what they depend on."""

import fnmatch
import re
from dataclasses import dataclass, field
from typing import Any, cast

from jarvis.analysis.tree import Tree

MEMBERS_AT_MOST = 60
"""Packages of one workspace that are read."""


@dataclass(frozen=True, slots=True)
class Crate:
    """A dependency.

    Attributes:
        features: Switched on for it.
        optional: It is left out unless a feature asks for it.
        path: It lies in the same project.
        line: Where the manifest names it.
    """

    features: tuple[str, ...]
    optional: bool
    path: bool
    line: int | None


@dataclass
class Package:
    """What one Cargo.toml describes.

    Attributes:
        bins: Name of each program → its source.
        run: The program that `cargo run` would choose, if the manifest says so.
        version: The least Rust version, if stated.
        crates: Direct dependencies, without those for tests and build scripts.
        metadata: The table for other tools.
    """

    file: str
    folder: str
    name: str
    bins: dict[str, str] = field(default_factory=dict[str, str])
    run: str = ""
    version: str = ""
    library: bool = False
    crates: dict[str, Crate] = field(default_factory=dict[str, Crate])
    metadata: dict[str, Any] = field(default_factory=dict[str, Any])

    def at(self, path: str) -> str:
        """A path of the package, seen from the top."""
        return f"{self.folder}/{path}" if self.folder else path


def packages(tree: Tree, root: str) -> list[Package]:
    """The package of the manifest `root` and those of its workspace, default members first."""
    document = tree.toml(root)
    space = _table(document.get("workspace"))
    shared = _table(space.get("dependencies"))
    base = root.rpartition("/")[0]
    found = [_package(tree, root, document, shared)] if "package" in document else []
    files = _members(tree, base, space)
    inner = {file: tree.toml(file) for file in files[:MEMBERS_AT_MOST] if file != root}
    return found + [_package(tree, file, said, shared) for file, said in inner.items() if "package" in said]


def _members(tree: Tree, base: str, space: dict[str, Any]) -> list[str]:
    patterns = [*_texts(space.get("default-members")), *_texts(space.get("members"))]
    left_out = _texts(space.get("exclude"))
    manifests = tree.named("Cargo.toml")
    found: dict[str, None] = {}
    for pattern in patterns:
        wanted = "/".join(part for part in (base, pattern.strip("/").removeprefix("./")) if part)
        for file in manifests:
            folder = file.rpartition("/")[0]
            if folder.count("/") == wanted.count("/") and fnmatch.fnmatchcase(folder, wanted):
                found[file] = None
    return [
        file for file in found if not any(file.startswith(f"{folder.strip('/')}/") for folder in left_out)
    ]


def _package(tree: Tree, file: str, document: dict[str, Any], shared: dict[str, Any]) -> Package:
    about = _table(document.get("package"))
    folder = file.rpartition("/")[0]
    found = Package(file, folder, _text(about.get("name")) or folder.rpartition("/")[2])
    found.run = _text(about.get("default-run"))
    found.version = _text(about.get("rust-version"))
    found.metadata = _table(about.get("metadata"))
    found.library = "lib" in document or found.at("src/lib.rs") in tree
    _programs(tree, found, document, about)
    tables = [document, *_table(document.get("target")).values()]
    for table in tables:
        for name, value in _table(_table(table).get("dependencies")).items():
            crate = _table(value)
            common = shared.get(name) if crate.get("workspace") is True else None
            features = (*_texts(crate.get("features")), *_texts(_table(common).get("features")))
            real = _text(crate.get("package")) or _text(_table(common).get("package")) or name
            near = "path" in crate or "path" in _table(common)
            optional = crate.get("optional") is True and not _default(document, name)
            found.crates[real] = Crate(features, optional, near, _line(tree, file, name))
    return found


def _default(document: dict[str, Any], name: str) -> bool:
    """Is an optional dependency switched on by the features that are on by default?"""
    features = _table(document.get("features"))
    waiting, seen = ["default"], set[str]()
    while waiting:
        feature = waiting.pop()
        if feature in seen:
            continue
        seen.add(feature)
        if feature in (name, f"dep:{name}") or feature.startswith(f"{name}/"):
            return True
        waiting += _texts(features.get(feature))
    return False


def _programs(tree: Tree, package: Package, document: dict[str, Any], about: dict[str, Any]) -> None:
    bins = document.get("bin")
    for entry in cast("list[object]", bins) if isinstance(bins, list) else []:
        table = _table(entry)
        name = _text(table.get("name")) or package.name
        usual = tree.first(package.at(f"src/bin/{name}.rs"), package.at(f"src/bin/{name}/main.rs"))
        path = _text(table.get("path"))
        package.bins[name] = package.at(path) if path else usual or package.at("src/main.rs")
    if about.get("autobins") is False:
        return
    taken = set(package.bins.values())
    main = package.at("src/main.rs")
    if main in tree and main not in taken:
        package.bins.setdefault(package.name, main)
    inside = package.at("src/bin/")
    for file in tree.ending(".rs") if inside.rstrip("/") in tree.folders else ():
        rest = file[len(inside) :] if file.startswith(inside) else ""
        name = rest.removesuffix("/main.rs").removesuffix(".rs")
        if name and "/" not in name and file not in taken:
            package.bins.setdefault(name, file)


def _line(tree: Tree, file: str, name: str) -> int | None:
    pattern = rf"^[ \t]*(?:\[.*dependencies\.)?[\"']?{re.escape(name)}[\"'\]]?[ \t]*(?:[.=]|$)"
    hit = tree.search(file, re.compile(pattern, re.MULTILINE))
    return hit[1] if hit else None


def _table(value: object) -> dict[str, Any]:
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _texts(value: object) -> tuple[str, ...]:
    return (
        tuple(item for item in cast("list[object]", value) if isinstance(item, str))
        if isinstance(value, list)
        else ()
    )
