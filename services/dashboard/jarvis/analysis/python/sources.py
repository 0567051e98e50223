"""Which few source files are worth a look, and what they import."""

import re
from functools import cached_property

from jarvis.analysis.python.module import Module, understand
from jarvis.analysis.tree import Tree

FILES = 48
"""Files that are read."""
SIGNS = 768 * 1024
"""Signs of them together."""
PARSED = 16
"""Files that are parsed at most."""
DEPTH = 4
"""Folders below which nothing is looked for."""

ENTRIES = (
    "main", "app", "server", "wsgi", "asgi", "application", "run", "web", "api", "index", "start", "serve",
    "site", "streamlit_app", "gradio_app", "function_app", "bot", "home", "webapp", "service", "program",
    "launch", "hello", "hello_world", "helloworld", "worker", "cli", "__main__", "__init__", "handler",
    "handlers", "lambda_function", "views", "routes", "agent", "example", "demo", "simple", "test",
)  # fmt: skip
"""Names of files that programs are started by, the likeliest first."""
_RANK = {name: at for at, name in enumerate(ENTRIES)}

_PARTS = frozenset({"__init__", "handler", "handlers", "views", "routes", "test", "lambda_function"})
PROGRAMS = frozenset(ENTRIES) - _PARTS
"""Those of them that are started as files."""

_APART = frozenset(
    {
        "test", "tests", "testing", "docs", "doc", "example", "examples", "samples", "migrations", "alembic",
        "benchmarks", "bench", "scripts", "script", "tools", "ci", "fixtures", "node_modules",
        "site-packages", "dist-packages", "vendor", "build", "dist", "notebooks", "static", "templates",
        "versions", "e2e", "env", ".github", "eggs", "third_party",
    }
)  # fmt: skip
"""Folders whose files are no part of the running program."""
_TOOLS = frozenset(
    {
        "setup", "conftest", "noxfile", "fabfile", "dodo", "versioneer", "ez_setup", "distribute_setup",
        "pavement", "manage", "_version", "__version__", "__about__", "gunicorn.conf", "gunicorn_conf",
        "gunicorn_config", "gunicorn",
    }
)  # fmt: skip
_NAMES = r"[\w.]+(?:[ \t]+as[ \t]+\w+)?"
_IMPORT = re.compile(
    rf"^[ \t]*(?:from[ \t]+([\w.]+)[ \t]+import\b|import[ \t]+({_NAMES}(?:[ \t]*,[ \t]*{_NAMES})*))",
    re.MULTILINE,
)


def _is_test(name: str) -> bool:
    return name.startswith("test_") or name.endswith(("_test", "_tests")) or name in ("tests", "conftest")


class Sources:
    """The source files of a folder that may tell what it is.

    Attributes:
        everything: All its Python files, shallow ones first.
        files: Those that are looked at, the likeliest entry points first.
    """

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.everything = [path for path in tree.ending(".py", ".pyw") if path not in tree.links]
        self.files = self._likely()
        self._modules: dict[str, Module | None] = {}

    def _likely(self) -> list[str]:
        rated: list[tuple[int, int, str]] = []
        for path in self.everything:
            *folders, file = path.split("/")
            name = file.rpartition(".")[0].lower()
            if len(folders) > DEPTH:
                break
            if name in _TOOLS or _is_test(name) or any(folder.lower() in _APART for folder in folders):
                continue
            depth = len(folders) - (1 if folders and folders[0] in ("src", "app") else 0)
            rank = _RANK.get(name, 10 if folders and name == folders[-1].lower() else len(ENTRIES))
            rated.append((depth * 25 + rank, len(rated), path))
        chosen: list[str] = []
        signs = 0
        for _, _, path in sorted(rated):
            if len(chosen) >= FILES or signs > SIGNS:
                break
            signs += self.tree.sizes[path]
            chosen.append(path)
        return chosen

    @cached_property
    def imports(self) -> dict[str, tuple[str, int]]:
        """Every module that is imported by the files, with its parents → first file and line."""
        found: dict[str, tuple[str, int]] = {}
        for path in self.files:
            text = self.tree.text(path)
            for match in _IMPORT.finditer(text):
                names = (
                    [match[1]]
                    if match[1]
                    else [part.split()[0] for part in match[2].split(",") if part.split()]
                )
                for name in names:
                    if name in found:
                        continue
                    place = (path, text.count("\n", 0, match.start()) + 1)
                    parts = name.split(".")
                    for end in range(1, len(parts) + 1):
                        found.setdefault(".".join(parts[:end]), place)
        return found

    def module(self, path: str) -> Module | None:
        """The file parsed; None when it cannot be, or when enough was parsed."""
        if path not in self._modules:
            if len(self._modules) >= PARSED:
                return None
            self._modules[path] = understand(self.tree.text(path))
        return self._modules[path]

    def holding(self, pattern: re.Pattern[str]) -> list[str]:
        """Those of the files in which `pattern` occurs."""
        return [path for path in self.files if pattern.search(self.tree.text(path))]
