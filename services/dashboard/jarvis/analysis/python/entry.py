"""Where a program begins: the application object that a server is given, or the file that is run."""

import re
from dataclasses import dataclass

from jarvis.analysis.python.frameworks import BASES, FRAMEWORKS, MAKERS, ORDER, Framework
from jarvis.analysis.python.module import Made, Module
from jarvis.analysis.python.project import Project
from jarvis.analysis.python.sources import Sources

_MAKER = re.compile(
    rf"\b(?:{'|'.join(sorted(map(re.escape, BASES)))})\b\s*\("
    rf"|^class\s+\w+\([^)\n]*\b(?:{'|'.join(sorted(map(re.escape, BASES)))})\b"
    r"|\b(?:create|make|build|get|init|setup)_\w*app\w*\s*\(",
    re.MULTILINE,
)
_OLD = re.compile(r"^(\w+)\s*=\s*(?:(\w+)\.)?(Flask|Bottle|FastAPI|Starlette|Quart|Sanic)\s*\(", re.MULTILINE)
_OBJECTS = ("app", "application", "server", "api", "wsgi", "asgi")
_FACTORY = re.compile(r"(?:create|make|build|get|init|setup)_?\w*app\w*|main|app|init")
_TESTS = re.compile(r"(?:^|/)tests?/")


@dataclass(frozen=True, slots=True)
class App:
    """An application object.

    Attributes:
        framework: What made it; None where only its name speaks.
        name: Its name in the module, or the function's that makes it; empty for one without a name.
        factory: It has to be called first.
        plain: It can be called without arguments.
    """

    framework: Framework | None
    file: str
    line: int
    name: str
    factory: bool = False
    plain: bool = True


def find(sources: Sources, project: Project) -> list[App]:
    """The application objects in the order in which a server should be given them."""
    paths = [path for path in sources.holding(_MAKER) if not _TESTS.search(path)]
    made: dict[str, Framework] = {}
    found: list[App] = []
    for _ in range(2):  # what one file makes, another that was read before it may import
        found = [app for path in paths for app in _in_file(sources, path, made)]
        made = {
            f"{_dotted(app.file)}.{app.name}": app.framework for app in found if app.framework and app.name
        }
    found += _handed_on(sources, found)
    return sorted(found, key=lambda app: _rating(app, sources, project))


def _rating(app: App, sources: Sources, project: Project) -> tuple[int, ...]:
    framework = app.framework
    known = framework is not None and project.has(*framework.distributions) is not None
    return (
        0 if framework is None or framework.kind != "worker" else 1,
        0 if app.file.rpartition("/")[2] in ("wsgi.py", "asgi.py") and not app.factory else 1,
        0 if not app.factory else 1,
        0 if known or framework is None else 1,
        sources.files.index(app.file),
        ORDER[framework.name] if framework else len(ORDER),
        _OBJECTS.index(app.name) if app.name in _OBJECTS else len(_OBJECTS),
        app.line,
    )


def _maker(call: str, module: Module, made: dict[str, Framework]) -> Framework | None:
    """What a dotted call makes; a star import and a subclass are followed."""
    direct = MAKERS.get(call) or made.get(call) or made.get(call.lstrip("."))
    if direct or "." in call:
        return direct
    for base in module.classes.get(call, ()):
        if base in MAKERS:
            return MAKERS[base]
    for name, source in module.imports.items():
        if name.startswith("*") and f"{source}.{call}" in MAKERS:
            return MAKERS[f"{source}.{call}"]
    return None


def _in_file(sources: Sources, path: str, made: dict[str, Framework]) -> list[App]:
    module = sources.module(path)
    return _in_module(path, module, made) if module else _by_sight(sources, path)


def _in_module(path: str, module: Module, made: dict[str, Framework]) -> list[App]:
    found: list[App] = []
    makers: dict[str, Framework] = {}
    for item in module.made:
        if item.factory and (framework := _maker(item.call, module, made)):
            makers.setdefault(item.name, framework)
    for item in module.made:
        framework = _maker(item.call, module, made) or makers.get(item.call)
        if item.factory:
            if framework and framework.protocol and _FACTORY.fullmatch(item.name):
                found.append(_app(framework, path, item))
        elif framework:
            found.append(_app(framework, path, item))
        elif item.name in _OBJECTS[:2] and _FACTORY.fullmatch(item.call.rpartition(".")[2]):
            found.append(App(None, path, item.line, item.name))
    return found or _hidden(path, module)


def _hidden(path: str, module: Module) -> list[App]:
    """Applications without a name at the top: no server can be given them, but they tell the framework."""
    seen = list(module.called.items())
    seen += [(base, module.names[name]) for name, bases in module.classes.items() for base in bases]
    return [App(MAKERS[call], path, line, "", True, False) for call, line in seen if call in MAKERS]


def _app(framework: Framework, path: str, item: Made) -> App:
    return App(framework, path, item.line, item.name, item.factory, item.plain)


def _by_sight(sources: Sources, path: str) -> list[App]:
    """The file is no Python 3, or too large to parse."""
    text = sources.tree.text(path)
    found: list[App] = []
    for match in _OLD.finditer(text):
        framework = next(
            (item for item in FRAMEWORKS if any(call.endswith("." + match[3]) for call in item.makers)), None
        )
        found.append(App(framework, path, text.count("\n", 0, match.start()) + 1, match[1]))
    return found


def _handed_on(sources: Sources, found: list[App]) -> list[App]:
    """`wsgi.py` and the like that only import the application from elsewhere."""
    handed: list[App] = []
    known = {f"{_dotted(app.file)}.{app.name}": app for app in found if not app.factory}
    for path in sources.files:
        folder, _, name = path.rpartition("/")
        if (
            name not in ("wsgi.py", "asgi.py")
            or any(app.file == path for app in found)
            or folder.count("/") > 1
        ):
            continue
        module = sources.module(path)
        for local in _OBJECTS[:2]:
            if module and local in module.names and local in module.imports:
                origin = known.get(module.imports[local].lstrip("."))
                handed.append(App(origin.framework if origin else None, path, module.names[local], local))
                break
            if module and local in module.names:
                handed.append(App(None, path, module.names[local], local))
                break
    return handed


def _dotted(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").removeprefix("src/").replace("/", ".")
