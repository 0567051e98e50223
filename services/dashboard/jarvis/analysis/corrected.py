"""What a person set for a service, checked before it overrules what was found."""

from collections.abc import Callable, Mapping
from typing import Any

from jarvis.analysis.evidence import Evidence
from jarvis.analysis.tree import Tree
from jarvis.errors import InvalidInput

WHY = "set by a person for this service"
KINDS = (
    "web", "static", "worker", "script", "function", "library", "monorepo", "compose", "dockerfile",
    "config-only", "unsupported", "empty",
)  # fmt: skip
"""Everything that `Verdict.kind` can be."""
LONGEST = 4000
"""Signs of a member at most."""


def _is_text(value: object) -> bool:
    return isinstance(value, str) and len(value) <= LONGEST and "\0" not in value


def _is_word(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= 100 and value.isprintable() and value == value.strip()


def _is_folder(value: object) -> bool:
    return (
        isinstance(value, str)
        and _is_text(value)
        and not value.startswith("/")
        and "\\" not in value
        and ".." not in value.split("/")
    )


def _is_port(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < 65536


def _is_route(value: object) -> bool:
    return value == "" or (isinstance(value, str) and _is_text(value) and value.startswith("/"))


CHECKS: dict[str, tuple[Callable[[object], bool], str]] = {
    "kind": (lambda value: value in KINDS, f"is one of {', '.join(KINDS)}"),
    "root": (_is_folder, "is a folder within the artifact"),
    "language": (_is_word, "is a word"),
    "language_version": (_is_text, "is text"),
    "framework": (_is_word, "is a word; none for no framework"),
    "package_manager": (_is_word, "is a word; none for no package manager"),
    "install_command": (_is_text, "is a command; empty for none"),
    "build_command": (_is_text, "is a command; empty for none"),
    "start_command": (_is_text, "is a command; empty for none"),
    "port": (_is_port, "is a number from 1 to 65535"),
    "health_path": (_is_route, "is a path that begins with a slash; empty for none"),
    "static_dir": (_is_folder, "is a folder within the root; a dot for the root itself"),
    "spa": (lambda value: isinstance(value, bool), "is true or false"),
    "dockerfile": (_is_folder, "is a file within the artifact; empty to leave it aside"),
    "compose": (_is_folder, "is a file within the artifact; empty to leave it aside"),
}
"""Member → what it has to be, and how that is said."""


def checked(tree: Tree, correction: Mapping[str, Any] | None) -> dict[str, Any]:
    """The members of `correction`, in the order of a verdict.

    Raises:
        InvalidInput: A member cannot be set, is of the wrong type, or names what is not there.
    """
    given = dict(correction or {})
    for name in given:
        if name not in CHECKS:
            raise InvalidInput(
                f"There is no member {str(name)[:100]!r} that could be set.",
                f"Set one of {', '.join(CHECKS)}.",
                {"field": str(name)[:100]},
            )
    found: dict[str, Any] = {}
    for name, (fits, wanted) in CHECKS.items():
        if name not in given:
            continue
        value = given[name]
        if not fits(value):
            message = f"{name} {wanted}; {_short(value)} is not."
            raise InvalidInput(message, "Correct it, or leave it out.", {"field": name})
        found[name] = _plain(value) if name in {"root", "dockerfile", "compose"} else value
    if found.get("root") and found["root"] not in tree.folders:
        raise _missing("root", found["root"], "folder")
    for name in ("dockerfile", "compose"):
        if found.get(name) and found[name] not in tree:
            raise _missing(name, found[name], "file")
    return found


def evidence(correction: Mapping[str, Any]) -> list[Evidence]:
    """One reason for each member that was set."""
    return [Evidence(name, str(value), "", None, WHY) for name, value in correction.items()]


def _plain(path: str) -> str:
    return "/".join(part for part in path.split("/") if part not in {"", "."})


def _short(value: object) -> str:
    text = repr(value) if isinstance(value, str | int | float | None) else type(value).__name__
    return text if len(text) <= 80 else text[:79] + "…"


def _missing(name: str, value: str, noun: str) -> InvalidInput:
    return InvalidInput(
        f"{name} is {_short(value)}, but there is no such {noun} in the artifact.",
        "Paths are relative to what was handed in.",
        {"field": name},
    )
