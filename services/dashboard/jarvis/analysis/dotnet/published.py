"""What `dotnet publish` made, handed in without its sources."""

import re

from jarvis.analysis.candidate import Candidate
from jarvis.analysis.claim import claim
from jarvis.analysis.shape import listing, mapping
from jarvis.analysis.support import end_of_life
from jarvis.analysis.tree import Tree

_CONFIG = ".runtimeconfig.json"
URLS = "ASPNETCORE_URLS=http://0.0.0.0:${PORT:-8080}"


def published(tree: Tree) -> Candidate | None:
    """A candidate for a folder with a published program at its top."""
    configs = [file for file in tree.top if file.endswith(_CONFIG) and not file.endswith(".dev.json")]
    if not configs:
        return _assemblies(tree)
    file = next((item for item in configs if item.removesuffix(_CONFIG) + ".dll" in tree), configs[0])
    name = file.removesuffix(_CONFIG)
    options = mapping(tree.json(file).get("runtimeOptions"))
    carried = listing(options.get("includedFrameworks"))
    frameworks = [mapping(item) for item in [*carried, *listing(options.get("frameworks"))]]
    if single := mapping(options.get("framework")):
        frameworks.append(single)
    web = any("AspNetCore" in str(item.get("name")) for item in frameworks) or tree.first("web.config") != ""
    found = Candidate("web" if web else "script", "dotnet", 0.95)
    claim(
        found, file, "a published program of .NET", kind=found.kind, language="dotnet", framework="prebuilt"
    )
    versions = [str(item["version"]) for item in frameworks if item.get("version")]
    if match := re.match(r"\d+\.\d+", versions[0] if versions else ""):
        claim(found, file, "the runtime it was published for", language_version=match[0])
        if ended := end_of_life("dotnet", match[0]):
            found.find("end-of-life", "warning", file, f".NET {match[0]} is no longer mended since {ended}.")
    program = f"./{name}" if carried and (name in tree or name + ".dll" not in tree) else f"dotnet {name}.dll"
    claim(found, file, "starts what was published", start_command=f"{URLS} {program}" if web else program)
    if web:
        claim(found, file, "the usual port of ASP.NET Core", port=8080)
    return found


def _assemblies(tree: Tree) -> Candidate | None:
    """Assemblies whose configuration was left out: the list of their dependencies still names the program."""
    lists = [file for file in tree.top if file.endswith(".deps.json")]
    if not lists:
        return None
    name = lists[0].removesuffix(".deps.json")
    found = Candidate("web", "dotnet", 0.85)
    claim(found, lists[0], "a published program of .NET", kind="web", language="dotnet", framework="prebuilt")
    program = f"./{name}" if name in tree else f"dotnet {name}.dll"
    claim(found, lists[0], "starts what was published", start_command=f"{URLS} {program}", port=8080)
    found.against.append("Its runtimeconfig.json is missing, so the runtime that it needs is unknown.")
    return found
