"""Small folders for detectors, and what must hold of every candidate they make of them."""

from pathlib import Path

from jarvis.analysis.candidate import Candidate
from jarvis.analysis.tree import Tree

_PLAIN = ("", "none", None, False)
_FACTS = (
    "kind", "language", "language_version", "framework", "package_manager", "install_command",
    "build_command", "start_command", "port", "health_path", "static_dir", "spa",
)  # fmt: skip


def plant(folder: Path, files: dict[str, str]) -> Tree:
    """Write `files`, path → text, and look at the folder."""
    for path, text in files.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
    return Tree(folder)


def backed(found: Candidate | None, tree: Tree) -> Candidate:
    """The candidate, once each of its members is shown by a file and a line that are there."""
    assert found is not None
    shown = {item.fact for item in found.evidence}
    assert {fact for fact in _FACTS if getattr(found, fact) not in _PLAIN} <= shown
    for item in found.evidence:
        assert item.value == str(getattr(found, item.fact)) or item.fact == "kind"
    places = [(item.file, item.line) for item in (*found.evidence, *found.needs, *found.findings)]
    places += [(item.file, item.line) for item in found.environment]
    places += list(found.dependencies.values())
    for file, line in places:
        assert file in tree
        assert line is None or 0 < line <= tree.text(file).count("\n") + 1
    assert 0 < found.confidence <= 0.97
    return found


def engines(found: Candidate) -> dict[str, str]:
    """Engine → level."""
    return {item.engine: item.level for item in found.needs}


def rules(found: Candidate) -> list[str]:
    """The names of what should be looked at."""
    return [item.rule for item in found.findings]
