"""A folder, walked once: names at hand, contents read when asked for, and only a little of them."""

import json
import os
import re
import stat
import tomllib
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Any, cast

READ_AT_MOST = 256 * 1024
"""Bytes of one file that are looked at; a manifest is smaller, and a lock file tells by its name."""
READ_TOGETHER = 8 * 1024**2
"""Bytes of one folder that are looked at; beyond, contents count as empty."""
DEPTH = 12
"""Folders within folders that are entered."""
OTHERS = frozenset(
    {
        ".git", ".hg", ".svn", "node_modules", "bower_components", ".venv", "venv", "__pycache__", ".tox",
        ".nox",
        ".mypy_cache", ".pytest_cache", ".ruff_cache", ".gradle", ".idea", ".vscode", ".next", ".nuxt",
        ".svelte-kit", ".astro", ".cache", ".turbo", ".yarn", ".pnpm-store", ".terraform", "__MACOSX",
    }
)  # fmt: skip
"""Folders that tools fill: counted, never entered by a detector."""

# a string without an end is taken to the end of its line: to look for it again from each quote takes minutes
_COMMENT = re.compile(r'("(?:[^"\\\n]|\\.)*+"?)|/\*.*?(?:\*/|\Z)|//[^\n]*', re.DOTALL)
_DOTTED = re.compile(r"(?<![\w\"'-])(?:[\w\"'-]++[ \t]*+\.[ \t]*+){64}")
_COMMA = re.compile(r'("(?:[^"\\\n]|\\.)*+"?)|,(?=\s*[}\]])')


class _Store:
    """What all views of one folder share: contents that were read, and how much that was."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.texts: dict[str, str] = {}
        self.parsed: dict[tuple[str, str], dict[str, Any]] = {}
        self.left = READ_TOGETHER
        self.paths: list[str] = []
        self.others: list[str] = []


class Tree:
    """The files of a folder, by paths relative to it.

    Attributes:
        files: Every file that is not in one of `OTHERS`, shallow ones first, then by name.
        sizes: Bytes of each.
        modes: Permission bits of each.
        links: Those that are symbolic links; they are never read.
        others: Folders that were not entered, with the folder's name last.
    """

    def __init__(self, root: Path) -> None:
        """Walk `root`. Links are not followed."""
        self._store = _Store(root)
        self._prefix = ""
        self.sizes: dict[str, int] = {}
        self.modes: dict[str, int] = {}
        self.links: set[str] = set()
        self.others: list[str] = []
        self._walk(root)
        self.files: tuple[str, ...] = _shallow_first(self.sizes)
        self._store.paths = sorted(self.sizes)
        self._store.others = self.others = sorted(self.others)

    def _walk(self, root: Path) -> None:
        waiting: list[tuple[str, str, int]] = [("", str(root), 0)]
        while waiting:
            prefix, place, depth = waiting.pop()
            try:
                with os.scandir(place) as items:
                    entries = list(items)
            except OSError:
                continue  # a folder that may not be read holds nothing that can be deployed
            for entry in entries:
                path = prefix + entry.name
                if entry.is_dir(follow_symlinks=False):
                    if entry.name in OTHERS or depth >= DEPTH:
                        self.others.append(path)
                    else:
                        waiting.append((path + "/", entry.path, depth + 1))
                    continue
                facts = entry.stat(follow_symlinks=False)
                if stat.S_ISLNK(facts.st_mode):
                    self.links.add(path)
                elif not stat.S_ISREG(facts.st_mode):
                    continue
                self.sizes[path] = facts.st_size
                self.modes[path] = stat.S_IMODE(facts.st_mode)

    def under(self, folder: str) -> "Tree":
        """The same, seen from `folder`, which is relative to this tree; empty for the tree itself."""
        if not folder or folder == ".":
            return self
        inner = object.__new__(Tree)
        prefix = folder.rstrip("/") + "/"
        cut = len(prefix)
        inner._store = self._store
        inner._prefix = full = self._prefix + prefix
        within = self._within
        inside = [path[len(self._prefix) :] for path in within(self._store.paths, full)]
        inner.sizes = {path[cut:]: self.sizes[path] for path in inside}
        inner.modes = {path[cut:]: self.modes[path] for path in inside}
        inner.links = {path[cut:] for path in inside if path in self.links}
        inner.others = [path[len(full) :] for path in within(self._store.others, full)]
        inner.files = _shallow_first(inner.sizes)
        return inner

    @staticmethod
    def _within(paths: list[str], prefix: str) -> list[str]:
        """Those of the sorted `paths` that begin with `prefix`."""
        start = bisect_left(paths, prefix)
        return paths[start : bisect_left(paths, prefix[:-1] + "0", start)]  # 0 is the sign after the slash

    @property
    def prefix(self) -> str:
        """Where this view begins within the folder that was handed in: empty, or ending with a slash."""
        return self._prefix

    def __contains__(self, path: object) -> bool:
        """Is there a file `path`?"""
        return path in self.sizes

    @cached_property
    def _by_name(self) -> dict[str, list[str]]:
        found: defaultdict[str, list[str]] = defaultdict(list)
        for path in self.files:
            found[path.rpartition("/")[2]].append(path)
        return dict(found)

    @cached_property
    def _by_suffix(self) -> dict[str, list[str]]:
        found: defaultdict[str, list[str]] = defaultdict(list)
        for path in self.files:
            name = path.rpartition("/")[2]
            found[name[name.rfind(".") :].lower() if "." in name else ""].append(path)
        return dict(found)

    @cached_property
    def folders(self) -> frozenset[str]:
        """Every folder that holds a file, and those above it; without the tree itself."""
        found: set[str] = set()
        for path in self.files:
            place = path.rpartition("/")[0]
            while place and place not in found:
                found.add(place)
                place = place.rpartition("/")[0]
        return frozenset(found)

    @cached_property
    def top(self) -> tuple[str, ...]:
        """The files at the top."""
        return tuple(path for path in self.files if "/" not in path)

    def first(self, *paths: str) -> str:
        """The first of `paths` that is there; empty for none."""
        return next((path for path in paths if path in self.sizes), "")

    def named(self, *names: str, depth: int | None = None) -> list[str]:
        """Files called one of `names`, shallow ones first; `depth` 0 means only at the top."""
        known = self._by_name
        return _together([known[name] for name in names if name in known], depth)

    def ending(self, *suffixes: str, depth: int | None = None) -> list[str]:
        """Files that end with one of `suffixes` (`.py`, in lower case), shallow ones first."""
        known = self._by_suffix
        return _together([known[suffix] for suffix in suffixes if suffix in known], depth)

    def text(self, path: str) -> str:
        """The beginning of a file as text; empty when it is missing, binary, a link, or too much was read."""
        full = self._prefix + path
        known = self._store.texts.get(full)
        if known is not None:
            return known
        text = self._read(path, full)
        self._store.texts[full] = text
        return text

    def _read(self, path: str, full: str) -> str:
        if path not in self.sizes or path in self.links or self._store.left <= 0:
            return ""
        try:
            with open(self._store.root / full, "rb", buffering=0) as file:  # noqa: PTH123 - hot
                raw = file.read(min(READ_AT_MOST, self._store.left))
        except OSError:
            return ""
        self._store.left -= len(raw)
        if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
            return raw.decode("utf-16", "replace")
        if b"\0" in raw:
            return ""
        return raw.decode("utf-8-sig", "replace").replace("\r\n", "\n")

    def begins(self, path: str, sign: bytes) -> bool:
        """Does the file begin with these bytes? False for a link, as nothing is read through one."""
        if path not in self.sizes or path in self.links:
            return False
        try:
            with open(self._store.root / (self._prefix + path), "rb", buffering=0) as file:  # noqa: PTH123 - hot
                return file.read(len(sign)) == sign
        except OSError:
            return False

    def lines(self, path: str) -> Iterator[tuple[int, str]]:
        """The lines of a file with their numbers, from 1."""
        return enumerate(self.text(path).split("\n"), 1)

    def line_of(self, path: str, text: str) -> int | None:
        """The first line of the file that holds `text`; None for none."""
        at = self.text(path).find(text)
        return None if at < 0 else self.text(path).count("\n", 0, at) + 1

    def search(self, path: str, pattern: re.Pattern[str]) -> tuple[re.Match[str], int] | None:
        """The first match in the file and its line; None for none."""
        match = pattern.search(self.text(path))
        return None if match is None else (match, match.string.count("\n", 0, match.start()) + 1)

    def json(self, path: str) -> dict[str, Any]:
        """A JSON object; comments and trailing commas are allowed. Empty when it is none."""
        return self._parsed("json", path, _json)

    def toml(self, path: str) -> dict[str, Any]:
        """A TOML document; empty when it is none."""
        return self._parsed("toml", path, _toml)

    def yaml(self, path: str) -> dict[str, Any]:
        """A YAML mapping, without tags; empty when it is none."""
        return self._parsed("yaml", path, _yaml)

    def _parsed(self, kind: str, path: str, parse: Callable[[str], Any]) -> dict[str, Any]:
        """What the file says; the same object for everyone who asks, so nobody changes it."""
        key = (kind, self._prefix + path)
        known = self._store.parsed.get(key)
        if known is None:
            try:
                known = _object(parse(self.text(path)))
            except (ValueError, RecursionError):
                known = {}
            self._store.parsed[key] = known
        return known


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        plain = _COMMENT.sub(lambda match: match[1] or "", text)
        return json.loads(_COMMA.sub(lambda match: match[1] or "", plain))


def _toml(text: str) -> Any:
    if _DOTTED.search(text):
        raise ValueError("nested too deeply")  # the parser's time grows with the square of it
    return tomllib.loads(text)


def _yaml(text: str) -> Any:
    from jarvis.analysis.yamls import load  # loaded only where there is one

    return load(text)


def _object(value: object) -> dict[str, Any]:
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def _together(lists: list[list[str]], depth: int | None) -> list[str]:
    """One list of several, no deeper than `depth`."""
    if not lists:
        return []
    found = lists[0] if len(lists) == 1 else _shallow_first(path for paths in lists for path in paths)
    if depth is None:
        return list(found)
    return [path for path in found if path.count("/") <= depth]


def _shallow_first(paths: Iterable[str]) -> tuple[str, ...]:
    levels: defaultdict[int, list[str]] = defaultdict(list)
    for path in paths:
        levels[path.count("/")].append(path)
    return tuple(path for depth in sorted(levels) for path in sorted(levels[depth]))
