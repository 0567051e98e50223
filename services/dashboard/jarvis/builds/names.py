"""Which names of the environment are needed when: at the build, at the run. Never their values."""

import re
from dataclasses import dataclass

from jarvis.builds.project import Project, Variable

PUBLIC = (
    *("EXPO_PUBLIC_", "GATSBY_", "NEXT_PUBLIC_", "NG_APP_", "NUXT_PUBLIC_", "PREACT_APP_", "PUBLIC_"),
    *("REACT_APP_", "VITE_", "VUE_APP_"),
)
"""What begins so is written into the pages by the build: everybody can read it."""

FETCH = re.compile(
    r"(NPM|GITHUB|GH|GITLAB|NUGET)_TOKEN|NODE_AUTH_TOKEN|COMPOSER_AUTH|(PIP|UV)_(EXTRA_)?INDEX_URL|GOPRIVATE"
    r"|(BUNDLE|POETRY_HTTP_BASIC|UV_INDEX|CARGO_REGISTRIES)_\w+"
)
"""What a package manager reads while it fetches."""

SECRET = re.compile(r"(?i)secret|token|passw|private|credential|key|dsn|auth")
EAGER = frozenset({"elixir", "node", "php", "python", "ruby"})
"""Here a build may load the program's settings, and those may refuse to load without their values."""


@dataclass(frozen=True, slots=True)
class Name:
    """A name that wants a value.

    Attributes:
        required: The program does not do without.
        secret: It is only ever given by a mount that leaves no trace, never as an argument of a build.
        public: What it holds becomes part of the pages.
        fetch: The package manager may read it.
        build: The build may read it.
        run: The program may read it.
    """

    name: str
    required: bool
    secret: bool
    public: bool
    fetch: bool
    build: bool
    run: bool


def names(project: Project) -> tuple[Name, ...]:
    """All names of the project, in order."""
    return tuple(_name(project, item) for item in project.environment)


def _name(project: Project, item: Variable) -> Name:
    pages = project.kind == "static"
    public = item.name.startswith(PUBLIC)
    fetch = bool(FETCH.fullmatch(item.name)) and bool(project.install_command)
    eager = item.required and project.language in EAGER
    return Name(
        name=item.name,
        required=item.required,
        secret=item.secret or bool(SECRET.search(item.name)),
        public=public or pages,
        fetch=fetch,
        build=bool(project.build_command) and (pages or public or eager),
        run=not pages,
    )


def exposed(project: Project) -> tuple[str, ...]:
    """Names of secrets that would become part of the pages."""
    return tuple(item.name for item in project.environment if item.secret and item.name.startswith(PUBLIC))
