"""Zig."""

from collections.abc import Callable
from pathlib import Path

import pytest

from grove import backed, engines, plant
from jarvis.analysis.candidate import Candidate
from jarvis.analysis.detectors import zig

Look = Callable[[dict[str, str]], Candidate]
BUILD = (
    'const exe = b.addExecutable(.{\n    .name = "shop",\n'
    '    .root_source_file = b.path("src/main.zig"),\n});\n'
)
MAIN = "pub fn main() !void {}\n"


def zon(*deps: str) -> str:
    inner = "".join(f'        .{name} = .{{ .url = "https://example.com", .hash = "x" }},\n' for name in deps)
    return (
        f'.{{\n    .name = "shop",\n    .minimum_zig_version = "0.13.0",\n'
        f'    .dependencies = .{{\n{inner}    }},\n    .paths = .{{""}},\n}}\n'
    )


@pytest.fixture
def look(tmp_path: Path) -> Look:
    def write(files: dict[str, str]) -> Candidate:
        tree = plant(tmp_path, files)
        return backed(zig.detect(tree), tree)

    return write


def test_it_works(look: Look):
    source = 'pub fn main() !void { var l = zap.HttpListener.init(.{ .port = 3001 }); _ = "/healthz"; }\n'
    found = look({"build.zig": BUILD, "build.zig.zon": zon("zap", "pg"), "src/main.zig": source})
    assert (found.kind, found.language, found.framework, found.confidence) == ("web", "zig", "zap", 0.97)
    assert (found.port, found.health_path, found.language_version) == (3001, "/healthz", "0.13.0")
    assert found.build_command == "zig build -Doptimize=ReleaseSafe"
    assert found.start_command == "./zig-out/bin/shop"
    assert engines(found) == {"postgres": "required"}


@pytest.mark.parametrize(
    ("files", "kind", "framework"),
    [
        ({"build.zig.zon": zon("httpz")}, "web", "httpz"),
        ({"build.zig.zon": zon("jetzig")}, "web", "jetzig"),
        ({"build.zig.zon": zon("clap")}, "script", "none"),
        ({"src/main.zig": "var s = std.http.Server.init();\n"}, "web", "none"),
    ],
)
def test_kinds_by_dependency_and_by_source(look: Look, files: dict[str, str], kind: str, framework: str):
    found = look({"build.zig": BUILD, "src/main.zig": MAIN, **files})
    assert (found.kind, found.framework) == (kind, framework)


def test_a_build_in_the_old_form_is_read(look: Look):
    found = look({"build.zig": 'const exe = b.addExecutable("old", "src/main.zig");\n', "src/main.zig": MAIN})
    assert found.start_command == "./zig-out/bin/old"


def test_a_build_without_a_program_is_a_library(look: Look):
    assert look({"build.zig": "b.addStaticLibrary(.{});\n", "src/root.zig": "x"}).kind == "library"


def test_a_build_of_c_is_doubted(look: Look):
    found = look({"build.zig": BUILD, **{f"src/{name}.c": "x" for name in "abcdefgh"}})
    assert found.confidence == 0.6


def test_a_lone_source_is_compiled(look: Look):
    found = look({"main.zig": MAIN})
    assert (found.start_command, found.confidence) == ("./main", 0.6)


@pytest.mark.parametrize("text", ["", "addExecutable(.{", "addExecutable(.{{}" * 2000, "\n" * 4000])
def test_odd_builds_are_no_error(look: Look, text: str):
    assert look({"build.zig": text, "build.zig.zon": text + ".dependencies"}).language == "zig"


def test_another_folder_is_none(tmp_path: Path):
    assert zig.detect(plant(tmp_path, {"index.html": "x"})) is None
