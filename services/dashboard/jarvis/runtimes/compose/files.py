"""Files of the project that containers see: copies that nothing changes, each named after its content.

A service that stays the same over deploys is changed only when such a file did. What the project does not
bring, and a service still wants to write to, becomes a volume.
"""

import copy
import hashlib
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from jarvis.private import write_private
from jarvis.runtimes.compose.rules import CLOCKS, items, part, within

Json = dict[str, Any]
Point = tuple[PurePosixPath, bool]

KEPT_EMPTY = frozenset({".gitkeep", ".keep", ".gitignore"})
REMADE = frozenset({".next", ".nuxt", ".venv", "__pycache__", "node_modules", "vendor", "venv"})
"""Folders that each image brings anew: a nameless volume there only shows them through a mount above it."""
BLOCK = 1024 * 1024


def volume_name(text: str) -> str:
    """The name of a volume for a path."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-") or "data"


def own(
    document: Json, tree: Path, place: Path, variables: Mapping[str, str], *, make: bool
) -> tuple[Json, list[str]]:
    """Let the stack see nothing of the unpacked artifact any more, which goes away.

    Args:
        document: As `read` gave it, after `rules.check`.
        tree: The unpacked artifact.
        place: Where the copies of the service lie.
        variables: Of the service, for secrets that are taken from them.
        make: Whether the copies are made, too.

    Returns:
        The document with other paths, and what a person should know.
    """
    done, said = copy.deepcopy(document), list[str]()
    for name, raw in sorted(part(done, "services").items()):
        mounts = items(raw, "volumes")
        points = [(PurePosixPath(one["target"]), _is_file(one)) for one in mounts]
        points += [(PurePosixPath(str(one).partition(":")[0]), False) for one in items(raw, "tmpfs")]
        for mount in mounts:
            said += _mount(name, mount, tree, place, _below(str(mount["target"]), points), make=make)
    for kind in ("configs", "secrets"):
        for name, one in sorted(part(done, kind).items()):
            if one.get("file") and within(tree, str(one["file"])):
                one["file"] = str(_copied(Path(one["file"]).resolve(), place, make=make))
            elif one.get("environment") or "content" in one:
                value = variables.get(str(one.pop("environment", "")), one.pop("content", ""))
                one["file"] = str(_written(str(value), place, make=make))
            one["name"] = name
    return done, said


def _is_file(mount: Json) -> bool:
    return mount["type"] == "bind" and Path(str(mount.get("source") or "/")).is_file()


def _below(target: str, points: list[Point]) -> list[Point]:
    """What is mounted within a folder: Docker cannot make a place for it where nobody may write."""
    return sorted(
        (point.relative_to(target), is_file)
        for point, is_file in points
        if point.is_relative_to(target) and point != PurePosixPath(target)
    )


def _mount(
    name: str, mount: Json, tree: Path, place: Path, points: list[Point], *, make: bool
) -> Iterator[str]:
    """Let a mount lead to a copy or to a volume."""
    source, target = str(mount.get("source") or ""), str(mount["target"])
    if mount["type"] == "volume":
        if not source and PurePosixPath(target).name in REMADE:
            mount.pop("source", None)
        else:
            mount["source"] = source or volume_name(f"{name}-{target}")  # nameless ones would get lost
    if mount["type"] != "bind" or source in CLOCKS or not within(tree, source):
        return
    said = Path(source)
    shown = said.relative_to(tree)
    mount.pop("bind", None)
    if not said.exists() or (said.is_dir() and {one.name for one in said.iterdir()} <= KEPT_EMPTY):
        mount |= {"type": "volume", "source": volume_name(str(shown))}
        yield f"{name}: {target} is a volume, since the project has nothing in {shown}. It outlives deploys."
        return
    if not mount.get("read_only"):
        yield f"{name}: {shown} is from the project and can only be read at {target}."
    mount |= {"source": str(_copied(said.resolve(), place, points, make=make)), "read_only": True}


def _copied(source: Path, place: Path, points: Sequence[Point] = (), *, make: bool) -> Path:
    digest = hashlib.sha256()
    for path in [source, *(sorted(source.rglob("*")) if source.is_dir() else ())]:
        digest.update(f"{path.relative_to(source)}\0{_kind(path)}\0".encode())
        if path.is_file() and not path.is_symlink():
            digest.update(_content(path))
    wanted = [one for one in points if source.is_dir() and _is_free(source, one[0])]
    for point, is_file in wanted:
        digest.update(f"{point}\0place {is_file}\0".encode())
    target = place / digest.hexdigest()[:32]
    if make and not target.exists():
        place.mkdir(mode=0o711, parents=True, exist_ok=True)
        draft = target.with_name(f".{target.name}.new")
        _discard(draft)
        if source.is_dir():
            shutil.copytree(source, draft, symlinks=True)
            for point, is_file in wanted:
                (draft / point if not is_file else (draft / point).parent).mkdir(parents=True, exist_ok=True)
                if is_file:
                    (draft / point).touch()
        else:
            shutil.copyfile(source, draft)
        for path in [draft, *draft.rglob("*")]:
            if not path.is_symlink():  # whoever a container runs as reads it
                path.chmod(
                    path.stat().st_mode | (0o555 if path.is_dir() or _runs(source, draft, path) else 0o444)
                )
        draft.replace(target)
    return target


def _is_free(source: Path, point: PurePosixPath) -> bool:
    """Is nothing there, nor a link or file on the way to it?"""
    way = [source / one for one in (point, *point.parents)]
    return not any(one.is_symlink() or one.is_file() for one in way) and not way[0].exists()


def _runs(source: Path, draft: Path, path: Path) -> bool:
    there = source / path.relative_to(draft)
    return there.exists() and bool(there.stat().st_mode & 0o111)


def _kind(path: Path) -> str:
    if path.is_symlink():
        return f"link {path.readlink()}"
    return "folder" if path.is_dir() else f"file {bool(path.stat().st_mode & 0o111)}"


def _content(path: Path) -> bytes:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()


def _written(text: str, place: Path, *, make: bool) -> Path:
    """A file with a secret: nobody but us enters the folder, and the container is given the file itself."""
    target = place / hashlib.sha256(b"secret\0" + text.encode()).hexdigest()[:32]
    if make and not target.exists():
        place.mkdir(mode=0o711, parents=True, exist_ok=True)
        draft = target.with_name(f".{target.name}.new")
        write_private(draft, text)
        draft.write_text(text, encoding="utf-8")
        draft.chmod(0o444)
        draft.replace(target)
    return target


def _discard(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    path.unlink(missing_ok=True)


def unused(place: Path, documents: list[Json]) -> list[Path]:
    """The copies that none of these stacks has."""
    named = {
        str(mount.get("source"))
        for document in documents
        for raw in part(document, "services").values()
        for mount in items(raw, "volumes")
    }
    for document in documents:
        for kind in ("configs", "secrets"):
            named |= {str(one.get("file")) for one in part(document, kind).values()}
    return [path for path in (place.iterdir() if place.is_dir() else ()) if str(path) not in named]
