"""Calls in a source file that start a server or might, and what they are given."""

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

_DEPTH = 5
"""Steps from a name to what it was given that are followed."""


@dataclass(frozen=True, slots=True)
class Run:
    """A call that starts a server or might: `app.run(port=5000)`."""

    call: str
    line: int
    host: str | None = None
    port: int | None = None
    debug: bool = False


RUNNERS = frozenset(
    {
        "run", "serve", "run_app", "listen", "launch", "start_server", "serve_forever", "run_simple",
        "run_server", "run_polling", "infinity_polling", "polling", "HTTPServer", "ThreadingHTTPServer",
        "TCPServer", "ThreadingTCPServer", "WSGIServer", "make_server", "start_polling", "quickstart", "bind",
        "create_server", "fast_app",
    }
)  # fmt: skip
"""Last words of calls that may start a server."""


def dotted(node: ast.expr, imports: Mapping[str, str]) -> str:
    """The path of a name as it was imported: `Flask` is `flask.Flask` after `from flask import Flask`."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if isinstance(node, ast.Call):
        return ".".join([dotted(node.func, imports) + "()", *reversed(parts)])
    if not isinstance(node, ast.Name):
        return ".".join(["?", *reversed(parts)])
    return ".".join([imports.get(node.id, node.id), *reversed(parts)])


def runs(nodes: Sequence[ast.AST], imports: Mapping[str, str]) -> Iterator[Run]:
    """Every call of a runner, wherever it stands."""
    called = [node for node in nodes if isinstance(node, ast.Call) and _name(node.func) in RUNNERS]
    values = _values(nodes) if called else {}
    for node in called:
        host, port = _address(node, values)
        debug = next((item.value for item in node.keywords if item.arg == "debug"), None)
        debugs = isinstance(debug, ast.Constant) and debug.value is True
        yield Run(dotted(node.func, imports), node.lineno, host, port, debugs)


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _address(node: ast.Call, values: Mapping[str, ast.expr]) -> tuple[str | None, int | None]:
    """Host and port: by keywords, as a pair, or as the first argument that looks like one."""
    host: str | None = None
    port: int | None = None
    for item in node.keywords:
        if item.arg in ("host", "hostname", "server_name", "address", "bind_addr"):
            host = text_of(item.value, values) or "?"
        elif item.arg in ("port", "server_port"):
            port = number_of(item.value, values)
    for value in node.args:
        if isinstance(value, ast.Tuple) and len(value.elts) == 2:
            host, port = text_of(value.elts[0], values), number_of(value.elts[1], values)
        elif port is None:
            port = number_of(value, values)
        if host is None and (text := text_of(value, values)) and text.count(".") == 3:
            host = text
    return host, port


def _values(nodes: Sequence[ast.AST]) -> dict[str, ast.expr]:
    """What plain names were last given, wherever that stands."""
    return {
        node.targets[0].id: node.value
        for node in nodes
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name)
    }


def _constants(node: ast.expr, values: Mapping[str, ast.expr], depth: int = 0) -> Iterator[object]:
    """The constants that an expression may come to: its own, a default, what a name was given."""
    if isinstance(node, ast.Constant):
        yield node.value
    if depth > _DEPTH:
        return
    inner: list[ast.expr] = []
    if isinstance(node, ast.Name) and node.id in values:
        inner = [values[node.id]]
    elif isinstance(node, ast.Call) and _name(node.func) in ("int", "str"):
        inner = node.args
    elif isinstance(node, ast.Call) and _name(node.func) in ("get", "getenv", "config"):
        inner = [*node.args[1:], *(item.value for item in node.keywords if item.arg == "default")]
    elif isinstance(node, ast.BoolOp):
        inner = node.values
    elif isinstance(node, ast.IfExp):
        inner = [node.body, node.orelse]
    for value in inner[:-4:-1]:
        yield from _constants(value, values, depth + 1)


def number_of(node: ast.expr, values: Mapping[str, ast.expr]) -> int | None:
    """A port in an expression: a literal, a default of the environment, a name that holds one of these."""
    for value in _constants(node, values):
        text = str(value) if isinstance(value, (int, str)) else ""
        if text.isascii() and text.isdecimal() and len(text) < 6 and 0 < int(text) < 65536:
            return int(text)
    return None


def text_of(node: ast.expr, values: Mapping[str, ast.expr]) -> str | None:
    """A string in an expression, by the same rules."""
    return next((value for value in _constants(node, values) if isinstance(value, str)), None)
