"""A program without a framework: which file is run, and whether it serves anybody."""

import re
from dataclasses import dataclass

from jarvis.analysis.python.module import Module
from jarvis.analysis.python.project import Project
from jarvis.analysis.python.sources import PROGRAMS, Sources

_SERVER = re.compile(
    r"\b(?:Threading)?HTTPServer\s*\(|\bTCPServer\s*\(|\bmake_server\s*\(|\bWSGIServer\s*\(|\bserve_forever\s*\(|\brun_simple\s*\("
    r"|\bwebsockets\.serve\s*\(|\basyncio\.start_server\s*\(|\bgrpc\.(?:aio\.)?server\s*\(|\bsimple_server\b|\bhttp\.server\b"
    r"|\.accept\s*\(\s*\)|\bHypercornConfig\b|\buvicorn\.run\s*\("
)
_WSGI = (("environ", "start_response"), ("env", "start_response"), ("environ", "respond"), ("env", "start"))
_PLAIN = re.compile(r"\bdef\s+\w+\(\s*(?:environ|env|scope)\s*[,:]")
_HANDLER = re.compile(r"class\s+handler\s*\(\s*(?:http\.server\.)?\w*HTTPRequestHandler\s*\)")
_STARTS = ("start", "serve", "server", "web", "run", "app", "main", "prod", "production")


@dataclass(frozen=True, slots=True)
class Program:
    """What is run.

    Attributes:
        file: Its file; empty where only a command of the project is known.
        command: A command of the project; empty where the file is run.
        sure: It is named as programs are, or says itself that it is run.
        raw: `wsgi` or `asgi`: the name of a plain function that a server can be given, after a colon.
    """

    file: str
    command: str
    line: int | None
    why: str
    serves: bool = False
    sure: bool = True
    raw: str = ""


def find(project: Project, sources: Sources) -> Program | None:
    """The program; None when there is nothing that could be run."""
    raw = _raw(sources)
    if raw is not None:
        return raw
    top = [path for path in sources.files if "/" not in path and path != "__init__.py"]
    main = _main(project, sources, top)
    script = _script(project, sources)
    if script is not None and (main is None or not main[1]):
        return script
    if main is None:
        return None
    path, sure = main
    why = f"{path} is named as programs are" if sure else f"{path} is what can be run"
    return Program(path, "", None, why, serves(sources, path), sure)


def serves(sources: Sources, path: str) -> bool:
    """The file waits for others to call."""
    return _SERVER.search(sources.tree.text(path)) is not None


def _raw(sources: Sources) -> Program | None:
    for path in sources.files[:12]:
        text = sources.tree.text(path)
        if not _PLAIN.search(text):
            continue
        module = sources.module(path)
        for item in module.functions if module else ():
            if item.arguments[:2] in _WSGI:
                why = f"{item.name} is a WSGI application"
                return Program(path, "", item.line, why, serves=True, raw=f"wsgi:{item.name}")
            if item.asynchronous and item.arguments[:3] == ("scope", "receive", "send"):
                why = f"{item.name} is an ASGI application"
                return Program(path, "", item.line, why, serves=True, raw=f"asgi:{item.name}")
    return None


def _main(project: Project, sources: Sources, top: list[str]) -> tuple[str, bool] | None:
    """The file to run and whether its name or its end says so."""
    named = [path for path in top if path.rpartition(".")[0].lower() in PROGRAMS]
    if named and not (project.packaged and named[0].startswith("test")):
        return named[0], True
    packages = [path for path in sources.files if path.endswith("/__main__.py")]
    if packages:
        return packages[0], True
    guarded = [path for path in top if _guarded(sources.module(path), sources.tree.text(path))]
    if guarded and not project.packaged:
        return guarded[0], True
    if top and not project.packaged:
        return top[0], False
    deep = [
        path
        for path in sources.files
        if path.startswith("src/") and path.rpartition("/")[2] in ("main.py", "app.py", "server.py", "bot.py")
    ]
    deep += [path for path in sources.files if path.count("/") == 1 and path.rpartition("/")[2] == "main.py"]
    return (deep[0], True) if deep else None


def _guarded(module: Module | None, text: str) -> bool:
    return module.guard is not None if module else "__main__" in text


def _script(project: Project, sources: Sources) -> Program | None:
    """A command that installing the project puts in place."""
    if not project.scripts:
        return None
    names = sorted(
        project.scripts,
        key=lambda name: (name != project.name, _STARTS.index(name) if name in _STARTS else len(_STARTS)),
    )
    name = names[0]
    target, file = project.scripts[name]
    line = sources.tree.line_of(file, name)
    path = target.partition(":")[0].replace(".", "/")
    source = sources.tree.first(
        *(f"{start}{path}{end}" for start in ("", "src/") for end in (".py", "/__init__.py"))
    )
    why = f"{file} makes the command {name}"
    return Program(source, name, line, why, serves=bool(source) and serves(sources, source))


def handler(sources: Sources) -> str:
    """A file of `api/` that a platform for functions would call; empty for none."""
    for path in sources.everything:
        if path.startswith("api/") and path.count("/") <= 2 and _HANDLER.search(sources.tree.text(path)):
            return path
    return ""
