"""Java and Kotlin, with Maven, Gradle, their wrappers, or a jar that was handed in."""

import re

from jarvis.builds.project import Project
from jarvis.builds.stacks import debian, home, node
from jarvis.builds.stacks.stack import Local, Stack
from jarvis.builds.stacks.version import Choice, Shelf, choose

SHELF = Shelf(language="Java", versions=("8", "11", "17", "21", "25"), usual="21")
SOURCE = re.compile(r"\bjava\b.*\s\S+\.java\b")
"""A start that compiles on the way: the runtime alone cannot."""

WRAPPERS = ("mvnw", "gradlew")


def fits(project: Project) -> bool:
    """A project of Java or Kotlin."""
    return project.language in {"java", "kotlin", "groovy"}


def version(project: Project) -> Choice:
    """Java 8 was called 1.8."""
    return choose(SHELF, re.sub(r"\b1\.([5-8])\b", r"\1", project.language_version))


def stack(project: Project) -> Stack:
    """Made with the development kit, run with the runtime alone."""
    choice = version(project)
    made = project.builds
    tool = debian.first(project.start_command).removeprefix("./")
    runs = tool in {*WRAPPERS, "mvn", "gradle"}
    image = build_image(project, choice.version)
    kit = f"eclipse-temurin:{choice.version}-jdk-noble"
    runtime = kit if SOURCE.search(project.start_command) else f"eclipse-temurin:{choice.version}-jre-noble"
    return Stack(
        name="java",
        version=choice.version,
        build_image=image if made else "",
        run_image=image if runs else runtime,
        tools=node.tools(project),
        install=executable(project) + project.install_command if project.install_command else "",
        build=project.build_command
        if project.install_command
        else executable(project) + project.build_command,
        caches=() if runs else caches(project),
        copies=(home.FOLDER,) if runs else (),
        prepare=home.PREPARE if runs else (),
        build_environment=home.JAVA if runs else {},
        run_environment=home.JAVA if runs else {},
        start=project.start_command,
        ignored=("target", "build", ".gradle") if made else (),
        notes=choice.notes,
        local=Local(programs=programs(project)),
    )


def executable(project: Project) -> str:
    """A wrapper that was packed on Windows has lost its right to be started."""
    if not project.builds:
        return ""
    return "".join(f"chmod +x {name} && " for name in WRAPPERS if project.says(f"./{name}"))


def build_image(project: Project, version: str) -> str:
    """The one with the tool that the project's commands name."""
    if project.says("mvn"):
        return f"maven:3.9-eclipse-temurin-{version}"
    if project.says("gradle"):
        return f"gradle:{'9-jdk25' if version == '25' else f'8-jdk{version}'}"
    return f"eclipse-temurin:{version}-jdk-noble"


def caches(project: Project) -> tuple[str, ...]:
    """Where that tool keeps what it fetched."""
    if not project.builds:
        return ()
    return ("/root/.gradle",) if project.says("gradle", "gradlew", "./gradlew") else ("/root/.m2",)


def programs(project: Project) -> tuple[str, ...]:
    """What must be on a machine without Docker."""
    return ("java", *(name for name in ("mvn", "gradle") if project.says(name)))
