"""From manifests and sources to one candidate, each member with its reason."""

from jarvis.analysis.below import seek
from jarvis.analysis.candidate import Candidate
from jarvis.analysis.python import begin, django, doubts, generators, install, needs, ports, versions
from jarvis.analysis.python.look import Look, kind, take
from jarvis.analysis.python.project import understand
from jarvis.analysis.python.sources import Sources
from jarvis.analysis.python.start import Start
from jarvis.analysis.tree import Tree

MANIFESTS = (
    "requirements.txt", "pyproject.toml", "Pipfile", "setup.py", "environment.yml", "environment.yaml",
    "manage.py", "uv.lock", "poetry.lock", "pdm.lock", "Pipfile.lock", "pixi.toml",
)  # fmt: skip
_PREFERRED = ("backend", "server", "api", "app", "web", "service", "src", "python")
_MANY = 3
"""Projects side by side from which on none is chosen."""
_BELOW = 4
"""Folders below the top that are tried at most."""


def describe(tree: Tree) -> Candidate | None:
    """What the folder is as a Python project; None when there is no Python in it."""
    manifests = tree.named(*MANIFESTS, depth=2)
    if not manifests and not tree.ending(".py", ".pyw", ".ipynb"):
        return None
    project, sources = understand(tree), Sources(tree)
    at_top = any("/" not in path for path in sources.everything)
    if not project.manifest and not at_top and "manage.py" not in tree:
        found = _below(tree, manifests)
        if found is not None:
            return found
    if not project.manifest and not sources.everything:
        return _notebook(tree)
    return generators.describe(tree, project) or _candidate(take(tree, project, sources))


def _candidate(look: Look) -> Candidate | None:
    if not look.first:
        return None
    tree, project = look.tree, look.project
    sort = kind(look)
    made = Candidate(sort.name, "python", doubts.confidence(look, sort.name))
    made.because("kind", sort.file, sort.why, sort.line)
    made.because("language", look.first, f"{look.first} is Python's")
    if look.choice is not None:
        made.framework = look.framework
        made.because("framework", look.choice.file, look.choice.why, look.choice.line)
    for item in project.wanted.values():
        made.dependencies[item.written] = (item.file, item.line)
    if project.manager != "none":
        made.package_manager = project.manager
        file = project.lock or project.manifest
        made.because("package_manager", file, f"{file} is read by {project.manager}")
    stated = versions.stated(tree, project)
    if stated is not None:
        made.language_version = stated[0]
        made.because("language_version", stated[1], f"{stated[1]} asks for it", stated[2])
    start = begin.start(look, sort.name)
    _install(made, look, start)
    if start is not None:
        _start(made, look, start)
    needs.fill(made, project, look.sources, look.django)
    doubts.fill(made, look, start)
    return made


def _install(made: Candidate, look: Look, start: Start | None) -> None:
    words = install.words(look.project)
    choice = look.choice
    if not words and choice is not None and not choice.confirmed and choice.framework.distributions:
        words = install.with_server("", choice.framework.distributions[0])
    words = install.with_server(words, start.server if start else "")
    if words:
        made.install_command = words
        file = look.project.lock or look.project.manifest
        why = (
            f"{file} lists what it needs" if file else f"it imports {look.framework}, and nothing lists that"
        )
        made.because("install_command", file or look.first, why)


def _start(made: Candidate, look: Look, start: Start) -> None:
    made.start_command = start.command
    made.because("start_command", start.file, start.why, start.line)
    if start.build:
        made.build_command = start.build
        settings = django.collects(look.tree, look.django) if look.django else None
        path, line = settings or (start.file, None)
        made.because("build_command", path, "the settings name a folder for static files", line)
    if made.kind not in ("web", "function"):
        return
    found = begin.port(look)
    if found is not None:
        made.port = found[0]
        made.because("port", found[1], found[3], found[2])
    elif start.port or look.django is not None:
        made.port = start.port or 8000
        made.because("port", start.file, "it is the port that the server uses by itself", start.line)
    probe = ports.health(look.sources)
    if probe is not None:
        made.health_path = probe[0]
        made.because("health_path", probe[1], "the path is made for probes", probe[2])


def _below(tree: Tree, manifests: list[str]) -> Candidate | None:
    """The likeliest project one or two levels down, seen from the top."""
    folders = list(dict.fromkeys(path.rpartition("/")[0] for path in manifests if "/" in path))
    folders.sort(
        key=lambda name: (name.count("/"), _PREFERRED.index(name) if name in _PREFERRED else len(_PREFERRED))
    )
    beside = [name for name in folders if "/" not in name]
    if len(beside) >= _MANY:
        return _several(tree, beside, manifests)
    found: list[Candidate] = []
    for folder in folders[:_BELOW]:
        inner = seek(tree, folder, describe)
        if inner is not None:
            found.append(inner)
    return max(found, key=lambda item: item.confidence, default=None)


def _several(tree: Tree, folders: list[str], manifests: list[str]) -> Candidate:
    """Projects side by side, and nobody says which one is meant."""
    first = next(path for path in manifests if path.startswith(folders[0] + "/"))
    made = Candidate("monorepo", "python", 0.6 if not tree.first(*doubts.OTHERS) else 0.4)
    made.because("kind", first, f"{len(folders)} folders hold a Python project each")
    made.because("language", first, "it is a manifest of Python's")
    return made


def _notebook(tree: Tree) -> Candidate | None:
    """Notebooks and nothing else."""
    books = tree.ending(".ipynb", depth=1)
    if not books:
        return None
    made = Candidate("script", "python", 0.5 if "/" not in books[0] else 0.35)
    made.because("kind", books[0], "it is a notebook")
    made.because("language", books[0], "notebooks hold Python unless they say otherwise")
    made.start_command = f"jupyter nbconvert --to notebook --execute --inplace {books[0]}"
    made.because("start_command", books[0], "all its cells are run")
    made.install_command = "pip install nbconvert ipykernel"
    made.because("install_command", books[0], "nothing lists what it needs; these two run a notebook")
    return made
