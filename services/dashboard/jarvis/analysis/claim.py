"""A fact and the reason for it, said in one breath, so that neither is forgotten."""

from typing import TypedDict, Unpack

from jarvis.analysis.candidate import Candidate


class Facts(TypedDict, total=False):
    """Members of a candidate that need evidence."""

    kind: str
    language: str
    language_version: str
    framework: str
    package_manager: str
    install_command: str
    build_command: str
    start_command: str
    port: int
    health_path: str
    static_dir: str
    spa: bool


def claim(found: Candidate, file: str, why: str, line: int | None = None, **facts: Unpack[Facts]) -> None:
    """Set `facts` of the candidate; `file` at `line` is the evidence for each of them.

    Nothing is said of a fact that stays as it was by default: an empty text, `none`, no spa.
    """
    for fact, value in facts.items():
        setattr(found, fact, value)
        # What spoke for another value before has been overruled.
        found.evidence = [item for item in found.evidence if item.fact != fact or item.value == str(value)]
        if value not in ("", "none", False) or fact == "language":
            found.because(fact, file, why, line)
