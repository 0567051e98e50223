"""How a module of a Java build is made and started."""

from jarvis.analysis.java.frameworks import Framework
from jarvis.analysis.java.module import Module
from jarvis.analysis.java.settings import Setting
from jarvis.analysis.tree import Tree

CONTAINER = "catalina.sh run"
"""Starts a servlet container that carries the archive; the runtime brings it."""


def build(tree: Tree, module: Module, root: str) -> str:
    """The command that packs the module; `root` is the folder of the topmost build file."""
    inner = f"cd {root.rstrip('/')} && " if root else ""
    tool = _tool(tree, module.tool, root)
    if module.tool == "maven":
        file = (
            ""
            if module.folder != root or module.file.endswith("pom.xml")
            else f" -f {module.file[len(root) :]}"
        )
        only = f" -pl {module.folder[len(root) :].rstrip('/')} -am" if module.folder != root else ""
        copy = " dependency:copy-dependencies" if not _whole(module) or _runner(module) else ""
        return f"{inner}{tool} -B{file} -DskipTests{only} package{copy}"
    path = module.folder[len(root) :].rstrip("/").replace("/", ":")
    task = f":{path}:{_task(module)}" if path else _task(module)
    return f"{inner}{tool} {task} -x test --no-daemon"


def _tool(tree: Tree, tool: str, root: str) -> str:
    """The project's own wrapper where it is complete; one that lost its right to run is read by sh."""
    wrapper = "mvnw" if tool == "maven" else "gradlew"
    needed = (
        ".mvn/wrapper/maven-wrapper.properties" if tool == "maven" else "gradle/wrapper/gradle-wrapper.jar"
    )
    if root + wrapper not in tree or root + needed not in tree:
        return "mvn" if tool == "maven" else "gradle"
    return f"./{wrapper}" if tree.modes[root + wrapper] & 0o100 else f"sh {wrapper}"


def _whole(module: Module) -> bool:
    """Does the build pack the program with all it depends on?"""
    return bool(
        module.output
        or module.packaging == "war"
        or module.plugin(
            "spring-boot-maven-plugin", "maven-shade-plugin", "quarkus-maven-plugin",
            "micronaut-maven-plugin",
            "vertx-maven-plugin", "micronaut-parent", "helidon-maven-plugin", "appassembler-maven-plugin",
            "maven-jar-plugin", "onejar-maven-plugin", "wildfly-jar-maven-plugin", "play2-maven-plugin",
        )
    )  # fmt: skip


def _task(module: Module) -> str:
    """The task of Gradle that makes what is started."""
    if module.plugin("io.ktor.plugin"):
        return "buildFatJar"
    if _boot(module) or module.plugin("io.quarkus") or module.packaging == "war":
        return "build"
    if _shadow(module):
        return "shadowJar"
    return "installDist" if _installs(module) else "build"


def _boot(module: Module) -> bool:
    return module.plugin("org.springframework.boot", "spring-boot", "org.grails.grails-web") is not None


def _shadow(module: Module) -> bool:
    names = ("com.github.johnrengelman.shadow", "com.gradleup.shadow", "io.github.goooler.shadow", "shadow")
    return module.plugin(*names) is not None


def _installs(module: Module) -> bool:
    names = ("application", "io.micronaut.application", "io.micronaut.minimal.application",
    "io.vertx.vertx-plugin",
             "io.ratpack.ratpack-java", "io.ratpack.ratpack-groovy")  # fmt: skip
    return module.plugin(*names) is not None


def _runner(module: Module) -> str:
    """A servlet container that the build fetches beside the archive."""
    for name in ("webapp-runner", "jetty-runner"):
        if name in module.text:
            return name
    return ""


def start(
    module: Module, row: Framework | None, main: str, port: int, known: list[Setting], extra: str = ""
) -> str:
    """The command that starts what `build` made; empty when nothing in the module can be started.

    Args:
        module: The module.
        row: Its framework.
        main: Its main class.
        port: The port to use when PORT is not set.
        known: Its settings.
        extra: Arguments of the program itself.
    """
    chosen = f"${{PORT:-{port}}}"
    flag = f" {row.flag.format(chosen)}" if row is not None and row.flag else ""
    archive = _archive(module, row, known)
    if module.packaging == "war" and not archive.endswith("-runner.jar"):
        if runner := _runner(module):
            return f"java -jar {module.folder}target/dependency/{runner}.jar --port {chosen} {archive}"
        return f"java{flag} -jar {archive}" if row is not None and row.packed else CONTAINER
    if archive.endswith((".jar", ".war", ")")):
        if row is not None and row.name == "ktor" and main.startswith("io.ktor.server."):
            extra = f" -port={chosen}"
        return f"java{flag} -jar {archive}{extra}"
    if archive:
        options = f'JAVA_OPTS="{flag.strip()}" ' if flag else ""
        return f"{options}{archive}{extra}"
    if not main:
        return ""
    if module.tool == "maven":
        return (
            f"java{flag} -cp {module.folder}target/classes:{module.folder}target/dependency/* {main}{extra}"
        )
    return f"java{flag} -cp '{module.folder}build/libs/*' {main}{extra}"


def _archive(module: Module, row: Framework | None, known: list[Setting]) -> str:
    """The file that is started: an archive, or a script that a build installs; empty for classes only."""
    name = row.name if row is not None else ""
    folder = module.folder
    target = f"{folder}target/" if module.tool == "maven" else f"{folder}build/libs/"
    if module.output:
        return folder + module.output.removeprefix("./")
    if name == "quarkus":
        return _quarkus(module, target, known)
    if module.packaging == "war":
        return f"{target}{module.final or '*'}.war"
    if module.tool == "maven":
        return f"{target}{module.final or '*'}.jar" if _whole(module) else ""
    if module.plugin("io.ktor.plugin"):
        return f"{target}{module.name or '*'}-all.jar"
    if _boot(module):
        whole = f"{target}{module.final}.jar"
        return whole if module.final else f"$(ls {target}*.jar | grep -v plain | head -n 1)"
    if _shadow(module):
        return f"{target}{module.final or '*'}-all.jar"
    if _installs(module):
        program = module.name or "*"
        return f"{folder}build/install/{program}/bin/{program}" if module.name else _installed(folder)
    if "Main-Class" in module.text:
        return f"{target}{module.final or '*'}.jar"
    return ""


def _installed(folder: str) -> str:
    """The installed script when only the folder's name at the time of the build would tell its name."""
    return f"sh -c 'exec $(ls {folder}build/install/*/bin/* | grep -v \"[.]bat\" | head -n 1)'"


def _quarkus(module: Module, target: str, known: list[Setting]) -> str:
    kinds = [item.value for item in known if item.key in ("quarkus.package.type", "quarkus.package.jar.type")]
    folder = target if module.tool == "maven" else target.removesuffix("libs/")
    if "uber-jar" in kinds or "uber-jar" in module.text:
        return f"{folder}{module.final or '*'}-runner.jar"
    return f"{folder}quarkus-app/quarkus-run.jar"
