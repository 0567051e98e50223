"""Everything that was found out about a folder, before it is weighed."""

from dataclasses import dataclass

from jarvis.analysis.procfile import processes
from jarvis.analysis.python import django, entry, functions, program
from jarvis.analysis.python.choose import Choice, choose
from jarvis.analysis.python.django import Django
from jarvis.analysis.python.entry import App
from jarvis.analysis.python.frameworks import BY_NAME
from jarvis.analysis.python.program import Program
from jarvis.analysis.python.project import Project
from jarvis.analysis.python.sources import Sources
from jarvis.analysis.tree import Tree

_FUNCTION = frozenset({"azure-functions", "functions-framework", "chalice"})


@dataclass(frozen=True, slots=True)
class Look:
    """The folder as it was seen."""

    tree: Tree
    project: Project
    sources: Sources
    django: Django | None
    apps: list[App]
    choice: Choice | None
    program: Program | None

    @property
    def framework(self) -> str:
        """Its name; `none` without one."""
        return self.choice.framework.name if self.choice else "none"

    @property
    def first(self) -> str:
        """A file that stands for the whole."""
        named = self.choice.file if self.choice else self.program.file if self.program else ""
        return named or self.project.manifest or next(iter(self.sources.files or self.sources.everything), "")


@dataclass(frozen=True, slots=True)
class Kind:
    """What sort of thing it is, and the reason."""

    name: str
    file: str
    line: int | None
    why: str


def take(tree: Tree, project: Project, sources: Sources) -> Look:
    """Look for everything that tells what it is."""
    apps = entry.find(sources, project)
    choice = choose(project, sources, apps) or _azure(project, sources)
    return Look(tree, project, sources, django.find(sources), apps, choice, program.find(project, sources))


def _azure(project: Project, sources: Sources) -> Choice | None:
    found = functions.azure(sources)
    if found is None:
        return None
    framework = BY_NAME["azure-functions"]
    return Choice(
        framework, None, found[0], None, found[1], project.has(*framework.distributions) is not None
    )


def kind(look: Look) -> Kind:
    """The sort of thing that it is."""
    return _function(look) or _framework(look) or _handler(look) or _process(look) or _program(look)


def _function(look: Look) -> Kind | None:
    """A platform calls it."""
    choice = look.choice
    if choice is not None and choice.framework.kind == "function":
        return Kind("function", choice.file, choice.line, choice.why)
    called = functions.called(look.sources)
    if called and (choice is None or choice.framework.kind != "web"):
        return Kind("function", called[0], called[2], f"{called[1]} is called by the platform for each event")
    found = functions.google(look.project, look.sources) if choice is None else None
    if found:
        return Kind("function", found[0], found[2], f"{found[1]} is called by the functions framework")
    return None


def _framework(look: Look) -> Kind | None:
    """What its framework makes of it, unless there is nothing to serve."""
    choice = look.choice
    if look.django is not None and not django.served(look.tree, look.django):
        return Kind(
            "library", look.first, None, "there is neither a WSGI file nor settings with URLs to serve"
        )
    if choice is not None and not look.sources.everything:
        return Kind("library", choice.file, choice.line, "there is no program in it")
    if choice is not None and (choice.framework.kind == "web" or "web" not in processes(look.tree)):
        return Kind(choice.framework.kind, choice.file, choice.line, choice.why)
    return None


def _handler(look: Look) -> Kind | None:
    file = program.handler(look.sources)
    line = look.tree.line_of(file, "class handler") if file else None
    return Kind("function", file, line, f"{file} holds a handler that a platform calls") if file else None


def _process(look: Look) -> Kind | None:
    """What the Procfile says of it."""
    types = processes(look.tree)
    if "web" in types:
        return Kind("web", "Procfile", types["web"][1], "the Procfile has a web process")
    name = next((name for name in types if "worker" in name), "")
    if name:
        return Kind(
            "worker", "Procfile", types[name][1], "the Procfile has a worker, and nothing for the web"
        )
    return None


def _program(look: Look) -> Kind:
    found, project = look.program, look.project
    if found is not None and found.serves:
        line = None if found.command else found.line
        return Kind("web", found.file, line, f"{found.file} starts a server of its own")
    if project.members and (found is None or found.command):
        line = look.tree.line_of(project.manifest, "workspace")
        return Kind("monorepo", project.manifest, line, "it is a uv workspace of several projects")
    if found is not None:
        file = project.scripts[found.command][1] if found.command else found.file
        return Kind("script", file, found.line, found.why)
    if project.described or (project.manifest and not look.sources.files):
        return Kind("library", project.manifest, None, f"{project.manifest} stands beside nothing to start")
    return Kind("script", look.first, None, "there is Python, and nothing that says how it is started")
