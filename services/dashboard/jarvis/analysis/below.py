"""A project that lies in a folder of what was handed in."""

from collections.abc import Callable
from dataclasses import replace
from shlex import quote

from jarvis.analysis.candidate import Candidate
from jarvis.analysis.tree import Tree

LESS = (0.12, 0.17)
"""How much less sure a detector is of a project one folder down, and two."""


def seek(tree: Tree, folder: str, detect: Callable[[Tree], Candidate | None]) -> Candidate | None:
    """What `detect` says of `folder`, told as from the top: paths and commands lead into the folder."""
    found = detect(tree.under(folder))
    if found is None:
        return None
    inside = folder.rstrip("/") + "/"
    found.confidence = round(found.confidence - LESS[min(folder.count("/"), len(LESS) - 1)], 2)
    found.against.append(f"It lies in {folder}, not at the top.")
    for command in ("install_command", "build_command", "start_command"):
        line: str = getattr(found, command)
        if line:
            setattr(found, command, f"cd {quote(folder)} && {line}")
    if found.static_dir:
        found.static_dir = folder if found.static_dir == "." else inside + found.static_dir
    found.needs = [replace(item, file=inside + item.file) for item in found.needs]
    found.environment = [replace(item, file=inside + item.file) for item in found.environment]
    found.findings = [replace(item, file=inside + item.file) for item in found.findings]
    found.evidence = [
        replace(item, file=inside + item.file, value=str(getattr(found, item.fact)))
        for item in found.evidence
    ]
    found.dependencies = {name: (inside + file, line) for name, (file, line) in found.dependencies.items()}
    return found
