"""How a Go program is made and started."""

from shlex import quote

from jarvis.analysis.candidate import Candidate
from jarvis.analysis.claim import claim
from jarvis.analysis.go.program import Program
from jarvis.analysis.procfile import processes
from jarvis.analysis.tree import Tree


def wanted(tree: Tree) -> str:
    """The program that the Procfile starts; empty without one."""
    named = processes(tree)
    command, _ = named.get("web") or next(iter(named.values()), ("", 0))
    words = command.split()
    return words[0].rpartition("/")[2].lower() if words else ""


def command(candidate: Candidate, tree: Tree, program: Program, manifest: str) -> None:
    """Fill in what installs, builds and starts `program`."""
    main, module = program.main, program.module.folder
    # A Procfile calls the program by its name, as Heroku's build leaves it in bin/.
    goal = f"bin/{program.name}" if program.name and wanted(tree) == program.name.lower() else "out"
    flags = '-ldflags="-s -w"' if _follows(program) else '-mod=mod -ldflags="-s -w"'
    if module and manifest != "go.work":
        up = "../" * (module.count("/") + 1)
        line = f"go build -C {quote(module)} {flags} -o {quote(up + goal)} {_target(program, module)}"
    else:
        line = f"go build {flags} -o {quote(goal)} {_target(program, '')}"
    if tree.ending(".templ") and not any(path.endswith("_templ.go") for path in tree.ending(".go")):
        line = f"go run github.com/a-h/templ/cmd/templ generate && {line}"
    claim(candidate, main.path, "The program that is started.", main.main, build_command=line)
    claim(candidate, main.path, "What the build makes.", main.main, start_command=quote(f"./{goal}"))
    _install(candidate, tree, program, manifest)


def _follows(program: Program) -> bool:
    """Does the project say itself, as a module, what belongs to it?"""
    return bool(program.module.file)


def _target(program: Program, base: str) -> str:
    """The package as `go build` is told, seen from `base`."""
    place = program.main.path if program.alone else program.main.folder
    inner = place[len(base) :].strip("/") if base else place
    return quote(inner if program.alone else f"./{inner}" if inner else ".")


def _install(candidate: Candidate, tree: Tree, program: Program, manifest: str) -> None:
    module = program.module
    if not module.file:
        why = "Today's Go wants a module, and there is none."
        line = f"go mod init {quote(_name(program))} && go mod tidy"
        claim(candidate, program.main.path, why, install_command=line)
        return
    beside = f"{module.folder}/" if module.folder else ""
    if tree.first(f"{beside}vendor/modules.txt", "vendor/modules.txt"):
        return
    line = "go mod download"
    if module.folder and manifest != "go.work":
        line = f"cd {quote(module.folder)} && {line}"
    claim(candidate, module.file, "It fetches what the module requires.", install_command=line)
    if module.requires and not tree.first(f"{beside}go.sum", "go.work.sum"):
        candidate.find(
            "missing-lock-file", "warning", module.file, "Run `go mod tidy` and add go.sum: builds need it."
        )


def _name(program: Program) -> str:
    """The module's path as the imports of its own packages show it."""
    folders = {source.folder for source in program.sources if source.folder}
    for source in program.sources:
        for path in source.imports:
            for folder in folders:
                if path.endswith(f"/{folder}"):
                    return path[: -len(folder) - 1]
    return "app"
