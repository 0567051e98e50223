"""Conda and pixi: environments that name Python beside everything else."""

import re

from jarvis.analysis.python.requirements import Requirement, normal, parse
from jarvis.analysis.python.values import items, table, word
from jarvis.analysis.tree import Tree

FILES = (
    "environment.yml",
    "environment.yaml",
    "conda.yml",
    "conda.yaml",
    "conda-environment.yml",
    "env.yml",
    "env.yaml",
)
_SPEC = re.compile(r"(?:[\w.-]+::)?([A-Za-z0-9][\w.-]*)\s*(.*)$")


def find(tree: Tree) -> str:
    """The environment file at the top; empty for none."""
    path = tree.first(*FILES)
    return path if path and items(tree.yaml(path).get("dependencies")) else ""


def understand(tree: Tree, path: str) -> tuple[str, list[Requirement]]:
    """What it asks of Python's version, and the rest of what it lists."""
    python, wanted = "", list[Requirement]()
    for item in items(tree.yaml(path).get("dependencies")):
        for text in items(table(item).get("pip")):
            found = parse(word(text), path, tree.line_of(path, word(text)))
            if found is not None:
                wanted.append(found)
        match = _SPEC.match(word(item))
        if match is None:
            continue
        version = match[2].replace(" ", "").lstrip("=") if match[2].startswith("=") else match[2].strip()
        if match[1] == "python":
            python = version
        elif match[1] != "pip":
            wanted.append(
                Requirement(
                    normal(match[1]), match[1].lower(), (), version, path, tree.line_of(path, word(item))
                )
            )
    return python, wanted


def pixi(tree: Tree, path: str) -> tuple[str, list[Requirement], dict[str, str]]:
    """The same of `pixi.toml`, with its tasks."""
    data = tree.toml(path)
    python = word(table(data, "dependencies").get("python"))
    wanted = [
        Requirement(normal(name), name.lower(), (), word(asked), path, tree.line_of(path, f"\n{name} "))
        for place in ("dependencies", "pypi-dependencies")
        for name, asked in table(data, place).items()
        if name != "python"
    ]
    tasks = {name: word(task) or word(table(task).get("cmd")) for name, task in table(data, "tasks").items()}
    return python, wanted, tasks
