"""package.json, or one of the two files that pnpm reads in its place."""

import json
import re
from functools import cached_property
from typing import Any

from jarvis.analysis.node.values import mapping, text, texts
from jarvis.analysis.tree import Tree

NAMES = ("package.json", "package.json5", "package.yaml")

_TOKEN = re.compile(r'"((?:[^"\\\n]|\\.)*+)(?:"(\s*+:)?)?|[{}\[\]]|\n')
_JSON5 = re.compile(
    r"""("(?:[^"\\\n]|\\.)*+"?)|'((?:[^'\\\n]|\\.)*+)'?|(/\*.*?(?:\*/|\Z)|//[^\n]*)|,(?=\s*+[}\]])|([A-Za-z_$][\w$]*+)(?=\s*+:)""",
    re.DOTALL,
)


class Manifest:
    """One package, read once; whatever has a wrong shape counts as missing.

    Attributes:
        file: Where it was read from, relative to the tree.
        scripts: Name → command.
        runtime: Packages that are installed in production too: name → range.
        development: Packages for building and testing: name → range.
        main: The program's main file as stated; empty for none.
    """

    def __init__(self, tree: Tree, file: str) -> None:
        """Read `file` of `tree`."""
        self.tree = tree
        self.file = file
        self.data = _load(tree, file)
        self.scripts = {
            name: words for name, words in texts(self.data.get("scripts")).items() if words.strip()
        }
        self.runtime = texts(self.data.get("dependencies")) | texts(self.data.get("optionalDependencies"))
        self.development = texts(self.data.get("devDependencies"))
        self.main = text(self.data.get("main")).removeprefix("./")

    @property
    def name(self) -> str:
        """What the package calls itself."""
        return text(self.data.get("name"))

    def has(self, *packages: str) -> str:
        """The first of `packages` that is a direct dependency of any sort; empty for none."""
        return next((name for name in packages if name in self.runtime or name in self.development), "")

    def range(self, package: str) -> str:
        """The range of a direct dependency; empty when it is none."""
        return self.runtime.get(package) or self.development.get(package, "")

    def major(self, package: str) -> int | None:
        """The first number of a dependency's range; None when there is none."""
        match = re.search(r"\d+", self.range(package))
        return int(match[0]) if match else None

    def line(self, section: str, key: str = "") -> int | None:
        """The line of a key at the top, or of a key within a section of it."""
        if self.file.endswith(".json"):
            return self._lines.get((section, key))
        return self.tree.line_of(self.file, key or section)

    def line_of(self, package: str) -> int | None:
        """The line on which a direct dependency is named."""
        sections = ("dependencies", "devDependencies", "optionalDependencies", "peerDependencies")
        return next((line for name in sections if (line := self.line(name, package))), None)

    @cached_property
    def _lines(self) -> dict[tuple[str, str], int]:
        found: dict[tuple[str, str], int] = {}
        above: list[str] = []
        key = ""
        line = 1
        for match in _TOKEN.finditer(self.tree.text(self.file)):
            sign = match[0]
            if sign == "\n":
                line += 1
            elif sign in "{[":
                above.append(key)
                key = ""
            elif sign in "}]":
                key = above.pop() if above else ""
            elif match[2]:
                key = match[1]
                line += match[2].count("\n")
                if len(above) == 1:
                    found.setdefault((key, ""), line)
                elif len(above) == 2:
                    found.setdefault((above[1], key), line)
        return found


def _load(tree: Tree, file: str) -> dict[str, Any]:
    if file.endswith((".yaml", ".yml")):
        return mapping(tree.yaml(file))
    if file.endswith(".json5"):
        try:
            return mapping(json.loads(_JSON5.sub(_as_json, tree.text(file))))
        except (ValueError, RecursionError):
            return {}
    return tree.json(file)


def _as_json(match: "re.Match[str]") -> str:
    if match[2] is not None:
        return json.dumps(match[2].replace("\\'", "'"))
    return match[1] or (f'"{match[4]}"' if match[4] else " ")
