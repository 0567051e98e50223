"""Clojure, with Leiningen or the command-line tools."""

from jarvis.builds.project import Project
from jarvis.builds.stacks import debian, home, node
from jarvis.builds.stacks.stack import Local, Stack


def fits(project: Project) -> bool:
    """A project of Clojure."""
    return project.language == "clojure"


def stack(project: Project) -> Stack:
    """A jar runs with Java alone; a start by the tool takes the tool and what it fetched along."""
    lein = project.package_manager in {"lein", "leiningen"} or project.says("lein")
    image = f"clojure:temurin-21-{'lein' if lein else 'tools-deps'}-bookworm-slim"
    runs = debian.first(project.start_command) in {"lein", "clojure", "clj"}
    own = home.JAVA if runs else {}
    return Stack(
        name="clojure",
        version="21",
        build_image=image,
        run_image=image if runs else "eclipse-temurin:21-jre-noble",
        tools=node.tools(project),
        prepare=home.PREPARE if runs else (),
        manifests=("project.clj",) if lein else ("deps.edn",),
        early="lein deps" if lein else "clojure -P",
        install="" if project.install_command in {"lein deps", "clojure -P"} else project.install_command,
        build=project.build_command,
        caches=() if runs else ("/root/.m2", "/root/.gitlibs"),
        copies=(home.FOLDER,) if runs else (),
        build_environment=own,
        run_environment=own,
        start=project.start_command,
        ignored=("target", ".cpcache"),
        notes=("Java 21 is used.",),
        local=Local(programs=("java", "lein" if lein else "clojure")),
    )
