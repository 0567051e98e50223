"""Which folder of an artifact the static runtime serves. Pure."""

from collections import Counter
from collections.abc import Collection
from pathlib import PurePosixPath
from typing import Any

from jarvis.artifacts.title import title
from jarvis.errors import NothingToServe

Json = dict[str, Any]
_WANTED = "Jarvis serves finished pages: hand in the folder that the build wrote"
_CORRECT = "If it is a static site after all, say so: --kind static --static-dir FOLDER."


def served(verdict: Json, files: Collection[str]) -> str:
    """The folder whose content visitors get; empty for the artifact itself.

    Args:
        verdict: What the artifact is.
        files: The paths in it.

    Raises:
        NothingToServe: It is no static site, or its pages are not there; the sentence says what was found.
    """
    facts = {"kind": verdict["kind"], "language": verdict["language"], "framework": verdict["framework"]}
    if verdict["kind"] == "empty":
        raise NothingToServe(
            "There is nothing in it that could be served.", "Put an index.html into it.", facts
        )
    if verdict["kind"] != "static" and verdict["language"] == "none":
        raise NothingToServe(
            f"There is no index.html: found {_summary(files)}.", f"{_WANTED}. {_CORRECT}", facts
        )
    if verdict["kind"] != "static":
        why = next(
            (item for item in verdict["evidence"] if item["fact"] in {"framework", "kind", "language"}), None
        )
        found = f" ({why['file']}: {why['why'].rstrip('.')})" if why else ""
        raise NothingToServe(
            f"This is {title(verdict)}{found}, and nothing here can run it.", f"{_WANTED}. {_CORRECT}", facts
        )
    folder = _joined(verdict["root"], verdict["static_dir"] or "")
    prefix = f"{folder}/" if folder else ""
    if f"{prefix}index.html" in set(files):
        return folder
    build = verdict["build_command"]
    if build:
        raise NothingToServe(
            f"This is the source of {title(verdict)}: “{build}” makes its pages, in “{folder or '.'}”.",
            f"{_WANTED}: run it, then jarvis deploy {folder or '.'}.",
            facts,
        )
    raise NothingToServe(f"There is no index.html in “{folder or '.'}”.", f"Put one there. {_CORRECT}", facts)


def _summary(files: Collection[str]) -> str:
    """`3 files (2 .txt, 1 .md), for example notes.txt`."""
    if not files:
        return "no files at all"
    endings = Counter(PurePosixPath(path).suffix.lower() or "without ending" for path in files)
    parts = ", ".join(f"{count} {ending}" for ending, count in endings.most_common(4))
    example = min(files, key=lambda path: (path.count("/"), path))
    return f"{len(files)} file{'s' if len(files) != 1 else ''} ({parts}), for example {example[:120]}"


def _joined(root: str, folder: str) -> str:
    parts = [part for part in f"{root}/{folder}".split("/") if part not in {"", "."}]
    return "/".join(parts)
