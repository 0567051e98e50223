""".NET projects, solutions, published programs and single files."""

from collections.abc import Callable
from pathlib import Path

import pytest

from grove import backed, engines, plant, rules
from jarvis.analysis.candidate import Candidate
from jarvis.analysis.detectors import dotnet

Look = Callable[[dict[str, str]], Candidate]
CODE = 'var app = WebApplication.Create();\napp.MapGet("/healthz", () => "ok");\napp.Run();\n'


def project(
    sdk: str = "Microsoft.NET.Sdk.Web", *packages: str, target: str = "net8.0", rest: str = ""
) -> str:
    found = "\n".join(f'<PackageReference Include="{name}" Version="1" />' for name in packages)
    return (
        f'<Project Sdk="{sdk}">\n<PropertyGroup><TargetFramework>'
        f"{target}</TargetFramework>{rest}</PropertyGroup>\n"
        f"<ItemGroup>\n{found}\n</ItemGroup>\n</Project>\n"
    )


PLAIN = "Microsoft.NET.Sdk"
EXE = "<OutputType>Exe</OutputType>"


@pytest.fixture
def look(tmp_path: Path) -> Look:
    def write(files: dict[str, str]) -> Candidate:
        tree = plant(tmp_path, files)
        return backed(dotnet.detect(tree), tree)

    return write


def test_it_works(look: Look):
    found = look({"Shop.csproj": project(), "Program.cs": CODE})
    assert (found.kind, found.language, found.framework, found.confidence) == (
        "web",
        "dotnet",
        "aspnetcore",
        0.97,
    )
    assert (found.package_manager, found.language_version, found.port) == ("nuget", "8.0", 8080)
    assert found.build_command == "dotnet publish Shop.csproj -c Release -o out"
    assert found.start_command == "cd out && ASPNETCORE_URLS=http://0.0.0.0:${PORT:-8080} dotnet Shop.dll"
    assert found.health_path == "/healthz"


@pytest.mark.parametrize(
    ("text", "kind", "framework"),
    [
        (project("Microsoft.NET.Sdk.BlazorWebAssembly"), "static", "blazor-wasm"),
        (project("Microsoft.NET.Sdk.Worker"), "worker", "none"),
        (project(PLAIN, rest=EXE), "script", "none"),
        (project(PLAIN), "library", "none"),
        (project(PLAIN, "Microsoft.AspNetCore.App", rest=EXE), "web", "aspnetcore"),
        (project(PLAIN, "Giraffe", rest=EXE), "web", "aspnetcore"),
        (project(PLAIN, "Suave", rest=EXE), "web", "suave"),
        (project(PLAIN, "Microsoft.NET.Sdk.Functions", rest=EXE), "function", "azure-functions"),
        (
            project(PLAIN, rest="<AzureFunctionsVersion>v4</AzureFunctionsVersion>"),
            "function",
            "azure-functions",
        ),
        (project(PLAIN, "Google.Cloud.Functions.Hosting", rest=EXE), "function", "functions-framework"),
        (project(PLAIN, "Amazon.Lambda.Core"), "function", "none"),
        (
            project("Microsoft.NET.Sdk.Web", "Microsoft.AspNetCore.Components.WebAssembly.DevServer"),
            "static",
            "blazor-wasm",
        ),
    ],
)
def test_each_kind_is_known_by_its_project(look: Look, text: str, kind: str, framework: str):
    found = look({"Shop.csproj": text, "Program.cs": "x"})
    assert (found.kind, found.framework) == (kind, framework)


def test_pages_for_the_browser_are_published_to_a_folder(look: Look):
    found = look({"Shop.csproj": project("Microsoft.NET.Sdk.BlazorWebAssembly")})
    assert (found.static_dir, found.spa, found.start_command) == ("out/wwwroot", True, "")


@pytest.mark.parametrize("suffix", ["fsproj", "vbproj"])
def test_other_languages_are_built_the_same(look: Look, suffix: str):
    assert (
        look({f"Shop.{suffix}": project()}).build_command == f"dotnet publish Shop.{suffix} -c Release -o out"
    )


def test_the_assembly_may_have_another_name(look: Look):
    found = look({"Shop.csproj": project(rest="<AssemblyName>till</AssemblyName>")})
    assert found.start_command.endswith("dotnet till.dll")


def test_of_several_targets_the_newest_is_published(look: Look):
    text = project().replace(
        "<TargetFramework>net8.0</TargetFramework>",
        "<TargetFrameworks>net48;net6.0;net9.0</TargetFrameworks>",
    )
    found = look({"Shop.csproj": text})
    assert (found.language_version, "-f net9.0" in found.build_command) == ("9.0", True)


def test_targets_may_stand_above_and_versions_in_global_json(look: Look):
    bare = '<Project Sdk="Microsoft.NET.Sdk.Web"></Project>'
    props = "<Project><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup></Project>"
    assert look({"src/Shop/Shop.csproj": bare, "Directory.Build.props": props}).language_version == "10.0"


def test_global_json_tells_the_version_when_nothing_else_does(look: Look):
    found = look(
        {
            "Shop.csproj": '<Project Sdk="Microsoft.NET.Sdk.Web"/>',
            "global.json": '{"sdk": {"version": "8.0.100"}}',
        }
    )
    assert found.language_version == "8.0"


def test_an_old_version_is_told(look: Look):
    assert rules(look({"Shop.csproj": project(target="netcoreapp3.1")})) == ["end-of-life"]


SOLUTION = 'Project("{F}") = "Web", "src\\deep\\er\\Web\\Web.csproj", "{G}"\nEndProject\n'


def test_a_solution_leads_to_projects_further_down(look: Look):
    found = look({"Shop.sln": SOLUTION, "src/deep/er/Web/Web.csproj": project()})
    assert (found.kind, found.confidence) == ("web", 0.97)
    assert found.build_command == "dotnet publish src/deep/er/Web/Web.csproj -c Release -o out"


@pytest.mark.parametrize(
    ("files", "chosen"),
    [
        (
            {"Web/Web.csproj": project(), "Web.Tests/Web.Tests.csproj": project(PLAIN, "xunit")},
            "Web/Web.csproj",
        ),
        ({"Core/Core.csproj": project(PLAIN), "Api/Api.csproj": project()}, "Api/Api.csproj"),
        ({"Host/Host.csproj": project("Aspire.AppHost.Sdk"), "Api/Api.csproj": project()}, "Api/Api.csproj"),
        (
            {
                "Client/Client.csproj": project("Microsoft.NET.Sdk.BlazorWebAssembly"),
                "Server/Server.csproj": project(),
            },
            "Server/Server.csproj",
        ),
        (
            {
                "A/A.csproj": project(),
                "B/B.csproj": project(),
                ".deployment": "[config]\nproject = B/B.csproj\n",
            },
            "B/B.csproj",
        ),
        ({"App.csproj": project(PLAIN, rest=EXE), "Other/Web.csproj": project()}, "App.csproj"),
        (
            {
                "samples/Web/Web.csproj": project(),
                "src/Tool/Tool.csproj": project("Microsoft.NET.Sdk.Worker"),
            },
            "src/Tool/Tool.csproj",
        ),
        (
            {
                "Client/Client.csproj": project("Microsoft.NET.Sdk.BlazorWebAssembly"),
                "Api/Api.csproj": project(PLAIN, "Microsoft.Azure.Functions.Worker", rest=EXE),
            },
            "Client/Client.csproj",
        ),
    ],
)
def test_of_several_projects_the_one_that_serves_is_taken(look: Look, files: dict[str, str], chosen: str):
    assert f"dotnet publish {chosen} " in look(files).build_command


def test_other_projects_that_could_run_are_told(look: Look):
    found = look({"A/A.csproj": project(), "B/B.csproj": project()})
    assert found.against == ["Other projects could be started too: B/B.csproj."]
    assert found.confidence == 0.8


@pytest.mark.parametrize(
    ("packages", "code", "expected"),
    [
        (["Npgsql.EntityFrameworkCore.PostgreSQL"], "", {"postgres": "required"}),
        (["Microsoft.EntityFrameworkCore.SqlServer"], "o.UseSqlServer(x);", {"mssql": "required"}),
        (["Pomelo.EntityFrameworkCore.MySql"], "", {"mysql": "required"}),
        (["Microsoft.EntityFrameworkCore.Sqlite"], "", {"sqlite": "embedded"}),
        (
            ["Microsoft.EntityFrameworkCore.Sqlite", "Microsoft.EntityFrameworkCore.SqlServer"],
            "o.UseSqlite(x);",
            {"sqlite": "embedded", "mssql": "optional"},
        ),
        (
            ["Microsoft.EntityFrameworkCore.InMemory", "Microsoft.EntityFrameworkCore.SqlServer"],
            'o.UseInMemoryDatabase("x");',
            {"mssql": "optional"},
        ),
        (["MongoDB.Driver"], "", {"mongodb": "required"}),
        (["StackExchange.Redis"], "", {"redis": "required"}),
        (["RabbitMQ.Client"], "", {"rabbitmq": "required"}),
        (["NEST"], "", {"elasticsearch": "required"}),
        (["Serilog"], "", {}),
    ],
)
def test_databases_by_package_and_by_call(
    look: Look, packages: list[str], code: str, expected: dict[str, str]
):
    assert (
        engines(look({"Shop.csproj": project("Microsoft.NET.Sdk.Web", *packages), "Program.cs": code}))
        == expected
    )


def test_packages_of_projects_that_are_referred_to_count(look: Look):
    web = project().replace("<ItemGroup>", '<ItemGroup><ProjectReference Include="..\\Data\\Data.csproj" />')
    found = look({"Web/Web.csproj": web, "Data/Data.csproj": project(PLAIN, "Npgsql")})
    assert engines(found) == {"postgres": "required"}


@pytest.mark.parametrize(
    ("path", "text", "port"),
    [
        ("Program.cs", 'builder.WebHost.UseUrls("http://*:5005");', 5005),
        ("Program.cs", 'app.Run($"http://0.0.0.0:3000");', 3000),
        ("appsettings.json", '{"Kestrel": {"Endpoints": {"Http": {"Url": "http://*:5080"}}}}', 5080),
    ],
)
def test_a_port_that_is_named_is_taken(look: Look, path: str, text: str, port: int):
    found = look({"Shop.csproj": project(), path: text})
    assert found.port == port
    assert f"${{PORT:-{port}}}" in found.start_command


@pytest.mark.parametrize(
    ("files", "kind", "start"),
    [
        (
            {
                "a.runtimeconfig.json": (
                    '{"runtimeOptions": {"frameworks": [{"name": '
                    '"Microsoft.AspNetCore.App", "version": "8.0.0"}]}}'
                ),
                "a.dll": "x",
            },
            "web",
            "ASPNETCORE_URLS=http://0.0.0.0:${PORT:-8080} dotnet a.dll",
        ),
        (
            {
                "a.runtimeconfig.json": (
                    '{"runtimeOptions": {"includedFrameworks": [{"name": '
                    '"Microsoft.AspNetCore.App", "version": "8.0.0"}]}}'
                ),
                "a": "x",
                "a.dll": "x",
            },
            "web",
            "ASPNETCORE_URLS=http://0.0.0.0:${PORT:-8080} ./a",
        ),
        (
            {
                "a.runtimeconfig.json": (
                    '{"runtimeOptions": {"framework": {"name": "Microsoft.NETCore.App", "version": "8.0.0"}}}'
                ),
                "a.dll": "x",
            },
            "script",
            "dotnet a.dll",
        ),
        (
            {"a.deps.json": "{}", "a.dll": "x"},
            "web",
            "ASPNETCORE_URLS=http://0.0.0.0:${PORT:-8080} dotnet a.dll",
        ),
    ],
)
def test_a_published_program_is_started(look: Look, files: dict[str, str], kind: str, start: str):
    found = look(files)
    assert (found.kind, found.framework, found.start_command) == (kind, "prebuilt", start)


@pytest.mark.parametrize(
    ("file", "text", "start"),
    [
        (
            "app.cs",
            "#:sdk Microsoft.NET.Sdk.Web\n" + CODE,
            "ASPNETCORE_URLS=http://0.0.0.0:${PORT:-8080} dotnet out/app.dll",
        ),
        ("Program.cs", "using System;\nConsole.WriteLine(1);\n", "dotnet out/Program.dll"),
        ("main.csx", "x", "dotnet script main.csx"),
        ("main.fsx", "x", "dotnet fsi main.fsx"),
    ],
)
def test_a_single_file_is_started(look: Look, file: str, text: str, start: str):
    assert look({file: text}).start_command == start


@pytest.mark.parametrize(
    "files",
    [
        {
            "Old.csproj": (
                "<Project><PropertyGroup><TargetFrameworkVersion>"
                "v4.7.2</TargetFrameworkVersion></PropertyGroup></Project>"
            )
        },
        {"Old.csproj": project(target="net48")},
        {"Win.csproj": project(PLAIN, rest="<OutputType>WinExe</OutputType>")},
        {"Phone.csproj": project(PLAIN, target="net8.0-android")},
        {"A.Tests.csproj": project(PLAIN, "xunit")},
        {"index.html": "x"},
    ],
)
def test_what_runs_elsewhere_is_left_to_others(tmp_path: Path, files: dict[str, str]):
    assert dotnet.detect(plant(tmp_path, files)) is None


@pytest.mark.parametrize("text", ["", "<Project", "<Project Sdk='" + "x" * 500, "\0", "<ItemGroup>" * 300])
def test_odd_project_files_are_no_error(look: Look, text: str):
    assert look({"Shop.csproj": text}).language == "dotnet"


@pytest.mark.parametrize(
    "text", ["[]", '{"runtimeOptions": 5}', '{"runtimeOptions": {"frameworks": {}, "framework": []}}', "{"]
)
def test_odd_configurations_are_no_error(look: Look, text: str):
    assert look({"a.runtimeconfig.json": text, "a.dll": "x"}).start_command == "dotnet a.dll"
