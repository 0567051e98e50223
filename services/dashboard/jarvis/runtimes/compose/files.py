"""Files of the project that containers see: copies that nothing changes, each named after its content.

A service that stays the same over deploys is changed only when such a file did. What the project does not
bring, and a service still wants to write to, becomes a volume.
"""

import copy
import hashlib
import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from jarvis.private import write_private
from jarvis.runtimes.compose.rules import CLOCKS, items, part, within

Json = dict[str, Any]

KEPT_EMPTY = frozenset({".gitkeep", ".keep", ".gitignore"})
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
        for mount in items(raw, "volumes"):
            said += _mount(name, mount, tree, place, make=make)
    for kind in ("configs", "secrets"):
        for name, one in sorted(part(done, kind).items()):
            if one.get("file") and within(tree, str(one["file"])):
                one["file"] = str(_copied(Path(one["file"]), place, make=make))
            elif one.get("environment") or "content" in one:
                value = variables.get(str(one.pop("environment", "")), one.pop("content", ""))
                one["file"] = str(_written(str(value), place, make=make))
            one["name"] = name
    return done, said


def _mount(name: str, mount: Json, tree: Path, place: Path, *, make: bool) -> Iterator[str]:
    """Let a mount lead to a copy or to a volume."""
    source, target = str(mount.get("source") or ""), str(mount["target"])
    if mount["type"] == "volume":
        mount.setdefault("source", "")
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
    mount |= {"source": str(_copied(said.resolve(), place, make=make)), "read_only": True}


def _copied(source: Path, place: Path, *, make: bool) -> Path:
    digest = hashlib.sha256()
    for path in [source, *(sorted(source.rglob("*")) if source.is_dir() else ())]:
        digest.update(f"{path.relative_to(source)}\0{_kind(path)}\0".encode())
        if path.is_file() and not path.is_symlink():
            digest.update(_content(path))
    target = place / digest.hexdigest()[:32]
    if make and not target.exists():
        place.mkdir(mode=0o711, parents=True, exist_ok=True)
        draft = target.with_name(f".{target.name}.new")
        _discard(draft)
        if source.is_dir():
            shutil.copytree(source, draft, symlinks=True)
        else:
            shutil.copyfile(source, draft)
        for path in [draft, *draft.rglob("*")]:
            if not path.is_symlink():  # whoever a container runs as reads it
                path.chmod(
                    path.stat().st_mode | (0o555 if path.is_dir() or _runs(source, draft, path) else 0o444)
                )
        draft.replace(target)
    return target


def _runs(source: Path, draft: Path, path: Path) -> bool:
    return bool((source / path.relative_to(draft)).stat().st_mode & 0o111)


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
