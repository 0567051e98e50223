"""Haskell, with stack, cabal and IHP."""

from collections.abc import Callable
from pathlib import Path

import pytest

from grove import backed, engines, plant
from jarvis.analysis.candidate import Candidate
from jarvis.analysis.detectors import haskell

Look = Callable[[dict[str, str]], Candidate]
MAIN = 'module Main where\nmain :: IO ()\nmain = putStrLn "1"\n'


def cabal(*deps: str, section: str = "executable shop-exe") -> str:
    inner = "\n                     , ".join(("base >=4.7 && <5", *deps))
    return (
        f"cabal-version: 2.4\nname: shop\nversion: 0.1\n\n{section}\n"
        f"  main-is: Main.hs\n  build-depends:       {inner}\n"
        "  default-language: Haskell2010\n\ntest-suite tests\n  build-depends: wai, yesod\n"
    )


def hpack(*deps: str) -> str:
    listed = "\n".join(f"- {item}" for item in ("base >= 4.7 && < 5", *deps))
    return (
        f"name: shop\ndependencies:\n{listed}\n\nexecutables:\n  shop-exe:\n    main: Main.hs\n"
        "    dependencies:\n    - shop\n\ntests:\n  t:\n    dependencies:\n    - yesod\n"
    )


@pytest.fixture
def look(tmp_path: Path) -> Look:
    def write(files: dict[str, str]) -> Candidate:
        tree = plant(tmp_path, files)
        return backed(haskell.detect(tree), tree)

    return write


def test_it_works(look: Look):
    source = 'main = scotty 3003 $ get "/healthz" $ text "ok"\n'
    found = look(
        {
            "stack.yaml": "resolver: lts-22.0\n",
            "package.yaml": hpack("scotty", "postgresql-simple"),
            "app/Main.hs": source,
        }
    )
    assert (found.kind, found.language, found.framework, found.confidence) == (
        "web",
        "haskell",
        "scotty",
        0.97,
    )
    assert (found.package_manager, found.port, found.health_path) == ("stack", 3003, "/healthz")
    assert (found.build_command, found.start_command) == (
        "stack install --local-bin-path bin",
        "./bin/shop-exe",
    )
    assert engines(found) == {"postgres": "required"}


@pytest.mark.parametrize(
    ("dep", "framework", "kind"),
    [
        ("servant-server", "servant", "web"),
        ("yesod", "yesod", "web"),
        ("Spock", "spock", "web"),
        ("snap-server", "snap", "web"),
        ("happstack-server", "happstack", "web"),
        ("warp", "none", "web"),
        ("hakyll", "hakyll", "static"),
        ("text", "none", "script"),
    ],
)
def test_each_framework_is_known_by_its_package(look: Look, dep: str, framework: str, kind: str):
    found = look({"shop.cabal": cabal(dep), "Main.hs": MAIN})
    assert (found.framework, found.kind, found.package_manager) == (framework, kind, "cabal")


def test_cabal_installs_the_program(look: Look):
    found = look({"shop.cabal": cabal("scotty"), "Main.hs": MAIN})
    assert "cabal install exe:shop-exe --installdir=bin" in found.build_command
    assert found.start_command == "./bin/shop-exe"


def test_pages_are_made_by_the_program(look: Look):
    found = look({"site.cabal": cabal("hakyll", section="executable site"), "site.hs": MAIN})
    assert (found.static_dir, found.start_command) == ("_site", "")
    assert found.build_command.endswith("./bin/site build")


@pytest.mark.parametrize(
    ("dep", "engine", "level"),
    [
        ("persistent-sqlite", "sqlite", "embedded"),
        ("hasql", "postgres", "required"),
        ("mysql-simple", "mysql", "required"),
        ("hedis", "redis", "required"),
    ],
)
def test_databases_by_package(look: Look, dep: str, engine: str, level: str):
    assert engines(look({"shop.cabal": cabal(dep), "Main.hs": MAIN})) == {engine: level}


def test_a_package_without_a_program_is_a_library(look: Look):
    assert look({"shop.cabal": cabal(section="library"), "src/A.hs": "module A where"}).kind == "library"


def test_ihp_is_known_by_its_settings(look: Look):
    found = look(
        {"Main.hs": MAIN, "Config/Config.hs": "x", "Application/Schema.sql": "x", "default.nix": "x"}
    )
    assert (found.framework, found.port, engines(found)) == ("ihp", 8000, {"postgres": "required"})


def test_a_lone_source_is_compiled(look: Look):
    found = look({"Main.hs": MAIN})
    assert (found.build_command, found.start_command) == ("ghc -O Main.hs -o main", "./main")


@pytest.mark.parametrize("text", ["", "executable", "build-depends: " + "," * 3000, "\n" * 4000])
def test_odd_packages_are_no_error(look: Look, text: str):
    assert look({"shop.cabal": text, "package.yaml": text, "Main.hs": MAIN}).language == "haskell"


def test_another_folder_is_none(tmp_path: Path):
    assert haskell.detect(plant(tmp_path, {"package.yaml": "x", "index.html": "x"})) is None
