"""Swift packages that run on a server."""

from collections.abc import Callable
from pathlib import Path

import pytest

from grove import backed, engines, plant, rules
from jarvis.analysis.candidate import Candidate
from jarvis.analysis.detectors import swift

Look = Callable[[dict[str, str]], Candidate]


def package(*addresses: str, targets: str = '.executableTarget(name: "App")') -> str:
    deps = ",\n    ".join(f'.package(url: "{address}", from: "1.0.0")' for address in addresses)
    return (
        "// swift-tools-version:5.9\nimport PackageDescription\n"
        'let package = Package(\n  name: "shop",\n  dependencies: [\n'
        f"    {deps}\n  ],\n  targets: [{targets}]\n)\n"
    )


VAPOR = "https://github.com/vapor/vapor.git"


@pytest.fixture
def look(tmp_path: Path) -> Look:
    def write(files: dict[str, str]) -> Candidate:
        tree = plant(tmp_path, files)
        return backed(swift.detect(tree), tree)

    return write


def test_it_works(look: Look):
    address = "https://github.com/vapor/fluent-postgres-driver.git"
    source = 'app.get("health") {}\napp.http.server.configuration.port = 8090\nlet a = "/health"\n'
    found = look(
        {"Package.swift": package(VAPOR, address), "Sources/App/main.swift": source, "Package.resolved": "{}"}
    )
    assert (found.kind, found.language, found.framework, found.confidence) == ("web", "swift", "vapor", 0.97)
    assert (found.port, found.language_version, found.package_manager) == (8090, "5.9", "swiftpm")
    assert found.build_command == "swift build -c release"
    assert (
        found.start_command
        == ".build/release/App serve --env production --hostname 0.0.0.0 --port ${PORT:-8090}"
    )
    assert engines(found) == {"postgres": "required"}
    assert (found.health_path, rules(found)) == ("/health", [])


@pytest.mark.parametrize(
    ("address", "kind", "framework"),
    [
        ("https://github.com/hummingbird-project/hummingbird.git", "web", "hummingbird"),
        ("https://github.com/Kitura/Kitura", "web", "kitura"),
        ("https://github.com/johnsundell/publish.git", "static", "publish"),
        ("https://github.com/swift-server/swift-aws-lambda-runtime.git", "function", "none"),
        ("https://github.com/apple/swift-argument-parser", "script", "none"),
    ],
)
def test_each_framework_is_known_by_its_address(look: Look, address: str, kind: str, framework: str):
    found = look({"Package.swift": package(address)})
    assert (found.kind, found.framework) == (kind, framework)


def test_a_commented_dependency_does_not_count(look: Look):
    text = package().replace("dependencies: [", f'dependencies: [ // .package(url: "{VAPOR}", from: "4")')
    assert look({"Package.swift": text}).framework == "none"


def test_a_target_with_a_main_file_is_a_program(look: Look):
    text = package(targets='.target(name: "Tool")')
    assert (
        look({"Package.swift": text, "Sources/Tool/main.swift": "x"}).start_command == ".build/release/Tool"
    )


def test_a_package_without_a_program_is_a_library(look: Look):
    assert look({"Package.swift": package(targets='.target(name: "Lib")')}).kind == "library"


def test_the_database_in_use_decides(look: Look):
    drivers = [f"https://github.com/vapor/fluent-{name}-driver.git" for name in ("postgres", "sqlite")]
    source = "app.databases.use(.sqlite(.file(path)), as: .sqlite)\n"
    found = look({"Package.swift": package(VAPOR, *drivers), "Sources/App/configure.swift": source})
    assert engines(found) == {"sqlite": "embedded", "postgres": "optional"}


def test_a_pinned_version_comes_first(look: Look):
    assert look({"Package.swift": package(), ".swift-version": "6.0.1\n"}).language_version == "6.0.1"


def test_a_missing_lock_file_is_told(look: Look):
    assert rules(look({"Package.swift": package(VAPOR)})) == ["missing-lock-file"]


def test_lone_sources_are_compiled(look: Look):
    found = look({"main.swift": "print(1)\n"})
    assert (found.build_command, found.start_command) == ("swiftc -O main.swift -o main", "./main")


@pytest.mark.parametrize(
    "files",
    [
        {"main.swift": "import SwiftUI\n"},
        {"App.swift": "x", "Shop.xcodeproj/project.pbxproj": "x"},
        {"Package.swift": package(targets='.target(name: "Lib")'), "Shop.xcodeproj/project.pbxproj": "x"},
        {"index.html": "x"},
    ],
)
def test_apps_for_apples_screens_are_left_to_others(tmp_path: Path, files: dict[str, str]):
    assert swift.detect(plant(tmp_path, files)) is None


@pytest.mark.parametrize("text", ["", ".package(", '"' * 3000, "/*" * 3000])
def test_odd_packages_are_no_error(look: Look, text: str):
    assert look({"Package.swift": text}).language == "swift"
