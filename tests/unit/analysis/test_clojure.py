"""Clojure, with Leiningen, tools.build, Boot and scripts."""

from collections.abc import Callable
from pathlib import Path

import pytest

from grove import backed, engines, plant
from jarvis.analysis.candidate import Candidate
from jarvis.analysis.detectors import clojure

Look = Callable[[dict[str, str]], Candidate]
MAIN = "(ns shop.core\n  (:gen-class))\n\n(defn -main [& args]\n  (println 1))\n"


def project(*deps: str, rest: str = ":main ^:skip-aot shop.core") -> str:
    inner = "\n                 ".join(f"[{item}]" for item in deps)
    return (
        '(defproject shop "0.2.0"\n  :dependencies [[org.clojure/clojure "1.11.1"]\n'
        f"                 {inner}]\n  {rest})\n"
    )


@pytest.fixture
def look(tmp_path: Path) -> Look:
    def write(files: dict[str, str]) -> Candidate:
        tree = plant(tmp_path, files)
        return backed(clojure.detect(tree), tree)

    return write


def test_it_works(look: Look):
    deps = ['compojure "1.7"', 'ring/ring-jetty-adapter "1.9"', 'org.postgresql/postgresql "42"']
    source = MAIN.replace("(println 1)", '(run-jetty app {:port 3001}) (GET "/healthz" [] "ok")')
    found = look({"project.clj": project(*deps), "src/shop/core.clj": source})
    assert (found.kind, found.language, found.framework, found.confidence) == (
        "web",
        "clojure",
        "compojure",
        0.97,
    )
    assert (found.package_manager, found.language_version, found.port) == ("leiningen", "1.11.1", 3001)
    assert (found.build_command, found.start_command) == (
        "lein uberjar",
        "java -jar target/shop-0.2.0-standalone.jar",
    )
    assert found.health_path == "/healthz"
    assert engines(found) == {"postgres": "required"}


@pytest.mark.parametrize(
    ("dep", "framework"),
    [
        ('io.pedestal/pedestal.service "0.6"', "pedestal"),
        ('ring/ring-core "1.9"', "ring"),
        ('metosin/reitit "0.6"', "reitit"),
        ('http-kit "2.6"', "http-kit"),
        ('aleph "0.6"', "aleph"),
        ('cheshire "5"', "none"),
    ],
)
def test_each_framework_is_known_by_its_dependency(look: Look, dep: str, framework: str):
    found = look({"project.clj": project(dep), "src/shop/core.clj": MAIN})
    assert (found.framework, found.kind) == (framework, "script" if framework == "none" else "web")


def test_dependencies_of_profiles_and_comments_do_not_count(look: Look):
    text = project(
        'cheshire "5"', rest=':main shop.core\n  :profiles {:dev {:dependencies [[ring/ring-mock "0.4"]]}}'
    )
    found = look({"project.clj": text.replace("  :main", '  ; [compojure "1.7"]\n  :main')})
    assert found.framework == "none"


@pytest.mark.parametrize(
    ("rest", "start"),
    [
        (':main shop.core\n  :uberjar-name "till.jar"', "java -jar target/till.jar"),
        (':main shop.core\n  :target-path "target/%s"', "java -jar target/uberjar/shop-0.2.0-standalone.jar"),
    ],
)
def test_leiningen_may_put_the_archive_elsewhere(look: Look, rest: str, start: str):
    assert look({"project.clj": project(rest=rest)}).start_command == start


def test_a_handler_for_ring_is_packed_by_its_plugin(look: Look):
    found = look({"project.clj": project(rest=":ring {:handler shop.core/app}")})
    assert (found.framework, found.build_command) == ("ring", "lein ring uberjar")


DEPS = '{:deps {org.clojure/clojure {:mvn/version "1.11.1"}\n        %s {:mvn/version "1.0"}}\n %s}\n'


def test_tools_build_makes_the_archive(look: Look):
    script = (
        '(ns build (:require [clojure.tools.build.api :as b]))\n(def lib \'org/shop)\n(def version "3.1")\n'
        '(def uber-file (format "target/%s-%s.jar" (name lib) version))\n'
        "(defn uber [_] (b/uber {:uber-file uber-file}))\n"
    )
    found = look({"deps.edn": DEPS % ("metosin/reitit", ""), "build.clj": script, "src/shop/core.clj": MAIN})
    assert (found.framework, found.package_manager) == ("reitit", "clojure")
    assert (found.build_command, found.start_command) == (
        "clojure -T:build uber",
        "java -jar target/shop-3.1.jar",
    )


@pytest.mark.parametrize(
    ("aliases", "start"),
    [
        (':aliases {:run {:main-opts ["-m" "shop.core"]}}', "clojure -M:run"),
        (":aliases {:start {:exec-fn shop.core/run}}", "clojure -X:start"),
        ("", "clojure -M -m shop.core"),
    ],
)
def test_without_an_archive_an_alias_or_the_main_namespace_is_run(look: Look, aliases: str, start: str):
    found = look({"deps.edn": DEPS % ("cheshire/cheshire", aliases), "src/shop/core.clj": MAIN})
    assert found.start_command == start


def test_nothing_to_start_is_a_library(look: Look):
    found = look({"deps.edn": "{:deps {}}", "src/shop/core.clj": "(ns shop.core)"})
    assert (found.kind, found.start_command) == ("library", "")


@pytest.mark.parametrize(
    ("files", "start"),
    [
        ({"app.bb": "(println 1)"}, "bb app.bb"),
        ({"app.clj": "#!/usr/bin/env bb\n(println 1)"}, "bb app.clj"),
        ({"app.clj": "(println 1)"}, "clojure -M app.clj"),
    ],
)
def test_scripts_are_run(look: Look, files: dict[str, str], start: str):
    assert look(files).start_command == start


@pytest.mark.parametrize("text", ["", "(defproject", "(" * 4000, '"' * 4000, "#_(" * 3000, ":main ^{" * 2000])
def test_odd_projects_are_no_error(look: Look, text: str):
    assert look({"project.clj": text}).language == "clojure"


def test_another_folder_is_none(tmp_path: Path):
    assert clojure.detect(plant(tmp_path, {"index.html": "x"})) is None
