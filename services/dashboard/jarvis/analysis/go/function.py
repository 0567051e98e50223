"""Go code that a platform calls, without a server of its own."""

import re

from jarvis.analysis.go.frameworks import FRAMEWORKS, FUNCTIONS, listed
from jarvis.analysis.go.program import Program
from jarvis.analysis.go.sources import Source, aside
from jarvis.analysis.tree import Tree

_LISTENS = re.compile(
    r"\.(?:Listen|ListenAndServe|Run|Start|Serve)(?:TLS)?\(\s{0,9}(?:[\"`]|port|addr|os\.|fmt\.|ln\b)"
)
_EVENT = re.compile(
    r"^func\s+[A-Z]\w{0,80}\(\s{0,9}\w{0,40}\s{0,9}context\.Context,\s{0,9}\w{1,40}\s+\*?(?:\w{1,40}\.)?\w{0,40}"
    r"(?:Event|Message)\s{0,9}\)",
    re.MULTILINE,
)


def function(tree: Tree, sources: list[Source], program: Program | None) -> Source | None:
    """The source with the function; None when the project is something else.

    Three shapes are known: an exported handler at the top in a package that is no program, as Google wants
    it; handlers in `api/`, as Vercel wants them; and a program that hands a function to AWS Lambda.
    """
    caller = next((item for item in sources if _calls(item)), None)
    if caller is not None and caller.main and any("lambda" in path for path in caller.imports):
        return None if _LISTENS.search(tree.text(caller.path)) else caller
    running = program is not None and not aside(program.main.path)
    top = [item for item in sources if "/" not in item.path]
    library = bool(top) and all(item.package != "main" for item in top)
    if library and (caller is not None or not running):
        called = next((item for item in top if item.handler), None)
        return called or caller or next((item for item in top if _EVENT.search(tree.text(item.path))), None)
    if program is None:
        return next((item for item in sources if item.handler and item.path.startswith("api/")), None)
    return None


def framework(sources: list[Source], called: Source) -> tuple[str, Source, int] | None:
    """What the function answers with, the source and the line that show it; None for an event's function."""
    folder = [item for item in sources if item.folder == called.folder]
    for item in folder:
        for path, line in item.imports.items():
            if row := listed(path, FRAMEWORKS):
                return row[1], item, line
    for item in folder:
        if line := item.imports.get("net/http"):
            return "net/http", item, line
    return None


def _calls(source: Source) -> bool:
    return any(listed(path, FUNCTIONS) for path in source.imports)
