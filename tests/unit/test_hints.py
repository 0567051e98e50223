"""What the command line and the embedded database refuse says what to do next."""

import ast
from pathlib import Path

import pytest

import jarvis
from jarvis import errors
from jarvis.errors import JarvisError
from jarvis.shell import CommandFailed

ROOT = Path(str(jarvis.__path__[0]))
KINDS = {
    name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, JarvisError)
} | {CommandFailed.__name__}
FILES = sorted(file for room in ("cli", "embedded") for file in (ROOT / room).rglob("*.py"))


def without_hint(file: Path) -> list[int]:
    """The lines on which an error is made of a sentence alone."""
    found: list[int] = []
    for node in ast.walk(ast.parse(file.read_text())):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        hinted = len(node.args) > 1 or any(word.arg == "hint" for word in node.keywords)
        if name in KINDS and node.args and not hinted and not isinstance(node.args[0], ast.Starred):
            found.append(node.lineno)
    return found


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_every_refusal_says_what_to_do_next(file: Path) -> None:
    assert without_hint(file) == []
