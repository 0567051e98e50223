"""What cannot be run here, and that it is said why."""

from collections.abc import Callable
from pathlib import Path

import pytest

from grove import backed, plant
from jarvis.analysis.candidate import Candidate
from jarvis.analysis.detectors import unsupported

Look = Callable[[dict[str, str]], Candidate]
FLUTTER = "name: a\ndependencies:\n  flutter:\n    sdk: flutter\n"
OLD = (
    "<Project><PropertyGroup><TargetFrameworkVersion>v4.8</TargetFrameworkVersion></PropertyGroup></Project>"
)
WINDOWS = '<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><UseWPF>true</UseWPF></PropertyGroup></Project>'


@pytest.fixture
def look(tmp_path: Path) -> Look:
    def write(files: dict[str, str]) -> Candidate:
        tree = plant(tmp_path, files)
        return backed(unsupported.detect(tree), tree)

    return write


def test_it_works(look: Look):
    found = look({"default.asp": "<% Response.Write(1) %>"})
    assert (found.kind, found.language, found.confidence) == ("unsupported", "asp-classic", 0.92)
    assert found.against == ["Classic ASP runs only in the web server of Windows."]
    assert found.start_command == ""


@pytest.mark.parametrize(
    ("files", "language"),
    [
        ({"Old.csproj": OLD}, "dotnet"),
        ({"Win.csproj": WINDOWS}, "dotnet"),
        ({"Default.aspx": "x"}, "dotnet"),
        ({"Web.config": "<configuration>\n<system.web></system.web></configuration>"}, "dotnet"),
        ({"Hello.svc": "x"}, "dotnet"),
        ({"run.bat": "echo 1"}, "batch"),
        ({"run.cmd": "echo 1", "readme.txt": "x"}, "batch"),
        ({"run.ps1": "Write-Host 1"}, "powershell"),
        ({"Shop.xcodeproj/project.pbxproj": "x", "Shop/App.swift": "import SwiftUI"}, "swift"),
        ({"build.gradle": "x", "app/src/main/AndroidManifest.xml": "x"}, "java"),
        (
            {"pubspec.yaml": FLUTTER, "lib/main.dart": "x", "ios/Runner.xcodeproj/project.pbxproj": "x"},
            "dart",
        ),
        ({"project.godot": "x"}, "none"),
        ({"ProjectSettings/ProjectVersion.txt": "x", "Assets/A.cs": "x"}, "none"),
        ({"blink.ino": "void loop() {}"}, "cpp"),
        ({"platformio.ini": "x", "src/main.cpp": "x"}, "cpp"),
        ({"manifest.json": '{"manifest_version": 3}', "popup.html": "x"}, "node"),
        ({"app.vbp": "x"}, "visual-basic"),
        ({"index.cfm": "x"}, "coldfusion"),
        ({"setup.exe": "MZ"}, "none"),
        ({"shop.apk": "PK"}, "none"),
        ({"rebar.config": "x", "src/shop.erl": "x"}, "erlang"),
        ({"dune-project": "x", "bin/main.ml": "x"}, "ocaml"),
        ({"shop.nim": "echo 1"}, "nim"),
        ({"Project.toml": "x", "src/a.jl": "x"}, "julia"),
        ({"init.lua": "print(1)"}, "lua"),
        ({"research.ipynb": "{}", "data.csv": "a"}, "none"),
        ({"README.md": "x", "paper.tex": "x"}, "none"),
        ({"people.csv": "a,b", "photo.jpg": "x"}, "none"),
    ],
)
def test_each_is_refused_with_a_sentence(look: Look, files: dict[str, str], language: str):
    found = look(files)
    assert (found.kind, found.language) == ("unsupported", language)
    assert len(found.against) == 1
    assert found.against[0].endswith(".")


def test_settings_without_a_program_are_told(look: Look):
    found = look({"nixpacks.json": "{}", "values.yaml": "a: 1", "README.md": "x"})
    assert (found.kind, found.language, found.confidence) == ("config-only", "none", 0.5)


@pytest.mark.parametrize(
    "manifest", ["package.json", "pom.xml", "requirements.txt", "Dockerfile", "composer.json"]
)
def test_a_manifest_beside_it_makes_it_a_guess(look: Look, manifest: str):
    assert look({"default.asp": "x", manifest: "{}"}).confidence == 0.3


@pytest.mark.parametrize(
    "files",
    [
        {},
        {".gitkeep": ""},
        {"package.json": "{}", "README.md": "x"},
        {"compose.yaml": "services: {}"},
        {"deploy/docker-compose.prod.yml": "x", "README.md": "x"},
        {"pyproject.toml": "x"},
        {"uv.lock": "x"},
        {"main.py": "x"},
        {"index.html": "x"},
        {"run.bat": "x", "run.sh": "x"},
        {"web.config": "<configuration><system.webServer/></configuration>", "index.html": "x"},
        {"Shop.csproj": '<Project Sdk="Microsoft.NET.Sdk.Web"/>'},
        {"pubspec.yaml": FLUTTER, "web/index.html": "x", "lib/main.dart": "x", "ios/a": "x"},
    ],
)
def test_what_may_run_is_left_to_others(tmp_path: Path, files: dict[str, str]):
    assert unsupported.detect(plant(tmp_path, files)) is None
