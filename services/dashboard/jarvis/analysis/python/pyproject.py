"""`pyproject.toml`: what PEP 621 and the tools put into it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from jarvis.analysis.python.requirements import Requirement, normal, parse, read
from jarvis.analysis.python.values import items, strings, table, word
from jarvis.analysis.tree import Tree

FILE = "pyproject.toml"


@dataclass
class Pyproject:
    """What the file says.

    Attributes:
        project: It describes a project; else it only holds settings of tools.
        standard: It does so in the table that every tool reads.
        managers: Tools that have a table of their own in it: `poetry`, `uv`, `pdm`, `pixi`.
        packaged: Installing the project puts importable packages of it in place.
        requires_python: The versions it runs on, with the line.
        wanted: What it needs when it runs.
        extra: What its makers need, and what is only needed for parts of it.
        scripts: Commands that are there after it is installed: name → `module:function`.
        tasks: Commands that a tool runs for its makers: name → words.
        members: Patterns of the folders that a uv workspace holds.
    """

    project: bool = False
    standard: bool = False
    name: str = ""
    managers: tuple[str, ...] = ()
    backend: str = ""
    packaged: bool = False
    requires_python: str = ""
    wanted: list[Requirement] = field(default_factory=list[Requirement])
    extra: list[Requirement] = field(default_factory=list[Requirement])
    scripts: dict[str, str] = field(default_factory=dict[str, str])
    tasks: dict[str, str] = field(default_factory=dict[str, str])
    members: tuple[str, ...] = ()


def understand(tree: Tree, path: str = FILE) -> Pyproject:
    """Read it; nothing in it is taken for granted."""
    data = tree.toml(path)
    project, poetry = table(data, "project"), table(data, "tool", "poetry")
    tools = table(data, "tool")
    backend = word(table(data, "build-system").get("build-backend"))
    found = Pyproject(
        project=bool(project or poetry),
        standard=bool(project),
        name=word(project.get("name")) or word(poetry.get("name")),
        managers=tuple(name for name in ("poetry", "pdm", "uv", "pixi") if table(tools, name)),
        backend=backend,
        packaged=_packaged(data, backend),
        requires_python=word(project.get("requires-python")) or _poetry_python(poetry),
        members=tuple(strings(table(tools, "uv", "workspace").get("members"))),
    )
    found.wanted = [
        *_listed(tree, path, project.get("dependencies")),
        *_poetry(tree, path, poetry.get("dependencies")),
    ]
    found.wanted += _dynamic(tree, path, data)
    found.extra = list(_extra(tree, path, data))
    for source in (table(project, "scripts"), table(project, "gui-scripts"), table(poetry, "scripts")):
        for name, target in source.items():
            found.scripts[name] = (
                word(target) or word(table(target).get("reference")) or word(table(target).get("callable"))
            )
    for place in (
        ("pdm", "scripts"),
        ("poe", "tasks"),
        ("taskipy", "tasks"),
        ("rye", "scripts"),
        ("pixi", "tasks"),
    ):
        for name, task in table(tools, *place).items():
            found.tasks[name] = word(task) or word(table(task).get("cmd")) or word(table(task).get("shell"))
    return found


def _packaged(data: dict[str, Any], backend: str) -> bool:
    if (
        table(data, "tool", "poetry").get("package-mode") is False
        or table(data, "tool", "uv").get("package") is False
    ):
        return False
    return bool(backend)


def _poetry_python(poetry: dict[str, Any]) -> str:
    return word(table(poetry, "dependencies").get("python"))


def _listed(tree: Tree, path: str, value: object) -> Iterator[Requirement]:
    for text in strings(value):
        found = parse(text, path, tree.line_of(path, text))
        if found is not None:
            yield found


def _poetry(tree: Tree, path: str, value: object) -> Iterator[Requirement]:
    for name, asked in table(value).items():
        if normal(name) == "python":
            continue
        first = items(asked)[0] if items(asked) else asked
        extras = tuple(part.lower() for part in strings(table(first).get("extras")))
        version = word(first) or word(table(first).get("version"))
        version = "" if version == "*" else version
        line = tree.line_of(path, f"\n{name} ") or tree.line_of(path, f"\n{name}=")
        yield Requirement(
            normal(name), name.lower(), extras, version, path, None if line is None else line + 1
        )


def _dynamic(tree: Tree, path: str, data: dict[str, Any]) -> Iterator[Requirement]:
    folder = path.rpartition("/")[0]
    for name in strings(table(data, "tool", "setuptools", "dynamic", "dependencies").get("file")):
        inner = f"{folder}/{name}" if folder else name
        if inner in tree:
            yield from read(tree, inner)


def _extra(tree: Tree, path: str, data: dict[str, Any]) -> Iterator[Requirement]:
    poetry = table(data, "tool", "poetry")
    for value in table(data, "project", "optional-dependencies").values():
        yield from _listed(tree, path, value)
    for value in table(data, "dependency-groups").values():
        yield from _listed(tree, path, value)
    for value in table(data, "tool", "pdm", "dev-dependencies").values():
        yield from _listed(tree, path, value)
    yield from _listed(tree, path, table(data, "tool", "uv").get("dev-dependencies"))
    yield from _poetry(tree, path, poetry.get("dev-dependencies"))
    for group in table(poetry, "group").values():
        yield from _poetry(tree, path, table(group).get("dependencies"))
