"""Scala, with sbt."""

from jarvis.builds.project import Project
from jarvis.builds.stacks import debian, home, java, node
from jarvis.builds.stacks.stack import Local, Stack
from jarvis.builds.stacks.version import Shelf, choose

SHELF = Shelf(language="Java", versions=("17", "21"), usual="21")
IMAGES = {
    "17": "sbtscala/scala-sbt:eclipse-temurin-17.0.15_6_1.11.7_2.12.20",
    "21": "sbtscala/scala-sbt:eclipse-temurin-21.0.5_11_1.10.7_3.6.2",
}
"""The launcher in them fetches the sbt and the Scala that the project names."""

CACHES = ("/root/.sbt", "/root/.ivy2", "/root/.cache/coursier")


def fits(project: Project) -> bool:
    """A project of Scala that is not made by Maven or Gradle."""
    return project.language == "scala"


def stack(project: Project) -> Stack:
    """What is stated as version is that of Scala, so Java is the usual one."""
    if project.says("mvn", "./mvnw", "gradle", "./gradlew"):
        return java.stack(project)
    choice = choose(SHELF, "")
    runs = debian.first(project.start_command) == "sbt"
    image = IMAGES[choice.version]
    return Stack(
        name="scala",
        version=choice.version,
        build_image=image,
        run_image=image if runs else f"eclipse-temurin:{choice.version}-jre-noble",
        tools=node.tools(project),
        install=project.install_command,
        build=project.build_command,
        caches=() if runs else CACHES,
        copies=(home.FOLDER,) if runs else (),
        prepare=home.PREPARE if runs else (),
        build_environment=home.JAVA if runs else {},
        run_environment=home.JAVA if runs else {},
        start=project.start_command,
        ignored=("target", "project/target", ".bsp"),
        notes=(f"Java {choice.version} is used.",),
        local=Local(programs=("java", "sbt")),
    )
