"""One module of a build, whichever tool builds it."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Artifact:
    """A dependency as the build file names it.

    Attributes:
        scope: `main`, `provided` (compiled against, brought by the server), `dev`, `test`, or `managed` for
            what is not on the class path of the program.
    """

    group: str
    name: str
    scope: str
    file: str
    line: int

    @property
    def full(self) -> str:
        """Group and name, as `org.postgresql:postgresql`."""
        return f"{self.group}:{self.name}"


@dataclass(slots=True)
class Module:
    """What a `pom.xml` or a `build.gradle` says.

    Attributes:
        tool: `maven` or `gradle`.
        file: The build file.
        folder: Where it lies: empty, or ending with a slash.
        name: Of the artifact, as its file is called; empty when only the folder's name would tell.
        final: Name of the packed file without its suffix; empty when it cannot be told.
        output: The packed file, relative to the folder, where the build names it outright; else empty.
        packaging: `jar`, `war`, `ear`, `pom`.
        main: The class that is started, and the line that names it.
        plugins: Plugin → its line; Maven's as `group:name`, Gradle's by their ids.
        modules: Folders of modules below, ending with a slash.
        java: The version of the language and the file and line that state it.
        text: The build file without its comments, for what only one framework asks.
    """

    tool: str
    file: str
    folder: str
    name: str = ""
    version: str = ""
    final: str = ""
    output: str = ""
    packaging: str = "jar"
    main: str = ""
    main_line: int | None = None
    artifacts: list[Artifact] = field(default_factory=list[Artifact])
    plugins: dict[str, int] = field(default_factory=dict[str, int])
    modules: list[str] = field(default_factory=list[str])
    java: tuple[str, str, int] | None = None
    text: str = ""

    def artifact(self, *names: str, scopes: tuple[str, ...] = ("main", "provided")) -> Artifact | None:
        """The first artifact whose name, or `group:name`, begins with one of `names`."""
        for wanted in names:
            for item in self.artifacts:
                known = item.full if ":" in wanted or "." in wanted else item.name
                if item.scope in scopes and known.startswith(wanted):
                    return item
        return None

    def plugin(self, *names: str) -> tuple[str, int] | None:
        """The first plugin that is called one of `names`, with or without its group, and its line."""
        for wanted in names:
            for known, line in self.plugins.items():
                if known == wanted or known.endswith(":" + wanted):
                    return known, line
        return None

    def plugins_of_servers(self) -> list[str]:
        """Plugins that start a server with the program in it."""
        words = ("jetty", "tomcat", "liberty", "wildfly", "gretty", "payara", "tomee", "cargo")
        return [name for name in self.plugins if any(word in name for word in words)]


def is_list(name: str) -> bool:
    """Is the artifact of that name only a list of versions?"""
    return name.endswith(("-bom", "-dependencies")) or name == "bom"
