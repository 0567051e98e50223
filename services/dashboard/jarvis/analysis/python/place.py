"""How a file is named as a module, and from which folder that holds."""

from dataclasses import dataclass

from jarvis.analysis.python.project import Project
from jarvis.analysis.python.sources import Sources


@dataclass(frozen=True, slots=True)
class Place:
    """A module and where Python has to look for it.

    Attributes:
        module: `main`, `app.main`.
        folder: The folder that must be on the path; empty for the current one.
    """

    module: str
    folder: str = ""


def of(path: str, sources: Sources, project: Project) -> Place:
    """The module in the file `path`."""
    tree = sources.tree
    stem = path.removesuffix(".py")
    *folders, name = stem.split("/")
    if name == "__init__" and folders:
        *folders, name = folders
    if not folders:
        return Place(name)
    package = "/".join(folders)
    if folders[0] == "src" and "src/__init__.py" not in tree:
        inner = _root(path, ["src"], folders[1:], sources)
        return (
            Place(".".join([*folders[1:], name]), "" if project.packaged and folders[1:] else "src")
            if inner
            else Place(name, package)
        )
    if _root(path, [], folders, sources):
        return Place(".".join([*folders, name]))
    return Place(name, package)


def _root(path: str, above: list[str], folders: list[str], sources: Sources) -> bool:
    """The folders are packages, as seen from `above`: by `__init__.py`, or by how the file imports others."""
    if not folders:
        return True
    tree = sources.tree
    module = sources.module(path)
    if module is not None:
        if module.relative or any(name.split(".")[0] == folders[0] for name in module.siblings):
            return True
        near = "/".join([*above, *folders])
        own = {name.split(".")[0] for name in module.siblings}
        beside = any(
            f"{near}/{name}.py" in tree or f"{near}/{name}/__init__.py" in tree for name in own if name
        )
        at_top = any("/".join([*above, name + ".py"]) in tree for name in own if name)
        if beside and not at_top:
            return False  # it imports its neighbours by their own names, so their folder is on the path
    return (
        "/".join([*above, folders[0], "__init__.py"]) in tree
        or path.endswith("/__init__.py")
        or module is not None
    )
