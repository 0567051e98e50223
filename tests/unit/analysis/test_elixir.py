"""Elixir projects: Phoenix, Plug, releases, umbrellas, scripts."""

from collections.abc import Callable
from pathlib import Path

import pytest

from grove import backed, engines, plant, rules
from jarvis.analysis.candidate import Candidate
from jarvis.analysis.detectors import elixir

Look = Callable[[dict[str, str]], Candidate]


def mix(*deps: str, project: str = "", application: str = "mod: {Shop.Application, []}") -> str:
    inner = ",\n      ".join(deps)
    return (
        'defmodule Shop.MixProject do\n  def project do\n    [\n      app: :shop,\n      elixir: "~> 1.15",\n'
        f"      {project}\n      deps: deps()\n    ]\n  end\n"
        f"  def application do\n    [\n      {application}\n    ]\n  end\n"
        f"  defp deps do\n    [\n      {inner}\n    ]\n  end\nend\n"
    )


@pytest.fixture
def look(tmp_path: Path) -> Look:
    def write(files: dict[str, str]) -> Candidate:
        tree = plant(tmp_path, files)
        return backed(elixir.detect(tree), tree)

    return write


PHOENIX = mix('{:phoenix, "~> 1.7"}', '{:postgrex, ">= 0.0.0"}', project='aliases: ["assets.deploy": ["x"]],')


def test_it_works(look: Look):
    found = look(
        {
            "mix.exs": PHOENIX,
            "mix.lock": "%{}",
            "config/runtime.exs": 'port = System.get_env("PORT") || "4001"\n',
        }
    )
    assert (found.kind, found.language, found.framework, found.confidence) == (
        "web",
        "elixir",
        "phoenix",
        0.97,
    )
    assert (found.package_manager, found.language_version, found.port) == ("mix", "~> 1.15", 4001)
    assert found.install_command == "mix deps.get --only prod"
    assert found.build_command == "MIX_ENV=prod mix do compile, assets.deploy, release"
    assert found.start_command == "PHX_SERVER=true PORT=${PORT:-4001} _build/prod/rel/shop/bin/shop start"
    assert engines(found) == {"postgres": "required"}
    assert rules(found) == []


@pytest.mark.parametrize(
    ("dep", "kind", "framework"),
    [
        ('{:phoenix, "~> 1.7"}', "web", "phoenix"),
        ('{:bandit, "~> 1.0"}', "web", "none"),
        ('{:plug_cowboy, "~> 2.0"}', "web", "none"),
        ('{:jason, "~> 1.0"}', "script", "none"),
        ('{:phoenix, "~> 1.7", only: :test}', "script", "none"),
        ('# {:phoenix, "~> 1.7"}', "script", "none"),
    ],
)
def test_each_framework_is_known_by_its_dependency(look: Look, dep: str, kind: str, framework: str):
    found = look({"mix.exs": mix(dep)})
    assert (found.kind, found.framework) == (kind, framework)


@pytest.mark.parametrize(
    ("dep", "engine", "level"),
    [
        ("myxql", "mysql", "required"),
        ("ecto_sqlite3", "sqlite", "embedded"),
        ("tds", "mssql", "required"),
        ("redix", "redis", "required"),
        ("mongodb_driver", "mongodb", "required"),
        ("amqp", "rabbitmq", "required"),
    ],
)
def test_databases_by_driver(look: Look, dep: str, engine: str, level: str):
    assert engines(look({"mix.exs": mix(f'{{:{dep}, "~> 1.0"}}')})) == {engine: level}


def test_the_adapter_of_a_repository_decides(look: Look):
    repo = "defmodule Shop.Repo do\n  use Ecto.Repo, otp_app: :shop, adapter: Ecto.Adapters.SQLite3\nend\n"
    deps = mix('{:postgrex, "~> 0.1"}', '{:ecto_sqlite3, "~> 0.1"}')
    found = look({"mix.exs": deps, "lib/shop/repo.ex": repo})
    assert engines(found) == {"sqlite": "embedded", "postgres": "optional"}


def test_a_release_may_have_another_name(look: Look):
    found = look({"mix.exs": mix('{:bandit, "~> 1.0"}', project="releases: [till: []],")})
    assert found.start_command == "_build/prod/rel/till/bin/till start"


def test_an_escript_is_one_file(look: Look):
    found = look(
        {"mix.exs": mix(project="escript: [main_module: Shop.CLI],", application="extra_applications: []")}
    )
    assert (found.build_command, found.start_command) == ("MIX_ENV=prod mix escript.build", "./shop")


def test_an_umbrella_counts_its_apps_and_starts_as_a_whole(look: Look):
    top = 'defmodule All.MixProject do\n  def project do\n    [\n      apps_path: "apps"\n    ]\n  end\nend\n'
    found = look({"mix.exs": top, "apps/shop_web/mix.exs": PHOENIX})
    assert (found.kind, found.framework) == ("web", "phoenix")
    assert found.start_command == "MIX_ENV=prod PORT=${PORT:-4000} mix phx.server"


@pytest.mark.parametrize(
    ("path", "text", "version"),
    [
        (".tool-versions", "erlang 26.1\nelixir 1.16.2-otp-26\n", "1.16.2-otp-26"),
        ("elixir_buildpack.config", "erlang_version=26\nelixir_version=1.14.5\n", "1.14.5"),
        (".elixir-version", "1.13.4\n", "1.13.4"),
    ],
)
def test_a_pinned_version_comes_first(look: Look, path: str, text: str, version: str):
    assert look({"mix.exs": PHOENIX, path: text}).language_version == version


def test_a_missing_lock_file_is_told(look: Look):
    assert rules(look({"mix.exs": PHOENIX})) == ["missing-lock-file"]


def test_a_project_below_the_top_is_entered(look: Look):
    found = look({"backend/mix.exs": PHOENIX})
    assert found.confidence == 0.8
    assert found.install_command == "cd backend && mix deps.get --only prod"


def test_a_script_is_run(look: Look):
    found = look({"app.exs": 'Mix.install([{:bandit, "~> 1.0"}])\n'})
    assert (found.kind, found.start_command, found.confidence) == ("web", "elixir app.exs", 0.6)


@pytest.mark.parametrize("text", ["", "defmodule", "[" * 2000, "\n" * 5000])
def test_odd_projects_are_no_error(look: Look, text: str):
    assert look({"mix.exs": text}).language == "elixir"


def test_another_folder_is_none(tmp_path: Path):
    assert elixir.detect(plant(tmp_path, {"index.html": "x"})) is None
