"""All manifests of a folder together: what is asked for, by which tool, and what can be started."""

from dataclasses import dataclass, field

from jarvis.analysis.python import conda, pyproject, requirements, setuptools
from jarvis.analysis.python.requirements import Requirement, normal
from jarvis.analysis.python.values import items, table, word
from jarvis.analysis.tree import Tree

_LOCKS = (
    ("uv.lock", "uv"),
    ("poetry.lock", "poetry"),
    ("pdm.lock", "pdm"),
    ("Pipfile.lock", "pipenv"),
    ("pixi.lock", "pixi"),
)


@dataclass
class Project:
    """What the manifests say.

    Attributes:
        manager: As in `Candidate.package_manager`. Only a lock file or a file of its own names a tool; a
            `pyproject.toml` by itself is `pyproject`, whichever tools have a table in it.
        tool: What installs it: `pip`, `uv`, `poetry` …; empty where there is nothing to install.
        manifest: The file it reads; empty for none.
        lock: Its lock file; empty for none.
        described: A file says that this folder is a project, not only what it needs.
        packaged: Installing the project puts importable packages of it in place.
        wanted: What it needs when it runs, by normalised name.
        extra: What only its makers or parts of it need.
        misspelt: A file that was meant to be `requirements.txt`.
        versions: What the manifests say of Python's version: (file, text).
    """

    manager: str = "none"
    tool: str = ""
    manifest: str = ""
    lock: str = ""
    described: bool = False
    packaged: bool = False
    name: str = ""
    wanted: dict[str, Requirement] = field(default_factory=dict[str, Requirement])
    extra: dict[str, Requirement] = field(default_factory=dict[str, Requirement])
    scripts: dict[str, tuple[str, str]] = field(default_factory=dict[str, tuple[str, str]])
    tasks: dict[str, tuple[str, str]] = field(default_factory=dict[str, tuple[str, str]])
    versions: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    members: tuple[str, ...] = ()
    misspelt: str = ""

    def has(self, *names: str) -> Requirement | None:
        """The first of `names` that it needs when it runs."""
        return next((self.wanted[name] for name in names if name in self.wanted), None)

    def add(self, found: list[Requirement]) -> None:
        """Take over what a manifest asks for."""
        for item in found:
            self.wanted.setdefault(item.name, item)


def understand(tree: Tree) -> Project:
    """Read every manifest at the top."""
    project = Project()
    listed = requirements.find(tree)
    if "/" in listed and not any(path.count("/") <= 1 for path in tree.ending(".py")):
        listed = ""  # the folder is a project of its own, not a part of this one
    if listed:
        project.add(list(requirements.read(tree, listed)))
    else:
        project.misspelt = requirements.misspelt(tree)
        if project.misspelt:
            project.add(list(requirements.read(tree, project.misspelt)))
    described = _pyproject(tree, project) if pyproject.FILE in tree else None
    pipfile = _pipfile(tree, project) if "Pipfile" in tree else ""
    setup = _setup(tree, project)
    environment = "" if listed else conda.find(tree)
    if environment:
        python, wanted = conda.understand(tree, environment)
        project.versions.append((environment, python))
        project.add(wanted)
    pixi = tree.first("pixi.toml")
    if pixi:
        python, wanted, tasks = conda.pixi(tree, pixi)
        project.versions.append((pixi, python))
        project.add(wanted)
        project.tasks.update({name: (task, pixi) for name, task in tasks.items()})
    _decide(tree, project, described, listed, pipfile, setup, environment)
    project.described = bool((described and described.project) or setup)
    return project


def _pyproject(tree: Tree, project: Project) -> pyproject.Pyproject:
    found = pyproject.understand(tree)
    project.add(found.wanted)
    project.extra.update({item.name: item for item in found.extra})
    project.name, project.packaged = found.name, found.packaged
    project.members = found.members
    project.versions.append((pyproject.FILE, found.requires_python))
    project.scripts.update({name: (target, pyproject.FILE) for name, target in found.scripts.items()})
    project.tasks.update({name: (task, pyproject.FILE) for name, task in found.tasks.items() if task})
    return found


def _pipfile(tree: Tree, project: Project) -> str:
    data = tree.toml("Pipfile")
    for place, into in (("packages", project.wanted), ("dev-packages", project.extra)):
        for name, asked in table(data, place).items():
            line = tree.line_of("Pipfile", f"\n{name} ") or tree.line_of("Pipfile", f'\n"{name}"')
            extras = tuple(word(item).lower() for item in items(table(asked).get("extras")))
            version = (word(asked) or word(table(asked).get("version"))).replace("*", "")
            number = None if line is None else line + 1
            into.setdefault(
                normal(name), Requirement(normal(name), name.lower(), extras, version, "Pipfile", number)
            )
    asked = table(data, "requires")
    project.versions.append(
        ("Pipfile", word(asked.get("python_full_version")) or word(asked.get("python_version")))
    )
    project.tasks.update(
        {name: (word(task), "Pipfile") for name, task in table(data, "scripts").items() if word(task)}
    )
    return "Pipfile"


def _setup(tree: Tree, project: Project) -> str:
    found = setuptools.understand(tree)
    if found.file:
        project.add(found.wanted)
        project.name = project.name or found.name
        project.packaged = True
        project.versions.append((found.file, found.requires_python))
        project.scripts.update({name: (target, found.file) for name, target in found.scripts.items()})
    return found.file


def _decide(
    tree: Tree,
    project: Project,
    described: pyproject.Pyproject | None,
    listed: str,
    pipfile: str,
    setup: str,
    environment: str,
) -> None:
    """A lock says which tool is in use; then the list that every tool reads; then the others."""
    for lock, manager in _LOCKS:
        if lock in tree:
            own = {"pipenv": "Pipfile", "pixi": "pixi.toml"}.get(manager, pyproject.FILE)
            project.lock, project.manager, project.tool = lock, manager, manager
            project.manifest = own if own in tree else lock
            return
    full = described is not None and described.project
    if listed and not ("/" in listed and (full or setup)):
        project.manager, project.tool, project.manifest = "pip", "pip", listed
    elif pipfile:
        project.manager, project.tool, project.manifest = "pipenv", "pipenv", pipfile
    elif "pixi.toml" in tree:
        project.manager, project.tool, project.manifest = "pixi", "pixi", "pixi.toml"
    elif described is not None and (full or not setup):
        project.manager, project.manifest = "pyproject", pyproject.FILE
        project.tool = _tool(described)
    elif setup:
        project.manager, project.tool, project.manifest = "setuptools", "pip", setup
    elif listed:
        project.manager, project.tool, project.manifest = "pip", "pip", listed
    elif environment:
        project.manager, project.tool, project.manifest = "conda", "conda", environment
    elif project.misspelt:
        project.manifest, project.tool = project.misspelt, "pip"


def _tool(described: pyproject.Pyproject) -> str:
    """The standard table is read by every tool; a table of Poetry's own only by Poetry."""
    if not described.project:
        return ""
    if not described.standard:
        return "poetry"
    return next((name for name in ("uv", "pdm") if name in described.managers), "pip")
