"""Look at an unpacked artifact: what it is, and how it would be made."""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from jarvis.analysis.analyse import analyse
from jarvis.builds.plan import plan

Json = dict[str, Any]


def examine(tree: Path, correction: Mapping[str, Any], files: Collection[str]) -> tuple[Json, Json]:
    """The verdict on the folder `tree` and the build plan that follows from it, as plain data.

    Args:
        tree: The unpacked artifact.
        correction: Members of the verdict that a person set.
        files: The paths in it.

    Raises:
        InvalidInput: The correction has a member that cannot be used.
    """
    verdict = analyse(tree, correction).to_dict()
    return verdict, plan(verdict, files).to_dict()
