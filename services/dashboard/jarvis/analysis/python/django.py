"""Django: where the project is, how it is served, and which database its settings name."""

import re
from dataclasses import dataclass

from jarvis.analysis.python.sources import Sources
from jarvis.analysis.tree import Tree

_SETTINGS = re.compile(r"DJANGO_SETTINGS_MODULE[\"']\s*[,\]]\s*=?\s*[\"']([\w.]+)[\"']")
_MANAGE = re.compile(r"DJANGO_SETTINGS_MODULE|execute_from_command_line|django\.core\.management")
_WSGI = re.compile(r"get_wsgi_application|WSGIHandler|django\.setup\(")
_ASGI = re.compile(r"get_asgi_application|ProtocolTypeRouter|get_default_application")
_ASGI_SET = re.compile(r"^ASGI_APPLICATION\s*=", re.MULTILINE)
_STATIC_ROOT = re.compile(r"^[ \t]*STATIC_ROOT\s*=\s*[^\sN]", re.MULTILINE)
_FOLDERS = 3


@dataclass(frozen=True, slots=True)
class Django:
    """A Django project.

    Attributes:
        folder: Where `manage.py` lies and Python looks for modules; empty for the top.
        manage: Its `manage.py`; empty when it has none.
        wsgi: The file with the WSGI application; empty when it has none.
        settings: The files with its settings.
    """

    folder: str
    manage: str
    wsgi: str
    asgi: str
    settings: tuple[str, ...]

    def module(self, path: str) -> str:
        """The dotted name of a file within the project."""
        inner = path[len(self.folder) + 1 :] if self.folder else path
        return inner.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def find(sources: Sources) -> Django | None:
    """The project; None when there is none."""
    tree = sources.tree
    manage = next(
        (path for path in tree.named("manage.py", depth=_FOLDERS - 1) if _MANAGE.search(tree.text(path))), ""
    )
    folder = manage.rpartition("/")[0]
    wsgi = _served(tree, "wsgi.py", folder, _WSGI)
    asgi = _served(tree, "asgi.py", folder, _ASGI)
    if not manage:
        if not wsgi and not asgi:
            return None
        # the folder above the package is where its modules are looked for
        folder = (wsgi or asgi).rpartition("/")[0].rpartition("/")[0]
    return Django(folder, manage, wsgi, asgi, _settings(tree, manage or wsgi or asgi, folder))


def _served(tree: Tree, name: str, folder: str, pattern: re.Pattern[str]) -> str:
    prefix = folder + "/" if folder else ""
    for path in tree.named(name, depth=_FOLDERS + prefix.count("/")):
        if path.startswith(prefix) and pattern.search(tree.text(path)):
            return path
    return ""


def _settings(tree: Tree, source: str, folder: str) -> tuple[str, ...]:
    prefix = folder + "/" if folder else ""
    found: list[str] = []
    match = tree.search(source, _SETTINGS)
    if match:
        path = prefix + match[0][1].replace(".", "/")
        if path + ".py" in tree:
            found.append(path + ".py")
        if path + "/__init__.py" in tree:
            found.append(path + "/__init__.py")
        near = path.rpartition("/")[0]
    else:
        near = ""
    for path in tree.ending(".py", depth=_FOLDERS + 2):
        place, _, name = path.rpartition("/")
        is_settings = (
            name == "settings.py"
            or place.endswith("settings")
            or (near and place == near and "settings" in name)
        )
        if path.startswith(prefix) and is_settings and path not in found and not name.startswith("test"):
            found.append(path)
    order = ("prod", "production", "base", "common", "default", "__init__")
    first, rest = found[:1], found[1:]
    rest.sort(
        key=lambda path: next(
            (at for at, word in enumerate(order) if word in path.rpartition("/")[2]), len(order)
        )
    )
    return tuple((*first, *rest)[:8])


def served(tree: Tree, project: Django) -> bool:
    """There is something in it that can be served."""
    return bool(project.wsgi or project.asgi) or any(
        "ROOT_URLCONF" in tree.text(path) for path in project.settings
    )


def wants_asgi(tree: Tree, project: Django) -> bool:
    """Its settings say that it speaks ASGI."""
    return bool(project.asgi) and any(_ASGI_SET.search(tree.text(path)) for path in project.settings)


def collects(tree: Tree, project: Django) -> tuple[str, int] | None:
    """Where its settings name a folder for static files; None when they do not."""
    for path in project.settings:
        found = tree.search(path, _STATIC_ROOT)
        if found:
            return path, found[1]
    return None
