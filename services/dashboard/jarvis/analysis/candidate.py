"""What one detector believes a folder to be; the verdict is made of the best one."""

from dataclasses import dataclass, field
from typing import Literal

from jarvis.analysis.evidence import Evidence, Finding, Need, Severity, Variable

Level = Literal["required", "optional", "embedded"]


@dataclass
class Candidate:
    """A draft that detectors fill in: set the member, then say `because` for the same name.

    All paths are relative to the folder that the detector was given.

    Attributes:
        kind: `web`, `static`, `worker`, `script`, `function`, `library`, `monorepo`, `compose`, `dockerfile`,
            `config-only`, `unsupported`, `empty`.
        language: `node`, `python`, `go` …; `static` for plain pages; the generator for hugo and zola.
        confidence: 0 to 1: how sure the detector is of kind, language and framework together.
        language_version: As the project states it, for example `3.12` or `>=20`; empty when it does not.
        framework: In lower case, for example `flask`; `none` when there is none.
        package_manager: For example `pnpm`; `none` when nothing is installed.
        install_command: Fetches what the program depends on; empty for none.
        build_command: Makes what is started or served; empty for none.
        start_command: Starts it in production; the project's own command comes first.
        port: The port it listens on unless PORT says otherwise.
        health_path: A path that answers when it is well; empty when unknown.
        static_dir: The folder with the finished pages, after the build; `.` is the folder itself.
        spa: Every unknown path is answered with the first page.
        needs: Databases and other services.
        environment: Variables that the detector knows to be read; sources are searched for more by others.
        dependencies: Name of each direct dependency, as written in lower case → (file, line).
        against: Why it might be something else, one sentence each.
    """

    kind: str
    language: str
    confidence: float
    language_version: str = ""
    framework: str = "none"
    package_manager: str = "none"
    install_command: str = ""
    build_command: str = ""
    start_command: str = ""
    port: int | None = None
    health_path: str = ""
    static_dir: str = ""
    spa: bool = False
    needs: list[Need] = field(default_factory=list[Need])
    environment: list[Variable] = field(default_factory=list[Variable])
    dependencies: dict[str, tuple[str, int | None]] = field(default_factory=dict[str, tuple[str, int | None]])
    against: list[str] = field(default_factory=list[str])
    evidence: list[Evidence] = field(default_factory=list[Evidence])
    findings: list[Finding] = field(default_factory=list[Finding])

    def because(self, fact: str, file: str, why: str, line: int | None = None) -> None:
        """Give a reason for the present value of the member `fact`."""
        self.evidence.append(Evidence(fact, str(getattr(self, fact)), file, line, why))

    def need(self, engine: str, level: Level, file: str, why: str, line: int | None = None) -> None:
        """It needs `engine`; a second word on the same engine is kept only when it is the stronger one."""
        order = ("required", "embedded", "optional")
        known = next((item for item in self.needs if item.engine == engine), None)
        if known is not None:
            if order.index(known.level) <= order.index(level):
                return
            self.needs.remove(known)
        self.needs.append(Need(engine, level, file, line, why))

    def find(self, rule: str, severity: Severity, file: str, why: str, line: int | None = None) -> None:
        """Something to look at before publishing."""
        self.findings.append(Finding(rule, severity, file, line, why))
