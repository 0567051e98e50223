"""C#, F# and Visual Basic on .NET."""

from jarvis.builds.project import Project
from jarvis.builds.stacks import debian, node
from jarvis.builds.stacks.stack import Local, Stack
from jarvis.builds.stacks.version import Shelf, choose

SHELF = Shelf(
    language=".NET",
    versions=("3.1", "5.0", "6.0", "7.0", "8.0", "9.0", "10.0"),
    usual="10.0",
    old=("3.1", "5.0", "6.0", "7.0", "8.0", "9.0"),
)
CACHE = "/opt/nuget"


def fits(project: Project) -> bool:
    """A project of .NET; the old framework of Windows is not."""
    return project.language in {"dotnet", "csharp", "fsharp"}


def stack(project: Project) -> Stack:
    """Made with the SDK, run with the runtime of ASP.NET, which is the one of plain programs and more."""
    choice = choose(SHELF, project.language_version)
    sdk = f"mcr.microsoft.com/dotnet/sdk:{choice.version}"
    runs = project.start_command.startswith(("dotnet run", "dotnet watch"))
    return Stack(
        name="dotnet",
        version=choice.version,
        build_image=sdk if project.builds or runs else "",
        run_image=sdk if runs else f"mcr.microsoft.com/dotnet/aspnet:{choice.version}",
        tools=node.tools(project, manifest=True),
        run_packages=debian.clients(project),
        install=project.install_command,
        build=project.build_command,
        caches=() if runs else (CACHE,),
        copies=(CACHE,) if runs and project.builds else (),
        build_environment={"DOTNET_CLI_TELEMETRY_OPTOUT": "1", "NUGET_PACKAGES": CACHE},
        run_environment={"NUGET_PACKAGES": CACHE} if runs else {},
        start=project.start_command,
        ignored=("**/bin", "**/obj") if project.build_command else (),
        notes=choice.notes,
        local=Local(programs=("dotnet",), environment={"DOTNET_CLI_TELEMETRY_OPTOUT": "1"}),
    )
