"""How the program is started, with the project's own words first."""

import re

from jarvis.analysis.python import django_start, functions, own, ports, wsgi
from jarvis.analysis.python.look import Look
from jarvis.analysis.python.start import Ground, Start, run_file

_ENTRYPOINT = re.compile(r"^entrypoint:[ \t]*(?:\"([^\"\n]+)\"|'([^'\n]+)'|([^\n#]+))", re.MULTILINE)
_TASKS = ("start", "serve", "server", "web", "prod", "production", "run")


def start(look: Look, kind: str) -> Start | None:
    """The start; None for what is not started."""
    if kind in ("library", "monorepo", "static"):
        return None
    return _engine(look) or _task(look) or _function(look) or _framework(look) or _program(look)


def port(look: Look) -> tuple[int, str, int | None, str] | None:
    """The port in the files that the program starts with."""
    entries = [look.choice.file] if look.choice and look.choice.file.endswith(".py") else []
    if look.program and look.program.file and look.django is None:
        entries.append(look.program.file)
    entries += [path for path in look.sources.files[:4] if path.count("/") <= 1 and look.django is None]
    return ports.find(look.sources, entries)


def _engine(look: Look) -> Start | None:
    for path in ("app.yaml", "app.yml"):
        found = look.tree.search(path, _ENTRYPOINT)
        if found:
            words = (found[0][1] or found[0][2] or found[0][3]).strip()
            return Start(words, path, found[1], f"{path} names it as the entry point")
    return None


def _task(look: Look) -> Start | None:
    prefix = {"pdm": "pdm run ", "pipenv": "pipenv run ", "pixi": "pixi run "}.get(look.project.manager)
    for name in _TASKS:
        if prefix and name in look.project.tasks:
            words, file = look.project.tasks[name]
            line = look.tree.line_of(file, words)
            debug = "runserver" in words or "flask run" in words or "--reload" in words
            return Start(prefix + name, file, line, f"{file} has a task for it", debug=debug)
    return None


def _function(look: Look) -> Start | None:
    found = functions.google(look.project, look.sources) if look.django is None else None
    if found is None or look.framework not in ("none", "functions-framework"):
        return None
    number = port(look)
    return functions.framework(*found[:3], number[0] if number else 8080, event=found[3])


def _framework(look: Look) -> Start | None:
    if look.choice is None:
        return None
    found = port(look)
    number = found[0] if found else None
    if look.django is not None:
        return django_start.start(look.project, look.sources, look.django, number)
    return own.start(Ground(look.project, look.sources, look.choice, number))


def _program(look: Look) -> Start | None:
    found = look.program
    if found is None:
        return None
    if found.command:
        file = look.project.scripts[found.command][1]
        return Start(found.command, file, found.line, found.why)
    number = port(look)
    if found.raw:
        return wsgi.raw(look.project, look.sources, found, number[0] if number else None)
    words = run_file(found.file, look.sources, look.project)
    if look.project.manager == "none" and "# /// script" in look.tree.text(found.file):
        words = f"uv run {found.file}"
    return Start(
        words, found.file, found.line, found.why, port=number[0] if number and found.serves else None
    )
