"""`setup.py` and `setup.cfg`: read, never run."""

import ast
import re
from configparser import ConfigParser, Error
from dataclasses import dataclass, field

from jarvis.analysis.python.module import parse as parse_module
from jarvis.analysis.python.requirements import Requirement, parse, read
from jarvis.analysis.tree import Tree

_READ = re.compile(r"[\"']((?:[\w.-]{1,40}/)?[\w.-]{0,40}req[\w.-]{0,40}\.(?:txt|in))[\"']")


@dataclass
class Setup:
    """What the two files say together.

    Attributes:
        file: The one that makes it a project; empty for none.
        scripts: Commands that are there after it is installed: name → `module:function`.
    """

    file: str = ""
    name: str = ""
    requires_python: str = ""
    wanted: list[Requirement] = field(default_factory=list[Requirement])
    scripts: dict[str, str] = field(default_factory=dict[str, str])


def understand(tree: Tree) -> Setup:
    """Read `setup.cfg` first, then what `setup.py` adds."""
    found = Setup()
    if "setup.cfg" in tree:
        _config(tree, found)
    if "setup.py" in tree:
        found.file = "setup.py"
        _call(tree, found)
        if not found.wanted:
            for path in _READ.findall(tree.text("setup.py")):
                found.wanted += read(tree, path)
    return found


def _config(tree: Tree, found: Setup) -> None:
    parser = ConfigParser(interpolation=None, strict=False)
    try:
        parser.read_string(tree.text("setup.cfg"))
    except (Error, ValueError):
        return
    found.name = parser.get("metadata", "name", fallback="").strip()
    if found.name or parser.has_section("options"):
        found.file = "setup.cfg"
    found.requires_python = parser.get("options", "python_requires", fallback="").strip()
    for text in parser.get("options", "install_requires", fallback="").splitlines():
        asked = parse(text.strip(), "setup.cfg", tree.line_of("setup.cfg", text)) if text.strip() else None
        if asked is not None:
            found.wanted.append(asked)
    for text in parser.get("options.entry_points", "console_scripts", fallback="").splitlines():
        _script(found, text)


def _script(found: Setup, text: str) -> None:
    name, equals, target = text.partition("=")
    if equals and name.strip():
        found.scripts[name.strip()] = target.strip()


def _call(tree: Tree, found: Setup) -> None:
    body = parse_module(tree.text("setup.py"))
    if body is None:
        _guess(tree, found)
        return
    values = {
        node.targets[0].id: node.value
        for node in body.body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }
    for node in ast.walk(body):
        if isinstance(node, ast.Call) and _called(node.func) == "setup":
            for keyword in node.keywords:
                value = keyword.value
                if isinstance(value, ast.Name):
                    value = values.get(value.id, value)
                _argument(found, keyword.arg or "", value)
            return


def _called(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _argument(found: Setup, name: str, value: ast.expr) -> None:
    if name == "name" and isinstance(value, ast.Constant):
        found.name = str(value.value)
    elif name == "python_requires" and isinstance(value, ast.Constant):
        found.requires_python = str(value.value)
    elif name == "install_requires":
        for item in _constants(value):
            asked = parse(item.value, "setup.py", item.lineno) if isinstance(item.value, str) else None
            if asked is not None:
                found.wanted.append(asked)
    elif name == "entry_points" and isinstance(value, ast.Dict):
        for key, inner in zip(value.keys, value.values, strict=True):
            if isinstance(key, ast.Constant) and key.value in ("console_scripts", "gui_scripts"):
                for item in _constants(inner):
                    _script(found, str(item.value))
    elif name == "scripts":
        for item in _constants(value):
            path = str(item.value)
            found.scripts[path.rpartition("/")[2]] = path


def _constants(node: ast.expr) -> list[ast.Constant]:
    return [item for item in ast.walk(node) if isinstance(item, ast.Constant)]


def _guess(tree: Tree, found: Setup) -> None:
    """It is no Python 3: look for the list alone."""
    match = tree.search("setup.py", re.compile(r"install_requires\s*=\s*\[([^\]]{0,8000})\]"))
    if match is None:
        return
    for text in re.findall(r"[\"']([^\"']+)[\"']", match[0][1]):
        asked = parse(text, "setup.py", tree.line_of("setup.py", text))
        if asked is not None:
            found.wanted.append(asked)
