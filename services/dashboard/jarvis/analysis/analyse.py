"""Look at a folder, ask every detector, choose, and say why."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jarvis.analysis import choose, conclude, corrected
from jarvis.analysis.candidate import Candidate
from jarvis.analysis.choose import Option
from jarvis.analysis.complete import complete, serve
from jarvis.analysis.parts import beside, parts
from jarvis.analysis.tree import Tree
from jarvis.analysis.verdict import Size, Verdict

_NOTHING = frozenset(
    {".gitkeep", ".keep", ".gitignore", ".gitattributes", ".DS_Store", "Thumbs.db", "desktop.ini"}
)
"""Files that keep a folder, or that a desktop leaves behind."""


def analyse(folder: Path, correction: Mapping[str, Any] | None = None) -> Verdict:
    """What the folder is, and why. Nothing in it is ever run, and nothing in it makes this fail.

    Args:
        folder: What was handed in, unpacked.
        correction: Members of the verdict that a person set. They stand above everything that is found, and
            the rest is judged as if they were true: with `root` set, only that folder is looked at.

    Raises:
        InvalidInput: A member of the correction cannot be used; `facts["field"]` names it.
    """
    tree = Tree(folder)
    given = corrected.checked(tree, correction)
    within: str = given.get("root", "")
    seen = tree.under(within)
    options = choose.options(seen, given) or [Option(_unknown(seen))]
    chosen = options[0]
    place = "/".join(part for part in (within, chosen.root) if part)
    inner = tree.under(place)
    found = chosen.candidate
    complete(found, inner)
    members = conclude.moved(parts(inner, found), place)
    if chosen.root and not members:
        members = conclude.moved(beside(seen, chosen.root), within)
    serve(found)
    files = conclude.own(inner)
    for name, value in given.items():
        if hasattr(found, name):
            setattr(found, name, value)
    return Verdict(
        **conclude.kept(found),
        static_dir=found.static_dir or None,
        root=place,
        **conclude.containers(files, place, given),
        databases=conclude.databases(found),
        needs=conclude.needs(found, place),
        environment=conclude.environment(found, inner, place),
        parts=members,
        size=Size(len(tree.sizes), sum(tree.sizes.values())),
        confidence=conclude.confidence(options, given),
        evidence=conclude.evidence(found, inner, place, given),
        alternatives=conclude.alternatives(options, within),
        findings=conclude.findings(tree, options, within),
        corrected=tuple(given),
    )


def _unknown(tree: Tree) -> Candidate:
    """Nothing that any detector knows."""
    content = [path for path in tree.files if path.rpartition("/")[2] not in _NOTHING]
    found = Candidate("unsupported", "none", 0.2) if content else Candidate("empty", "none", 0.95)
    why = "nothing here is of a kind that Jarvis knows" if content else "there is nothing to run or to serve"
    found.because("kind", next(iter(content or tree.files), ""), why)
    return found
