"""A verdict as the page's card shows it: a fact, its value, its reasons. Pure."""

from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]

MEMBERS = {
    "root": "Folder",
    "language": "Language",
    "language_version": "Version",
    "framework": "Framework",
    "package_manager": "Packages",
    "install_command": "Install",
    "build_command": "Build",
    "start_command": "Start",
    "static_dir": "Pages in",
    "port": "Port",
    "health_path": "Health",
    "dockerfile": "Dockerfile",
    "compose": "Compose file",
}
"""Member of the verdict → its name on the card, in order."""
KINDS = ("static", "web", "worker", "script", "compose", "dockerfile")
COMMANDS = {"install_command", "build_command", "start_command"}
REASONS = 3
"""Reasons shown for one fact; the API gives all of them."""


@dataclass(frozen=True)
class Fact:
    """One line of the card.

    Attributes:
        code: The value is something that is typed.
        reasons: (file, line, why), the strongest first.
    """

    name: str
    value: str
    code: bool
    reasons: list[tuple[str, int | None, str]]


def facts(verdict: Json) -> list[Fact]:
    """What was found, in the order of `MEMBERS`; what is empty is left out."""
    found: list[Fact] = []
    for member, name in MEMBERS.items():
        value = verdict.get(member)
        if value in (None, "", "none"):
            continue
        found.append(
            Fact(name, str(value), member in COMMANDS or "/" in str(value), _reasons(verdict, member))
        )
    return found


def _reasons(verdict: Json, member: str) -> list[tuple[str, int | None, str]]:
    items = [item for item in verdict["evidence"] if item["fact"] == member]
    return [(item["file"], item["line"], item["why"]) for item in items[:REASONS]]
