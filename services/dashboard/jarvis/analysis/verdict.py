"""What the analysis says of a folder."""

from dataclasses import asdict, dataclass
from typing import Any

from jarvis.analysis.evidence import Evidence, Finding, Need, Variable


@dataclass(frozen=True, slots=True)
class Alternative:
    """Something else that it might be, or another part of it, and why it was not chosen."""

    kind: str
    language: str
    framework: str
    root: str
    confidence: float
    why: str


@dataclass(frozen=True, slots=True)
class Part:
    """One of several services in the same artifact.

    Attributes:
        name: As its folder, its process or its compose service is called.
        root: Its folder, relative to the artifact; empty for the artifact itself.
        public: People are meant to reach it.
    """

    name: str
    kind: str
    language: str
    framework: str
    root: str
    start_command: str
    port: int | None
    public: bool


@dataclass(frozen=True, slots=True)
class Size:
    """How much was handed in: files and their bytes together."""

    files: int
    bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a folder is, how it is made and started, and why Jarvis thinks so.

    The members of `jarvis.analysis.candidate.Candidate` mean the same here; paths begin at the artifact.

    Attributes:
        root: The folder within the artifact that is built or served; empty for the artifact itself.
        databases: Engines that it needs, in order of names: `required` and `embedded` ones, not the optional.
        dockerfile: Its own Dockerfile, if any; it wins over one that Jarvis would write.
        compose: Its own compose file, if any.
        parts: The services in it, when there is more than one.
        alternatives: What else was considered, the likeliest first.
        corrected: Members that a person set for this service; they stand above everything that was found.
    """

    kind: str
    root: str
    language: str
    language_version: str
    framework: str
    package_manager: str
    install_command: str
    build_command: str
    start_command: str
    port: int | None
    health_path: str
    static_dir: str | None
    spa: bool
    databases: tuple[str, ...]
    needs: tuple[Need, ...]
    environment: tuple[Variable, ...]
    dockerfile: str
    compose: str
    parts: tuple[Part, ...]
    size: Size
    confidence: float
    evidence: tuple[Evidence, ...]
    alternatives: tuple[Alternative, ...]
    findings: tuple[Finding, ...]
    corrected: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Ready for JSON."""
        return asdict(self)
