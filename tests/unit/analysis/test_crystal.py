"""Crystal projects."""

from collections.abc import Callable
from pathlib import Path

import pytest

from grove import backed, engines, plant, rules
from jarvis.analysis.candidate import Candidate
from jarvis.analysis.detectors import crystal

Look = Callable[[dict[str, str]], Candidate]
MAIN = 'puts "hello"\n'
SERVER = 'server = HTTP::Server.new { |context| }\nserver.bind_tcp "0.0.0.0", 8081\n'


def shard(*shards: str) -> str:
    named = "".join(f"  {name}:\n    github: x/{name}\n" for name in shards)
    targets = "targets:\n  shop:\n    main: src/shop.cr\n"
    return f"name: shop\nversion: 0.1.0\n\n{targets}\ndependencies:\n{named}\ncrystal: 1.14.0\n"


@pytest.fixture
def look(tmp_path: Path) -> Look:
    def write(files: dict[str, str]) -> Candidate:
        tree = plant(tmp_path, files)
        return backed(crystal.detect(tree), tree)

    return write


def test_it_works(look: Look):
    found = look(
        {"shard.yml": shard("kemal"), "shard.lock": "", "src/shop.cr": 'require "kemal"\nKemal.run\n'}
    )
    assert (found.kind, found.language, found.framework, found.confidence) == (
        "web",
        "crystal",
        "kemal",
        0.97,
    )
    assert (found.package_manager, found.install_command) == ("shards", "shards install --production")
    assert found.build_command == "shards build shop --production --release"
    assert found.start_command == "./bin/shop --bind 0.0.0.0 --port ${PORT:-3000}"
    assert (found.language_version, found.port, found.findings) == ("1.14.0", 3000, [])
    assert found.dependencies == {"kemal": ("shard.yml", 9)}


@pytest.mark.parametrize(
    ("name", "framework"),
    [("lucky", "lucky"), ("amber", "amber"), ("athena", "athena"), ("grip", "grip"), ("marten", "marten")],
)
def test_a_framework_is_known_by_its_shard(look: Look, name: str, framework: str):
    found = look({"shard.yml": shard(name), "src/shop.cr": MAIN})
    assert (found.kind, found.framework) == ("web", framework)


def test_a_shard_for_tests_claims_nothing(look: Look):
    manifest = shard() + "\ndevelopment_dependencies:\n  kemal:\n    github: x/kemal\n"
    assert look({"shard.yml": manifest, "src/shop.cr": MAIN}).framework == "none"


@pytest.mark.parametrize(
    ("main", "kind", "port"),
    [(SERVER, "web", 8081), ("server = TCPServer.new(9000)\n", "worker", None), (MAIN, "script", None)],
)
def test_what_the_program_does_tells_its_kind(look: Look, main: str, kind: str, port: int | None):
    found = look({"shard.yml": shard(), "src/shop.cr": main})
    assert (found.kind, found.framework, found.port) == (kind, "none", port)


def test_a_lone_source_is_compiled_by_itself(look: Look):
    found = look({"hello.cr": MAIN})
    assert (found.kind, found.confidence, found.package_manager) == ("script", 0.65, "none")
    assert found.build_command == "mkdir -p bin && crystal build --release -o bin/hello hello.cr"
    assert found.start_command == "./bin/hello"


def test_shards_without_a_program_are_a_library(look: Look):
    assert look({"shard.yml": "name: shop\n", "src/shop.cr": "module Shop\nend\n"}).kind == "library"


@pytest.mark.parametrize(
    ("name", "engine"), [("pg", "postgres"), ("mysql", "mysql"), ("redis", "redis"), ("mongo", "mongodb")]
)
def test_a_driver_tells_the_database(look: Look, name: str, engine: str):
    assert engines(look({"shard.yml": shard(name), "src/shop.cr": MAIN})) == {engine: "required"}


def test_a_file_for_a_database_is_embedded(look: Look):
    assert engines(look({"shard.yml": shard("sqlite3"), "src/shop.cr": MAIN})) == {"sqlite": "embedded"}


def test_a_missing_lock_file_is_a_finding(look: Look):
    assert rules(look({"shard.yml": shard("kemal"), "src/shop.cr": MAIN})) == ["missing-lock-file"]


def test_a_health_route_is_found(look: Look):
    found = look({"shard.yml": shard("kemal"), "src/shop.cr": 'get "/health" do\nend\n'})
    assert found.health_path == "/health"


@pytest.mark.parametrize("files", [{}, {"lib/x/y.cr": MAIN}, {"spec/a.cr": MAIN}])
def test_nothing_of_crystal_is_nothing(tmp_path: Path, files: dict[str, str]):
    assert crystal.detect(plant(tmp_path, files)) is None
