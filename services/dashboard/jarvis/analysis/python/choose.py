"""Which framework it is built on: its objects say so first, its imports next, never a list alone."""

import re
from dataclasses import dataclass

from jarvis.analysis.python import django
from jarvis.analysis.python.entry import App
from jarvis.analysis.python.frameworks import BY_NAME, FRAMEWORKS, ORDER, Framework
from jarvis.analysis.python.project import Project
from jarvis.analysis.python.sources import Sources

_MOUNTED = re.compile(r"mount_gradio_app|run_with\(")
_DOUBTFUL = frozenset(
    {"aiohttp", "tornado", "starlette", "twisted", "celery", "rq", "web.py", "chalice", "connexion"}
)
"""Often there for something else: without an application object they are not believed."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The framework and what speaks for it.

    Attributes:
        confirmed: A manifest asks for it, too.
    """

    framework: Framework
    app: App | None
    file: str
    line: int | None
    why: str
    confirmed: bool


def choose(project: Project, sources: Sources, apps: list[App]) -> Choice | None:
    """The framework; None when there is none that can be proved."""
    found = django.find(sources)
    if found is not None:
        asked = project.has(*BY_NAME["django"].distributions)
        why = f"{found.manage or found.wsgi or found.asgi} belongs to Django"
        file = found.manage or found.wsgi or found.asgi
        return Choice(
            BY_NAME["django"],
            None,
            file,
            sources.tree.line_of(file, "DJANGO_SETTINGS_MODULE"),
            why,
            asked is not None,
        )
    options = [
        choice for choice in (_by_object(project, apps), _by_import(project, sources)) if choice is not None
    ]
    if not options:
        return _by_list(project, sources)
    return min(options, key=lambda choice: _rating(choice, sources))


def _rating(choice: Choice, sources: Sources) -> tuple[int, ...]:
    worker = choice.framework.kind == "worker"
    at = sources.files.index(choice.file) if choice.file in sources.files else len(sources.files)
    mounted = choice.framework.name in ("gradio", "nicegui") and _MOUNTED.search(
        sources.tree.text(choice.file)
    )
    function = choice.framework.kind == "function"
    return (0 if function else 1, 1 if worker else 0, 1 if mounted else 0, at, ORDER[choice.framework.name])


def _by_object(project: Project, apps: list[App]) -> Choice | None:
    for app in apps:
        framework = app.framework
        if framework is None or framework.name == "django":
            continue
        makes = (
            f"{app.name}() makes"
            if app.factory and app.name
            else "it makes"
            if app.factory
            else f"{app.name} is"
        )
        why = f"{makes} an application of {framework.name}"
        asked = project.has(*framework.distributions)
        return Choice(framework, app, app.file, app.line, why, asked is not None)
    return None


def _by_import(project: Project, sources: Sources) -> Choice | None:
    for framework in FRAMEWORKS:
        if not framework.alone:
            continue
        place = next((sources.imports[name] for name in framework.modules if name in sources.imports), None)
        asked = project.has(*framework.distributions)
        if place and (asked or framework.kind != "worker" or not project.wanted):
            file, line = place
            return Choice(framework, None, file, line, f"it imports {framework.name}", asked is not None)
    return None


def _by_list(project: Project, sources: Sources) -> Choice | None:
    """Asked for and imported, but no application object was found among the files that were read."""
    for framework in FRAMEWORKS:
        asked = project.has(*framework.distributions)
        if asked is None or framework.name in _DOUBTFUL or framework.kind == "worker":
            continue
        place = next((sources.imports[name] for name in framework.modules if name in sources.imports), None)
        if place is not None and not project.packaged:
            return Choice(
                framework, None, place[0], place[1], f"it asks for {framework.name} and imports it", True
            )
        if not sources.everything:
            return Choice(framework, None, asked.file, asked.line, f"it asks for {framework.name}", True)
    return None
