"""What is known of a start, and what it is decided from."""

from dataclasses import dataclass

from jarvis.analysis.python import place
from jarvis.analysis.python.choose import Choice
from jarvis.analysis.python.place import Place
from jarvis.analysis.python.project import Project
from jarvis.analysis.python.sources import Sources


@dataclass(frozen=True, slots=True)
class Start:
    """How it is started.

    Attributes:
        server: The distribution that has to be installed for it and is not asked for; empty for none.
        debug: It is a server for developing.
        port: The port it listens on by these words, where they settle it.
        build: Words that belong into the build.
    """

    command: str
    file: str
    line: int | None
    why: str
    server: str = ""
    debug: bool = False
    port: int | None = None
    build: str = ""


def shell_port(port: int) -> str:
    """PORT as the shell sees it, with a value to fall back on."""
    return f"${{PORT:-{port}}}"


@dataclass(frozen=True, slots=True)
class Ground:
    """What the start of a framework is decided from.

    Attributes:
        port: The port that the sources name; None when they do not.
    """

    project: Project
    sources: Sources
    choice: Choice
    port: int | None

    def bind(self, default: int) -> str:
        """PORT as the shell sees it."""
        return shell_port(self.port or default)

    def place(self) -> Place:
        """The module of the application, or of the file that is run."""
        return place.of(self.choice.file, self.sources, self.project)

    def target(self, *, called: bool = False) -> str:
        """`module:name` for a server; with `called` a factory is called."""
        app = self.choice.app
        name = app.name if app else "app"
        return f"{self.place().module}:{name}" + ("()" if called and app and app.factory else "")

    def inside(self, words: str) -> str:
        """The words, after a step into the folder of the module where it is not the current one."""
        folder = self.place().folder
        return f"cd {folder} && {words}" if folder else words

    def say(
        self, words: str, why: str, default: int | None, *, server: str = "", debug: bool = False
    ) -> Start:
        """A start that the file of the framework speaks for."""
        choice = self.choice
        return Start(words, choice.file, choice.line, why, server, debug, self.port or default)


def run_file(path: str, sources: Sources, project: Project) -> str:
    """`python main.py`, or `python -m` where the file belongs to a package."""
    at = place.of(path, sources, project)
    if path.endswith("/__main__.py"):
        name = at.module.removesuffix(".__main__")
        return f"cd {at.folder} && python -m {name}" if at.folder else f"python -m {name}"
    module = sources.module(path)
    if "/" not in path or module is None or at.folder:
        return f"python {path}"
    own = at.module.split(".")[0]
    packaged = module.relative or any(name.split(".")[0] == own for name in module.siblings)
    return f"python -m {at.module}" if packaged else f"python {path}"
