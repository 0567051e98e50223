"""Gleam projects."""

from collections.abc import Callable
from pathlib import Path

import pytest

from grove import backed, engines, plant, rules
from jarvis.analysis.candidate import Candidate
from jarvis.analysis.detectors import gleam

Look = Callable[[dict[str, str]], Candidate]


def manifest(*deps: str, head: str = "") -> str:
    return f'name = "shop"\n{head}\n[dependencies]\n' + "".join(f'{name} = ">= 1.0.0"\n' for name in deps)


@pytest.fixture
def look(tmp_path: Path) -> Look:
    def write(files: dict[str, str]) -> Candidate:
        tree = plant(tmp_path, files)
        return backed(gleam.detect(tree), tree)

    return write


def test_it_works(look: Look):
    source = 'pub fn main() {\n  handler |> mist.new |> mist.port(8001)\n  ["/healthz"]\n}\n'
    files = {
        "gleam.toml": manifest("wisp", "mist", "pog", head='gleam = ">= 1.4.0"'),
        "src/shop.gleam": source,
    }
    found = look({**files, "manifest.toml": ""})
    assert (found.kind, found.language, found.framework, found.confidence) == ("web", "gleam", "wisp", 0.97)
    assert (found.port, found.health_path, found.language_version) == (8001, "/healthz", ">= 1.4.0")
    assert found.build_command == "gleam export erlang-shipment"
    assert found.start_command == "./build/erlang-shipment/entrypoint.sh run"
    assert engines(found) == {"postgres": "required"}
    assert rules(found) == []


@pytest.mark.parametrize(
    ("dep", "head", "kind", "framework"),
    [
        ("mist", "", "web", "mist"),
        ("gleam_stdlib", "", "script", "none"),
        ("lustre", 'target = "javascript"', "static", "lustre"),
        ("lustre", "", "script", "none"),
    ],
)
def test_kinds_by_dependency(look: Look, dep: str, head: str, kind: str, framework: str):
    found = look({"gleam.toml": manifest(dep, head=head)})
    assert (found.kind, found.framework) == (kind, framework)


def test_a_program_for_javascript_is_run_by_its_tool(look: Look):
    assert look({"gleam.toml": manifest("argv", head='target = "javascript"')}).start_command == "gleam run"


def test_a_missing_lock_file_is_told(look: Look):
    assert rules(look({"gleam.toml": manifest("wisp")})) == ["missing-lock-file"]


def test_a_project_below_the_top_is_entered(look: Look):
    found = look({"server/gleam.toml": manifest("wisp")})
    assert (found.confidence, found.build_command) == (0.8, "cd server && gleam export erlang-shipment")
    assert found.start_command == "./server/build/erlang-shipment/entrypoint.sh run"


@pytest.mark.parametrize(
    "text", ["", "dependencies = 5", "dependencies = ['a']", "gleam = 5", "[", "target = []"]
)
def test_odd_manifests_are_no_error(look: Look, text: str):
    assert look({"gleam.toml": text}).language == "gleam"


def test_another_folder_is_none(tmp_path: Path):
    assert gleam.detect(plant(tmp_path, {"index.html": "x"})) is None
