"""One source file, parsed but never run: what it imports, the applications it makes, how it starts them."""

import ast
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from jarvis.analysis.python.calls import Run, dotted, runs

PARSE_AT_MOST = 96 * 1024
"""Signs of a file that is parsed; an entry point is shorter, and parsing is the dearest step of all."""


@dataclass(frozen=True, slots=True)
class Made:
    """A call whose result has a name, or that a function hands back.

    Attributes:
        name: The variable, or the function that hands it back.
        call: The dotted path of what was called, as imported: `flask.Flask`.
        factory: `name` is a function.
        plain: The function can be called without arguments.
    """

    name: str
    call: str
    line: int
    factory: bool = False
    plain: bool = True


@dataclass(frozen=True, slots=True)
class Function:
    """A function at the top of a module."""

    name: str
    line: int
    arguments: tuple[str, ...]
    asynchronous: bool
    decorators: tuple[str, ...]


@dataclass
class Module:
    """What a file holds.

    Attributes:
        imports: Local name → dotted path, for every import wherever it stands; `*` imports under `*module`.
        made: Calls at the top level and in factories.
        names: Every name that is bound at the top level → line.
        runs: Calls of `run`, `serve` and the like.
        called: Dotted path of everything that is called, wherever that stands → first line.
        guard: Line of `if __name__ == "__main__"`; None without.
        siblings: Modules that are imported by their own name, for telling folders from packages.
        relative: It imports relatively, so it belongs to a package.
    """

    imports: dict[str, str] = field(default_factory=dict[str, str])
    made: list[Made] = field(default_factory=list[Made])
    names: dict[str, int] = field(default_factory=dict[str, int])
    functions: list[Function] = field(default_factory=list[Function])
    classes: dict[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    runs: list[Run] = field(default_factory=list[Run])
    called: dict[str, int] = field(default_factory=dict[str, int])
    guard: int | None = None
    siblings: set[str] = field(default_factory=set[str])
    relative: bool = False


def parse(text: str) -> ast.Module | None:
    """The syntax tree; None when it is no Python 3 or too large."""
    if len(text) > PARSE_AT_MOST:
        return None
    try:
        with warnings.catch_warnings():  # a strange escape in an upload is not a word for our log
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def understand(text: str) -> Module | None:
    """Read a file; None when it cannot be parsed."""
    tree = parse(text)
    if tree is None:
        return None
    module = Module()
    try:
        nodes = list(ast.walk(tree))
        _imports(nodes, module)
        for node in _statements(tree.body, module):
            _statement(node, module)
        module.runs = list(runs(nodes, module.imports))
        for node in nodes:
            if isinstance(node, ast.Call):
                module.called.setdefault(dotted(node.func, module.imports), node.lineno)
    except RecursionError:
        return None
    return module


def _imports(nodes: Sequence[ast.AST], module: Module) -> None:
    for node in nodes:
        if isinstance(node, ast.Import):
            for alias in node.names:
                module.imports[alias.asname or alias.name.split(".")[0]] = (
                    alias.name if alias.asname else alias.name.split(".")[0]
                )
                module.imports.setdefault(alias.name, alias.name)
                module.siblings.add(alias.name)
        elif isinstance(node, ast.ImportFrom):
            if node.level:
                module.relative = True
            source = node.module or ""
            if not node.level:
                module.siblings.add(source)
            for alias in node.names:
                if alias.name == "*":
                    module.imports["*" + source] = source
                else:
                    module.imports[alias.asname or alias.name] = (
                        "." * node.level + f"{source}.{alias.name}".strip(".")
                    )


def _statements(body: list[ast.stmt], module: Module) -> Iterator[ast.stmt]:
    for node in body:
        yield node
        if isinstance(node, ast.If):
            if _is_guard(node.test):
                module.guard = node.lineno
            yield from _statements(node.body, module)
            yield from _statements(node.orelse, module)
        elif isinstance(node, (ast.Try, ast.With, ast.For, ast.While)):
            yield from _statements(node.body, module)
            for handler in getattr(node, "handlers", ()):
                yield from _statements(handler.body, module)


def _is_guard(test: ast.expr) -> bool:
    return any(isinstance(node, ast.Name) and node.id == "__name__" for node in ast.walk(test))


def _statement(node: ast.stmt, module: Module) -> None:
    if isinstance(node, (ast.Assign, ast.AnnAssign)):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        for target in targets:
            for name in _bound(target):
                module.names.setdefault(name, node.lineno)
                if isinstance(node.value, ast.Call):
                    module.made.append(Made(name, dotted(node.value.func, module.imports), node.lineno))
                    if isinstance(target, ast.Tuple):
                        break  # `app, rt = fast_app()`: the first is the application
    elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        module.names.setdefault(node.name, node.lineno)
        _function(node, module)
    elif isinstance(node, ast.ClassDef):
        module.names.setdefault(node.name, node.lineno)
        module.classes[node.name] = tuple(dotted(base, module.imports) for base in node.bases)
    elif isinstance(node, (ast.Import, ast.ImportFrom)):
        for alias in node.names:
            module.names.setdefault(alias.asname or alias.name.split(".")[0], node.lineno)


def _bound(target: ast.expr) -> Iterator[str]:
    if isinstance(target, ast.Name):
        yield target.id
    elif isinstance(target, (ast.Tuple, ast.List)):
        for item in target.elts:
            yield from _bound(item)


def _function(node: ast.FunctionDef | ast.AsyncFunctionDef, module: Module) -> None:
    arguments = [*node.args.posonlyargs, *node.args.args]
    marks = tuple(
        dotted(mark.func if isinstance(mark, ast.Call) else mark, module.imports)
        for mark in node.decorator_list
    )
    module.functions.append(
        Function(
            node.name,
            node.lineno,
            tuple(item.arg for item in arguments),
            isinstance(node, ast.AsyncFunctionDef),
            marks,
        )
    )
    plain = len(arguments) <= len(node.args.defaults)
    plain = plain and all(value is not None for value in node.args.kw_defaults)
    local: dict[str, Made] = {}
    for inner in ast.walk(node):
        if isinstance(inner, ast.Assign) and isinstance(inner.value, ast.Call):
            for name in (name for target in inner.targets for name in _bound(target)):
                local.setdefault(
                    name, Made(node.name, dotted(inner.value.func, module.imports), inner.lineno, True, plain)
                )
        elif isinstance(inner, ast.Return):
            value = inner.value
            if isinstance(value, ast.Call):
                module.made.append(
                    Made(node.name, dotted(value.func, module.imports), inner.lineno, True, plain)
                )
            elif isinstance(value, ast.Name) and value.id in local:
                module.made.append(local[value.id])
