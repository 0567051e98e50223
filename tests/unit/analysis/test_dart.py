"""Dart servers, programs, and Flutter for the web."""

from collections.abc import Callable
from pathlib import Path

import pytest

from grove import backed, engines, plant, rules
from jarvis.analysis.candidate import Candidate
from jarvis.analysis.detectors import dart

Look = Callable[[dict[str, str]], Candidate]
FLUTTER = "name: shop\ndependencies:\n  flutter:\n    sdk: flutter\n"


def pubspec(*deps: str, name: str = "shop") -> str:
    return f"name: {name}\nenvironment:\n  sdk: ^3.2.0\ndependencies:\n" + "".join(
        f"  {item}: ^1.0.0\n" for item in deps
    )


@pytest.fixture
def look(tmp_path: Path) -> Look:
    def write(files: dict[str, str]) -> Candidate:
        tree = plant(tmp_path, files)
        return backed(dart.detect(tree), tree)

    return write


def test_it_works(look: Look):
    source = (
        "void main() async {\n  final port = "
        "int.parse(Platform.environment['PORT'] ?? '9000');\n  get('/healthz');\n}\n"
    )
    found = look(
        {"pubspec.yaml": pubspec("shelf", "postgres"), "pubspec.lock": "", "bin/server.dart": source}
    )
    assert (found.kind, found.language, found.framework, found.confidence) == ("web", "dart", "shelf", 0.97)
    assert (found.port, found.health_path, found.language_version) == (9000, "/healthz", "^3.2.0")
    assert (found.install_command, found.build_command) == (
        "dart pub get",
        "dart compile exe bin/server.dart",
    )
    assert found.start_command == "./bin/server.exe"
    assert engines(found) == {"postgres": "required"}
    assert rules(found) == []


@pytest.mark.parametrize(
    ("deps", "framework", "start"),
    [
        (["dart_frog"], "dart-frog", "./build/bin/server.exe"),
        (["serverpod"], "serverpod", "./bin/main.exe --mode production"),
        (["alfred"], "alfred", "./bin/main.exe"),
        (["args"], "none", "./bin/main.exe"),
    ],
)
def test_each_framework_is_started_its_way(look: Look, deps: list[str], framework: str, start: str):
    found = look({"pubspec.yaml": pubspec(*deps), "bin/main.dart": "void main() {}\n"})
    assert (found.framework, found.start_command) == (framework, start)


def test_serverpod_needs_its_database(look: Look):
    assert engines(look({"pubspec.yaml": pubspec("serverpod"), "bin/main.dart": "x"})) == {
        "postgres": "required"
    }


def test_a_program_is_called_like_its_package(look: Look):
    found = look({"pubspec.yaml": pubspec(), "bin/shop.dart": "main() {}", "bin/other.dart": "main() {}"})
    assert (found.kind, found.start_command) == ("script", "./bin/shop.exe")


def test_a_server_of_the_language_itself_is_web(look: Look):
    source = "void main() async { await HttpServer.bind(InternetAddress.anyIPv4, 8123); }\n"
    found = look({"pubspec.yaml": pubspec(), "bin/shop.dart": source})
    assert (found.kind, found.framework, found.port) == ("web", "none", 8123)


def test_flutter_for_the_web_is_built_to_pages(look: Look):
    found = look({"pubspec.yaml": FLUTTER, "web/index.html": "x", "lib/main.dart": "x", "android/a": "x"})
    assert (found.kind, found.framework, found.static_dir, found.spa) == (
        "static",
        "flutter",
        "build/web",
        True,
    )
    assert found.build_command == "flutter build web --release"


def test_flutter_without_any_platform_gets_pages(look: Look):
    found = look({"pubspec.yaml": FLUTTER, "lib/main.dart": "x"})
    assert found.build_command == "flutter create . --platforms web && flutter build web --release"


def test_flutter_for_phones_only_is_left_to_others(tmp_path: Path):
    tree = plant(tmp_path, {"pubspec.yaml": FLUTTER, "lib/main.dart": "x", "android/app/build.gradle": "x"})
    assert dart.detect(tree) is None


def test_a_workspace_has_a_server_and_pages(look: Look):
    top = FLUTTER + "workspace:\n  - app\n  - http\n"
    files = {
        "app/pubspec.yaml": FLUTTER,
        "app/web/index.html": "x",
        "http/pubspec.yaml": pubspec("shelf"),
        "http/bin/server.dart": "x",
    }
    found = look({"pubspec.yaml": top, **files})
    assert (found.kind, found.framework, found.confidence) == ("web", "flutter", 0.95)
    assert (
        found.build_command
        == "(cd app && flutter build web --release) && cd http && dart compile exe bin/server.dart"
    )
    assert found.start_command == "cd http && ./bin/server.exe"


def test_a_package_without_a_program_is_a_library(look: Look):
    assert look({"pubspec.yaml": pubspec(), "lib/shop.dart": "class A {}"}).kind == "library"


def test_pages_in_dart_are_static(look: Look):
    found = look({"pubspec.yaml": pubspec("web"), "web/index.html": "x", "web/main.dart": "main() {}"})
    assert (found.kind, found.static_dir) == ("static", "build")


def test_of_several_packages_the_server_is_taken(look: Look):
    files = {
        "shop_flutter/pubspec.yaml": FLUTTER,
        "shop_server/pubspec.yaml": pubspec("serverpod"),
        "shop_server/bin/main.dart": "x",
    }
    found = look(files)
    assert (found.framework, found.confidence) == ("serverpod", 0.8)


def test_a_lone_source_is_compiled(look: Look):
    found = look({"main.dart": "void main() {}\n"})
    assert (found.build_command, found.start_command) == ("dart compile exe main.dart", "./main.exe")


@pytest.mark.parametrize(
    "text",
    ["", "dependencies: 5", "dependencies: [a]", "environment: x\nworkspace: y", "{", "workspace: [5]"],
)
def test_odd_pubspecs_are_no_error(look: Look, text: str):
    assert look({"pubspec.yaml": text, "bin/main.dart": "main() {}"}).language == "dart"


def test_another_folder_is_none(tmp_path: Path):
    assert dart.detect(plant(tmp_path, {"index.html": "x"})) is None
