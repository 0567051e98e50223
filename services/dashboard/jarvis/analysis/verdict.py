"""What the analysis says of a folder."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Evidence:
    """One reason for the verdict.

    Attributes:
        fact: What it speaks for, for example `kind`.
        file: The file that shows it, relative to the folder.
        why: A short sentence.
    """

    fact: str
    file: str
    why: str


@dataclass(frozen=True)
class Verdict:
    """What a folder is and how it is served.

    Attributes:
        kind: `static` for what can be served as it is; otherwise the kind of project that was recognised.
        root: The folder within the artifact whose content is served; empty for the artifact itself.
        confidence: 0 to 1.
    """

    kind: str
    root: str
    confidence: float
    evidence: tuple[Evidence, ...]

    def to_dict(self) -> dict[str, Any]:
        """Ready for JSON."""
        return asdict(self)
