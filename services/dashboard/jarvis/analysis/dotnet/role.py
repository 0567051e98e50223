"""What a project of .NET is for."""

import re
from dataclasses import dataclass

from jarvis.analysis.dotnet.project import NetProject

_TESTS = re.compile(r"(?:^|[._-])(?:\w*tests?|specs?|benchmarks?)$", re.IGNORECASE)
_TEST_PACKAGES = ("microsoft.net.test.sdk", "xunit", "nunit", "mstest", "benchmarkdotnet", "expecto")
_OLD = re.compile(r"^(?:net[1-4]\d{0,2}|v[1-4](?:\.\d)*)$")
_PLATFORM = re.compile(r"^net\d+\.\d+-(?:windows|android|ios|maccatalyst|macos|tizen|tvos)")
_WINDOWS = ("UseWPF", "UseWindowsForms", "UseMaui", "UseWinUI")
_WINDOW_PACKAGES = (
    "xamarin.",
    "avalonia",
    "uno.winui",
    "microsoft.windowsappsdk",
    "godot",
    "monogame",
    "microsoft.maui",
)
_FUNCTIONS = (
    ("microsoft.net.sdk.functions", "azure-functions"),
    ("microsoft.azure.functions.worker", "azure-functions"),
    ("google.cloud.functions", "functions-framework"),
)
_SERVERS = (
    ("suave", "suave"),
    ("embedio", "embedio"),
    ("nancy", "nancy"),
    ("servicestack.kestrel", "servicestack"),
    ("grpc.core", "grpc"),
    ("netcoreserver", "none"),
    ("watson", "none"),
)
"""Servers that do not stand on the SDK for the web."""


@dataclass(frozen=True, slots=True)
class Role:
    """The role of a project and the line that shows it.

    Attributes:
        name: `web`, `wasm` (pages that run .NET in the browser), `function`, `worker`, `script`, `library`,
            `test`, `host` (starts the others while developing), `desktop`, `old` (the .NET Framework).
    """

    name: str
    why: str
    line: int | None = None
    framework: str = "none"


def role(project: NetProject) -> Role:
    """The first that fits; the order is the strength of the sign."""
    return _aside(project) or _served(project) or _plain(project)


def _aside(project: NetProject) -> Role | None:
    """What cannot be deployed, or is not meant to be."""
    tested = project.package(*_TEST_PACKAGES)
    if tested or project.value("IsTestProject") == "true" or _TESTS.search(project.stem):
        return Role("test", "tests", project.packages[tested][1] if tested else None)
    aspire = any(name.startswith("Sdk:Aspire.AppHost") for name in project.values)
    if aspire or project.value("IsAspireHost") == "true" or project.sdk.startswith("Aspire.AppHost"):
        return Role("host", "starts the others on a developer's machine", project.sdk_line)
    old = bool(project.targets) and all(_OLD.match(item) for item in project.targets)
    if old or (not project.sdk and "TargetFrameworkVersion" in project.values):
        return Role("old", "built for the .NET Framework", project.target_place[1])
    shown = next((name for name in _WINDOWS if project.value(name) == "true"), "")
    platform = bool(project.targets) and all(_PLATFORM.match(item) for item in project.targets)
    if shown or platform or project.value("OutputType") == "winexe" or project.package(*_WINDOW_PACKAGES):
        line = project.values[shown][1] if shown else None
        return Role("desktop", "a program with windows of its own", line)
    return None


def _served(project: NetProject) -> Role | None:
    if "AzureFunctionsVersion" in project.values:
        line = project.values["AzureFunctionsVersion"][1]
        return Role("function", "made for Azure Functions", line, "azure-functions")
    for beginning, framework in _FUNCTIONS:
        if name := project.package(beginning):
            return Role("function", f"depends on {name}", project.packages[name][1], framework)
    if project.sdk == "Microsoft.NET.Sdk.BlazorWebAssembly":
        return Role(
            "wasm", "built with the SDK for pages that run in the browser", project.sdk_line, "blazor-wasm"
        )
    if name := project.package(
        "microsoft.aspnetcore.components.webassembly.devserver", "microsoft.aspnetcore.blazor.devserver"
    ):
        return Role("wasm", "runs in the browser", project.packages[name][1], "blazor-wasm")
    if project.sdk == "Microsoft.NET.Sdk.Web":
        return Role("web", "built with the SDK for the web", project.sdk_line, "aspnetcore")
    return None


def _plain(project: NetProject) -> Role:
    """Projects that use the plain SDK: what they depend on and what they are built to."""
    starts = project.value("OutputType") == "exe"
    name = project.package("microsoft.aspnetcore", "yarp.", "giraffe", "saturn", "falco")
    if starts and name and not name.startswith("microsoft.aspnetcore.components.webassembly"):
        return Role("web", f"depends on {name}", project.packages[name][1], "aspnetcore")
    for beginning, framework in _SERVERS:
        if starts and (name := project.package(beginning)):
            return Role("web", f"depends on {name}", project.packages[name][1], framework)
    if name := project.package("amazon.lambda."):
        return Role("function", f"depends on {name}", project.packages[name][1])
    if project.sdk == "Microsoft.NET.Sdk.Worker":
        return Role("worker", "built with the SDK for workers", project.sdk_line)
    if starts:
        return Role("script", "built to a program", project.values["OutputType"][1])
    return Role("library", "built to a library")
