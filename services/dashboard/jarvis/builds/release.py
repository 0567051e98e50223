"""A release folder: immutable, complete, and named by its deployment."""

import contextlib
import json
import os
import shutil
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from jarvis.mark import CLEAN, MARKER, RULE_FILES, RULES, SPA


@dataclass(frozen=True)
class Release:
    """What a release folder holds: path → SHA-256, and what was left out of it."""

    files: Mapping[str, str]
    left_out: tuple[str, ...]


def manifest_path(release: Path) -> Path:
    """The list of a release's files, beside its folder so that it cannot be asked for."""
    return release.with_name(f"{release.name}.json")


def read_manifest(release: Path) -> dict[str, str]:
    """Path → SHA-256 of a release; empty when there is none."""
    try:
        return dict(json.loads(manifest_path(release).read_text(encoding="utf-8")))
    except FileNotFoundError:
        return {}


def is_hidden(path: str) -> bool:
    """True for a file with a part that begins with a dot, except below `.well-known`, and for our mark."""
    if path == MARKER or path.startswith(f"{MARKER}/"):
        return True
    parts = path.split("/")
    if parts[0] == ".well-known" and len(parts) > 1:
        parts = parts[1:]
    return any(part.startswith(".") for part in parts)


def make(
    tree: Path,
    root: str,
    files: Mapping[str, str],
    release: Path,
    *,
    marker: str,
    previous: Path | None,
    spa: bool = False,
    clean: bool = False,
    rules: str = "",
) -> Release:
    """Turn the unpacked `tree` into the folder `release`, by one rename at the very end.

    Safe to run twice: a finished release is left as it is.

    Args:
        tree: The unpacked artifact; it is used up.
        root: The folder within `tree` that is served; empty for `tree` itself.
        files: Path within `tree` → SHA-256.
        release: The folder to make; its parent may be missing.
        marker: The deployment's id.
        previous: The release that answers now. An unchanged file keeps its time, and with it its ETag.
        spa: Paths that are no file are answered with the first page.
        clean: Pages are found without their `.html`.
        rules: What the gate is asked for; the files that say it are no pages.
    """
    prefix = f"{root}/" if root else ""
    inside = {path.removeprefix(prefix): sha for path, sha in files.items() if path.startswith(prefix)}
    kept = {path: sha for path, sha in inside.items() if not is_hidden(path) and path not in RULE_FILES}
    left_out = tuple(sorted(inside.keys() - kept.keys() - set(RULE_FILES)))
    if release.is_dir():
        return Release(kept, left_out)
    source = tree / root if root else tree
    for path in (*left_out, *RULE_FILES):
        (source / path).unlink(missing_ok=True)
    _remove_hidden_folders(source)
    _keep_times(source, kept, previous)
    mark = source / MARKER
    if mark.is_dir():
        shutil.rmtree(mark)
    mark.parent.mkdir(exist_ok=True)
    mark.write_text(marker, encoding="ascii")
    for is_so, name in ((spa, SPA), (clean, CLEAN)):
        if is_so:
            (source / name).touch()
    if rules:
        (source / RULES).write_text(rules, encoding="utf-8")
        _sync(source / RULES)
    _sync(mark)
    release.parent.mkdir(parents=True, exist_ok=True)
    manifest = manifest_path(release)
    manifest.write_text(json.dumps(kept), encoding="utf-8")
    source.chmod(0o755)
    source.replace(release)
    _sync(release.parent)
    return Release(kept, left_out)


def _remove_hidden_folders(source: Path) -> None:
    for entry in source.iterdir():
        if entry.name.startswith(".") and entry.name != ".well-known" and entry.is_dir():
            shutil.rmtree(entry)


def _keep_times(source: Path, kept: Mapping[str, str], previous: Path | None) -> None:
    before = read_manifest(previous) if previous is not None else {}
    now = time.time_ns()
    for path, sha in kept.items():
        stamp = now
        if previous is not None and before.get(path) == sha:
            with contextlib.suppress(OSError):
                stamp = (previous / path).stat().st_mtime_ns
        os.utime(source / path, ns=(stamp, stamp))


def renew_times(release: Path, current: Path) -> None:
    """Before a switch back: files that differ from the current release get a new time, and so a new ETag.

    The proxy looks at a file's time and then opens it: a visitor who asked in the middle of a switch may hold
    the newer content under the older ETag, and would keep it for ever if that ETag came back.
    """
    now = time.time_ns()
    theirs = read_manifest(current)
    for path, sha in read_manifest(release).items():
        if theirs.get(path) != sha:
            os.utime(release / path, ns=(now, now))


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
