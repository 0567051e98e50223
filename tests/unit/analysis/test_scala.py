"""Scala, with sbt, Mill and its own command line."""

from collections.abc import Callable
from pathlib import Path

import pytest

from grove import backed, engines, plant
from jarvis.analysis.candidate import Candidate
from jarvis.analysis.detectors import scala

Look = Callable[[dict[str, str]], Candidate]
MAIN = "package shop\n\nobject Main extends App {\n  println(1)\n}\n"
SOURCE = "src/main/scala/shop/Main.scala"
PACKAGER = {"project/plugins.sbt": 'addSbtPlugin("com.github.sbt" % "sbt-native-packager" % "1.9")\n'}


def sbt(*deps: str, rest: str = "") -> str:
    inner = ",\n".join(f"  {item}" for item in deps)
    return f'name := "My Shop"\nscalaVersion := "2.13.12"\nlibraryDependencies ++= Seq(\n{inner}\n)\n{rest}\n'


@pytest.fixture
def look(tmp_path: Path) -> Look:
    def write(files: dict[str, str]) -> Candidate:
        tree = plant(tmp_path, files)
        return backed(scala.detect(tree), tree)

    return write


def test_it_works(look: Look):
    deps = ['"com.typesafe.akka" %% "akka-http" % AkkaHttp', '"org.postgresql" % "postgresql" % "42.5"']
    source = MAIN.replace(
        "println(1)", 'Http().newServerAt("0.0.0.0", 9001).bind("0.0.0.0", 9001); path("/healthz")'
    )
    found = look({"build.sbt": sbt(*deps), SOURCE: source, **PACKAGER})
    assert (found.kind, found.language, found.framework, found.confidence) == ("web", "scala", "akka", 0.97)
    assert (found.package_manager, found.language_version, found.port) == ("sbt", "2.13.12", 9001)
    assert (found.build_command, found.start_command) == ("sbt stage", "target/universal/stage/bin/my-shop")
    assert engines(found) == {"postgres": "required"}
    assert found.health_path == "/healthz"


@pytest.mark.parametrize(
    ("dep", "framework", "kind"),
    [
        ('"org.http4s" %% "http4s-ember-server" % "0.23"', "http4s", "web"),
        ('"org.http4s" %% "http4s-ember-client" % "0.23"', "none", "script"),
        ('"dev.zio" %% "zio-http" % "3.0"', "zio-http", "web"),
        ('"com.twitter" %% "finagle-http" % "22"', "finagle", "web"),
        ('"com.twitter" %% "finatra-http-server" % "22"', "finatra", "web"),
        ('"org.apache.pekko" %% "pekko-http" % "1"', "pekko", "web"),
        ('"org.playframework" %% "play" % "3"', "play", "web"),
        ('"com.lihaoyi" %% "cask" % "0.9"', "cask", "web"),
        ('"com.typesafe.akka" %% "akka-actor-typed" % "2.6"', "akka", "script"),
        ('"org.scalatra" %% "scalatra" % "3"', "scalatra", "web"),
        ('"com.typesafe.akka" %% "akka-http" % "10" % Test', "none", "script"),
        ('// "com.typesafe.akka" %% "akka-http" % "10"', "none", "script"),
        ('"org.typelevel" %% "cats-core" % "2"', "none", "script"),
    ],
)
def test_each_framework_is_known_by_its_artifact(look: Look, dep: str, framework: str, kind: str):
    found = look({"build.sbt": sbt(dep), SOURCE: MAIN})
    assert (found.framework, found.kind) == (framework, kind)


def test_play_is_switched_on_by_its_plugin(look: Look):
    text = 'lazy val root = (project in file(".")).enablePlugins(PlayScala).settings(name := """web""")\n'
    found = look(
        {
            "build.sbt": text,
            "app/controllers/Home.scala": "class Home",
            "conf/routes": "GET  /health  a.B.c\n",
        }
    )
    assert (found.framework, found.port, found.health_path) == ("play", 9000, "/health")
    assert found.start_command == "target/universal/stage/bin/web -Dhttp.port=${PORT:-9000}"


@pytest.mark.parametrize(
    ("plugin", "build", "start"),
    [
        ("sbt-assembly", "sbt assembly", "java -jar target/scala-*/my-shop-assembly-*.jar"),
        ("sbt-pack", "sbt pack", "target/pack/bin/my-shop"),
        ("sbt-scalafmt", "sbt compile", "sbt run"),
    ],
)
def test_the_plugin_that_packs_decides_what_is_started(look: Look, plugin: str, build: str, start: str):
    plugins = f'addSbtPlugin("a.b" % "{plugin}" % "1")\n'
    found = look({"build.sbt": sbt(), "project/plugins.sbt": plugins, SOURCE: MAIN})
    assert (found.build_command, found.start_command) == (build, start)


def test_dependencies_may_be_listed_beside_the_build(look: Look):
    listed = 'object Dependencies {\n  val http = "org.http4s" %% "http4s-blaze-server" % "1"\n}\n'
    assert (
        look({"build.sbt": sbt("http"), "project/Dependencies.scala": listed, SOURCE: MAIN}).framework
        == "http4s"
    )


def test_of_several_projects_the_server_is_started(look: Look):
    text = (
        'lazy val core = (project in file("core"))\n'
        "lazy val server = (project in "
        'file("backend")).enablePlugins(JavaAppPackaging).settings(name := "Till")\n'
    )
    found = look({"build.sbt": text, f"backend/{SOURCE}": MAIN})
    assert found.build_command == "sbt server/stage"
    assert found.start_command == "backend/target/universal/stage/bin/till"


def test_a_build_without_a_program_is_a_library(look: Look):
    assert look({"build.sbt": sbt(), SOURCE: "class Price"}).kind == "library"


def test_mill_makes_one_archive(look: Look):
    text = (
        'object shop extends ScalaModule {\n  def scalaVersion = "3.3.1"\n'
        '  def ivyDeps = Agg(ivy"com.lihaoyi::cask:0.9")\n}\n'
    )
    found = look({"build.sc": text, "shop/src/Main.scala": MAIN})
    assert (found.framework, found.package_manager) == ("cask", "mill")
    assert (found.build_command, found.start_command) == (
        "mill shop.assembly",
        "java -jar out/shop/assembly.dest/out.jar",
    )


def test_lines_for_the_command_line_are_read(look: Look):
    found = look({"main.scala": '//> using scala "3.4.0"\n//> using dep "dev.zio::zio-http:3.0"\n' + MAIN})
    assert (found.framework, found.package_manager, found.language_version) == (
        "zio-http",
        "scala-cli",
        "3.4.0",
    )
    assert (found.start_command, found.confidence) == ("java -jar app.jar", 0.97)


@pytest.mark.parametrize(
    "text", ["", "lazy val a", 'lazy val a = project in file("', "\n" * 4000, '"' * 4000]
)
def test_odd_builds_are_no_error(look: Look, text: str):
    assert look({"build.sbt": text, SOURCE: MAIN}).language == "scala"


@pytest.mark.parametrize("files", [{"index.html": "x"}, {"pom.xml": "<project/>", "Main.scala": MAIN}])
def test_other_folders_are_none(tmp_path: Path, files: dict[str, str]):
    assert scala.detect(plant(tmp_path, files)) is None
