""".NET: projects in C#, F# and Visual Basic, published programs, and single source files."""

import re
from itertools import islice

from jarvis.analysis.candidate import Candidate
from jarvis.analysis.claim import claim
from jarvis.analysis.dotnet.choose import Chosen, choose
from jarvis.analysis.dotnet.databases import need_databases
from jarvis.analysis.dotnet.published import URLS, published
from jarvis.analysis.health import health_route
from jarvis.analysis.support import end_of_life
from jarvis.analysis.tree import Tree

_OUT = "out"
_PORT = re.compile(
    r"UseUrls\([^)\n]{0,120}?:(\d{2,5})|\.Run\(\s*\$?\"https?://[^\"]{0,80}?:(\d{2,5})|Listen(?:AnyIP|Localhost)\(\s*(\d{2,5})"
    r"|\"PORT\"\s*\)\s*\?\?\s*\"(\d{2,5})\"|IPAddress\.\w+\s*,\s*(\d{2,5})|HttpBinding\.createSimple\s+HTTP\s+\"[^\"]+\"\s+(\d{2,5})"
    r"|Prefixes\.Add\(\s*\"http://[^\"]*?:(\d{2,5})"
)
_KESTREL = re.compile(r"\"(?:Url|urls|Urls)\"\s*:\s*\"[^\"]*?http://[^\"]*?:(\d{2,5})")
_SDK = re.compile(r"^#:sdk\s+([\w.]+)|^#:package\s+([\w.]+)|^#!.*dotnet", re.MULTILINE)
_ENTRY = re.compile(
    r"\bstatic\s+(?:async\s+)?(?:void|int|Task(?:<int>)?)\s+Main\s*\(|^Console\.Write|^using\s+System",
    re.MULTILINE,
)
_LISTENER = re.compile(r"\bnew\s+(?:HttpListener|TcpListener)\s*\(")


def detect(tree: Tree) -> Candidate | None:
    """A program for .NET, or None. What only Windows can run is left to `unsupported`."""
    chosen = choose(tree)
    if chosen is None:
        return published(tree) or _loose(tree)
    if chosen.role.name in ("old", "desktop"):
        return published(tree)
    return _built(tree, chosen)


def _built(tree: Tree, chosen: Chosen) -> Candidate:
    project, its = chosen.project, chosen.role
    kind = {"wasm": "static"}.get(its.name, its.name)
    sure = 0.97 if its.name in ("web", "wasm", "function") else 0.93
    deep = project.file.count("/")
    listed = bool(tree.ending(".sln", ".slnx", depth=0))
    found = Candidate(kind, "dotnet", sure if deep == 0 or listed else min(sure, 0.8 if deep == 1 else 0.75))
    claim(found, project.file, its.why, its.line, kind=kind, framework=its.framework)
    claim(found, project.file, "a project file of .NET", language="dotnet", package_manager="nuget")
    folders = [item.folder for item in chosen.related]
    packages = {name: place for item in reversed(chosen.related) for name, place in item.packages.items()}
    found.dependencies = dict[str, tuple[str, int | None]](packages)
    need_databases(found, tree, folders, packages)
    sources = [file for file in tree.ending(".cs", ".fs", ".vb") if file.startswith(project.folder)]
    if kind == "script" and (place := _search(tree, sources, _LISTENER)):
        claim(found, place[0], "opens a server", place[1], kind="web")
    _version(found, tree, chosen)
    _commands(found, tree, chosen, sources)
    if found.kind == "web" and (route := health_route(tree, sources)):
        claim(found, route[1], "a route for it", route[2], health_path=route[0])
    if chosen.others and its.name in ("web", "function", "worker"):
        named = ", ".join(item.file for item in chosen.others[:3])
        found.against.append(f"Other projects could be started too: {named}.")
    return found


def _version(found: Candidate, tree: Tree, chosen: Chosen) -> None:
    version, (file, line) = chosen.project.version, chosen.project.target_place
    if not version and (match := tree.search("global.json", re.compile(r"\"version\"\s*:\s*\"(\d+\.\d+)"))):
        version, file, line = match[0][1], "global.json", match[1]
    if not version:
        return
    claim(found, file, "what it is built for", line, language_version=version)
    if ended := end_of_life("dotnet", version):
        found.find("end-of-life", "warning", file, f".NET {version} is no longer mended since {ended}.", line)


def _commands(found: Candidate, tree: Tree, chosen: Chosen, sources: list[str]) -> None:
    project, role = chosen.project, chosen.role.name
    if role == "library":
        claim(
            found,
            project.file,
            "builds the library",
            build_command=f"dotnet build {_quoted(project.file)} -c Release",
        )
        return
    only = f" -f {project.target}" if len(project.targets) > 1 else ""
    claim(
        found,
        project.file,
        "publishes the project",
        build_command=f"dotnet publish {_quoted(project.file)} -c Release{only} -o {_OUT}",
    )
    if role == "wasm":
        claim(
            found, project.file, "what is published for the browser", static_dir=f"{_OUT}/wwwroot", spa=True
        )
        return
    if role == "function":
        if chosen.role.framework == "functions-framework":
            claim(found, project.file, "serves the function", port=8080)
            claim(
                found,
                project.file,
                "starts it",
                start_command=f"dotnet {_OUT}/{_quoted(project.assembly)}.dll",
            )
        return
    program = f"{_quoted(project.assembly)}.dll"
    if found.kind != "web":
        claim(found, project.file, "starts what was published", start_command=f"dotnet {_OUT}/{program}")
        return
    port = _port(found, tree, project.folder, sources)
    if not port:
        claim(found, project.file, "the usual port of ASP.NET Core", port=8080)
    # The program looks for its settings and pages in the folder that it is started in.
    urls = URLS.replace("8080", str(found.port)) + " " if found.framework != "none" else ""
    claim(
        found, project.file, "starts what was published", start_command=f"cd {_OUT} && {urls}dotnet {program}"
    )


def _quoted(name: str) -> str:
    return f'"{name}"' if " " in name else name


def _port(found: Candidate, tree: Tree, folder: str, sources: list[str]) -> bool:
    for file in (
        folder + "appsettings.json",
        folder + "appsettings.Production.json",
        folder + "hosting.json",
    ):
        if match := tree.search(file, _KESTREL):
            claim(found, file, "the settings name it", match[1], port=int(match[0][1]))
            return True
    for file in islice(sources, 40):
        if match := tree.search(file, _PORT):
            port = int(next(group for group in match[0].groups() if group))
            if 0 < port < 65536:
                claim(found, file, "the sources name it", match[1], port=port)
                return True
    return False


def _search(tree: Tree, files: list[str], pattern: re.Pattern[str]) -> tuple[str, int] | None:
    for file in files[:60]:
        if match := tree.search(file, pattern):
            return file, match[1]
    return None


def _loose(tree: Tree) -> Candidate | None:
    """A source file that is run by itself: .NET 10 can, and so can the tools for scripts."""
    for file in tree.ending(".csx", ".fsx", depth=0):
        found = Candidate("script", "dotnet", 0.6)
        claim(found, file, "a script for .NET", kind="script", language="dotnet")
        tool = "dotnet script" if file.endswith(".csx") else "dotnet fsi"
        claim(found, file, "runs the script", start_command=f"{tool} {file}")
        return found
    files = tree.ending(".cs", depth=0)
    for file in sorted(
        files, key=lambda name: (name.lower() not in ("program.cs", "app.cs", "main.cs"), name)
    ):
        told, shown = tree.search(file, _SDK), tree.search(file, _ENTRY)
        if not told and not shown:
            continue
        web = "Sdk.Web" in tree.text(file)
        found = Candidate("web" if web else "script", "dotnet", 0.85 if told else 0.55)
        line = (told or shown or (None, None))[1]
        claim(found, file, "a program in one file", line, kind=found.kind, language="dotnet")
        claim(found, file, "publishes the file", build_command=f"dotnet publish {file} -o {_OUT}")
        program = f"dotnet {_OUT}/{file.removesuffix('.cs')}.dll"
        if web:
            claim(found, file, "asks for the SDK for the web", line, framework="aspnetcore", port=8080)
            program = f"{URLS} {program}"
        claim(found, file, "starts what was published", start_command=program)
        found.against.append("There is no project file: .NET 10 or newer is needed to build a single file.")
        return found
    return None
