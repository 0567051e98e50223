"""The source that a Ruby program begins with, and what it does there."""

import re

from jarvis.analysis.tree import Tree

MAINS = (
    "app.rb", "main.rb", "server.rb", "web.rb", "application.rb", "api.rb", "index.rb", "run.rb",
    "start.rb", "bot.rb",
    "worker.rb", "service.rb", "hello.rb", "hello_world.rb", "script.rb", "cli.rb", "src/main.rb",
    "src/app.rb",
    "lib/main.rb", "lib/app.rb", "app/app.rb", "app/main.rb", "bin/main.rb",
)  # fmt: skip
"""Usual names, the likeliest first."""

_SETUP = frozenset({"gems.rb", "config.rb", "Rakefile", "Guardfile"})
_LISTENS = re.compile(
    r"\b(?:WEBrick::HTTPServer|TCPServer|Async::HTTP::Server|Socket\.tcp_server_loop|UNIXServer)\b"
)
_HTTP = re.compile(r"WEBrick|Async::HTTP|HTTP/1\.[01]")
_LAMBDA = re.compile(r"^[ \t]*def\s+(?:self\.)?(?:lambda_)?handler\s*\(\s*event:", re.MULTILINE)
_FUNCTION = re.compile(r"\bFunctionsFramework\.(?:http|cloud_event|typed)\b")
_VERCEL = re.compile(r"^[ \t]*Handler\s*=\s*(?:Proc\.new|lambda|->)", re.MULTILINE)


def main(tree: Tree) -> str:
    """The source to start; empty for none."""
    known = tree.first(*MAINS)
    if known:
        return known
    top = [
        path for path in tree.ending(".rb", depth=0) if path not in _SETUP and not path.startswith("spec_")
    ]
    if len(top) == 1:
        return top[0]
    speaking = [
        path for path in top if "__FILE__ == $0" in tree.text(path) or tree.text(path).startswith("#!")
    ]
    return (speaking or top or [""])[0]


def listens(tree: Tree, sources: list[str]) -> tuple[str, int, bool] | None:
    """The source that opens a server socket, its line, and whether it speaks HTTP; None for none."""
    for source in sources:
        if hit := tree.search(source, _LISTENS):
            return source, hit[1], bool(_HTTP.search(tree.text(source)))
    return None


def function(tree: Tree) -> tuple[str, int] | None:
    """A source that a platform calls, and its line; None for none."""
    for source in tree.ending(".rb", depth=1):
        place = source.rpartition("/")[0]
        patterns = (_FUNCTION, _LAMBDA, _VERCEL) if place in ("", "api", "src", "lib") else ()
        for pattern in patterns:
            if pattern is _VERCEL and place != "api":
                continue
            if hit := tree.search(source, pattern):
                return source, hit[1]
    return None
