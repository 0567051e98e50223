"""One project file of .NET."""

import re
from dataclasses import dataclass, field

from jarvis.analysis.markup import parse
from jarvis.analysis.tree import Tree

SUFFIXES = (".csproj", ".fsproj", ".vbproj")
_MODERN = re.compile(r"^(?:netcoreapp|net)(\d+\.\d+)")


@dataclass(slots=True)
class NetProject:
    """What a project file says.

    Attributes:
        file: The project file.
        folder: Where it lies: empty, or ending with a slash.
        stem: The file's name without its suffix.
        assembly: Name of what it is built to, without suffix.
        sdk: The kit that builds it, for example `Microsoft.NET.Sdk.Web`, and its line.
        values: Property → value and line.
        targets: What it is built for, for example `net8.0`.
        packages: Package in lower case → file and line.
        references: Files of the projects it refers to.
    """

    file: str
    folder: str
    stem: str
    assembly: str
    sdk: str = ""
    sdk_line: int | None = None
    values: dict[str, tuple[str, int]] = field(default_factory=dict[str, tuple[str, int]])
    targets: list[str] = field(default_factory=list[str])
    target_place: tuple[str, int | None] = ("", None)
    packages: dict[str, tuple[str, int]] = field(default_factory=dict[str, tuple[str, int]])
    references: list[str] = field(default_factory=list[str])

    @property
    def target(self) -> str:
        """The target that is published: the newest one that runs here; empty for none."""
        return max((item for item in self.targets if _MODERN.match(item)), key=_number, default="")

    @property
    def version(self) -> str:
        """The version of .NET in the target, for example `8.0`."""
        match = _MODERN.match(self.target)
        return match[1] if match else ""

    def value(self, name: str) -> str:
        """A property in lower case; empty when it is not set."""
        return self.values.get(name, ("", 0))[0].lower()

    def package(self, *beginnings: str) -> str:
        """The first package that begins with one of these; empty for none."""
        return next((name for name in self.packages if name.startswith(beginnings)), "")


def _number(target: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", target)[:2])


def read(tree: Tree, file: str) -> NetProject:
    """What the project file says, with the targets that a `Directory.Build.props` above it gives."""
    folder = file[: file.rfind("/") + 1]
    stem = file[len(folder) :].rpartition(".")[0]
    found = NetProject(file, folder, stem, stem)
    for element in parse(tree.text(file)).walk():
        if element.name == "Project" and (given := element.attributes.get("Sdk")):
            found.sdk, found.sdk_line = given.partition("/")[0], element.line
        elif element.name == "Sdk" and (given := element.attributes.get("Name")):
            found.values.setdefault("Sdk:" + given.partition("/")[0], (given, element.line))
            if not found.sdk:
                found.sdk, found.sdk_line = given.partition("/")[0], element.line
        elif element.name in ("PackageReference", "FrameworkReference", "Reference"):
            name = (element.attributes.get("Include") or element.attributes.get("Update") or "").partition(
                ","
            )[0]
            if name and "$" not in name:
                found.packages.setdefault(name.strip().lower(), (file, element.line))
        elif element.name == "ProjectReference" and (place := element.attributes.get("Include")):
            found.references.append(join(folder, place))
        elif not element.children and element.text.strip():
            found.values.setdefault(element.name, (element.text.strip(), element.line))
    name = found.values.get("AssemblyName", ("", 0))[0]
    if name and "$(" not in name:
        found.assembly = name
    _targets(found, tree)
    return found


def join(folder: str, place: str) -> str:
    """A file, from a place that is relative to `folder` and written as on Windows."""
    parts: list[str] = []
    for part in f"{folder}{place}".replace("\\", "/").split("/"):
        if part == "..":
            del parts[-1:]
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)


def _targets(found: NetProject, tree: Tree) -> None:
    names = ("TargetFramework", "TargetFrameworks", "TargetFrameworkVersion")
    for name in names:
        if name in found.values and "$(" not in found.values[name][0]:
            value, line = found.values[name]
            found.targets = [item.strip().lower() for item in value.split(";") if item.strip()]
            found.target_place = (found.file, line)
            return
    place = found.folder.rstrip("/")
    for above in [*(place.rsplit("/", up)[0] for up in range(place.count("/") + 1) if place), ""]:
        file = f"{above}/Directory.Build.props" if above else "Directory.Build.props"
        if file not in tree:
            continue
        for element in parse(tree.text(file)).walk():
            if element.name in names and "$(" not in element.text:
                found.targets = [item.strip().lower() for item in element.text.split(";") if item.strip()]
                found.target_place = (file, element.line)
                return
