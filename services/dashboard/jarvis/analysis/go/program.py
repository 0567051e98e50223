"""Which of the programs in a Go project is the one to start, and which sources it is made of."""

from dataclasses import dataclass, field

from jarvis.analysis.go.frameworks import FRAMEWORKS, listed
from jarvis.analysis.go.module import Module
from jarvis.analysis.go.sources import Source, aside

_USUAL = ("server", "api", "web", "app", "main", "backend", "service", "serve", "httpd", "http")


@dataclass
class Program:
    """A package with `func main()`.

    Attributes:
        main: The file with it.
        module: The module it belongs to.
        sources: What it is made of: its package, and those of the project that it imports.
        others: Programs beside it that were not chosen.
        alone: Other programs lie in the same folder, so only its file is built.
    """

    main: Source
    module: Module
    sources: list[Source]
    others: list[Source] = field(default_factory=list[Source])
    alone: bool = False

    @property
    def name(self) -> str:
        """What `go install` would call it."""
        return called(self.main, self.module)

    @property
    def serves(self) -> Source | None:
        """The first source that serves HTTP or uses a web framework."""
        return next((source for source in self.sources if source.http or _framework(source)), None)


def called(main: Source, module: Module) -> str:
    """The name that `go install` gives to the program of this package."""
    if main.folder != module.folder:
        return main.folder.rpartition("/")[2]
    words = [word for word in module.name.split("/") if not (word[:1] == "v" and word[1:].isdigit())]
    return words[-1] if words else module.folder.rpartition("/")[2]


def owner(path: str, modules: list[Module]) -> Module:
    """The module that a file belongs to; an unnamed one without any."""
    above = [item for item in modules if not item.folder or path.startswith(item.folder + "/")]
    return max(above, key=lambda item: len(item.folder), default=Module())


def choose(sources: list[Source], modules: list[Module], wanted: str) -> Program | None:
    """The program to start; None where there is none.

    Args:
        sources: Everything that was read.
        modules: The project's modules.
        wanted: The name of the program that the project's own start command calls; empty for none.
    """
    programs = [_assemble(main, sources, owner(main.path, modules)) for main in sources if main.main]
    if not programs:
        return None
    best = min(programs, key=lambda item: _rank(item, wanted))
    best.others = [item.main for item in programs if item is not best and not aside(item.main.path)]
    best.alone = any(item.main.folder == best.main.folder for item in programs if item is not best)
    return best


def _rank(program: Program, wanted: str) -> tuple[bool, bool, bool, int, int, int, str]:
    main = program.main
    name = program.name.lower()
    file = main.path.rpartition("/")[2].removesuffix(".go")
    usual = next((at for at, word in enumerate(_USUAL) if word in (name, file)), len(_USUAL))
    return (
        not (wanted and wanted in (name, file)),
        aside(main.path),
        program.serves is None,
        1 if main.folder else 0,
        usual,
        main.path.count("/"),
        main.path,
    )


def _assemble(main: Source, sources: list[Source], module: Module) -> Program:
    by_folder: dict[str, list[Source]] = {}
    for source in sources:
        by_folder.setdefault(source.folder, []).append(source)
    beside = [item for item in by_folder[main.folder] if item is main or not item.main]
    found = [main, *(item for item in beside if item is not main)]
    seen = {main.folder}
    waiting = list(found)
    while waiting:
        for path in waiting.pop().imports:
            folder = _folder(path, module, by_folder)
            if folder is None or folder in seen:
                continue
            seen.add(folder)
            found += by_folder[folder]
            waiting += by_folder[folder]
    return Program(main, module, found)


def _folder(path: str, module: Module, folders: dict[str, list[Source]]) -> str | None:
    """The folder of an imported package of the same project; None for one from elsewhere."""
    if module.name:
        if path == module.name:
            return module.folder if module.folder in folders else None
        if path.startswith(module.name + "/"):
            inner = path[len(module.name) + 1 :]
            folder = f"{module.folder}/{inner}" if module.folder else inner
            return folder if folder in folders else None
    if "." not in path.partition("/")[0] and "/" not in path:
        return path if not module.name and path in folders else None
    # Without modules a package is known by the end of its path: `example.com/shop/store` lies in `…/store`.
    return next((item for item in folders if item and f"/{path}".endswith(f"/{item}")), None)


def _framework(source: Source) -> bool:
    return any(listed(path, FRAMEWORKS) for path in source.imports)
