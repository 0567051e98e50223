"""COBOL, compiled by GnuCOBOL."""

import re

from jarvis.analysis.candidate import Candidate
from jarvis.analysis.claim import claim
from jarvis.analysis.tree import Tree

SUFFIXES = (".cbl", ".cob", ".cobol")
_PROGRAM = re.compile(r"PROGRAM-ID", re.IGNORECASE)
_FREE = re.compile(r">>\s*SOURCE\s+(?:FORMAT\s+)?(?:IS\s+)?FREE", re.IGNORECASE)
_SUB = re.compile(r"PROCEDURE\s+DIVISION\s+USING|LINKAGE\s+SECTION", re.IGNORECASE)


def detect(tree: Tree) -> Candidate | None:
    """A program in COBOL, or None."""
    files = tree.ending(*SUFFIXES)
    if not files:
        return None
    file = _first(tree, files)
    found = Candidate("script", "cobol", 0.85 if "/" not in file else 0.75)
    hit = tree.search(file, _PROGRAM)
    claim(found, file, "a program in COBOL", hit[1] if hit else None, kind="script", language="cobol")
    name = file.rpartition("/")[2].rpartition(".")[0]
    called = [other for other in files if other != file and _SUB.search(tree.text(other))]
    free = " -free" if _free(tree, file) else ""
    sources = " ".join([file, *called[:40]])
    claim(found, file, "compiles the program", build_command=f"cobc -x{free} -o {name} {sources}")
    claim(found, file, "starts the program", start_command=f"./{name}")
    if len(files) - len(called) > 1:
        found.against.append("There are several programs; the first one was taken.")
    return found


def _first(tree: Tree, files: list[str]) -> str:
    """The program to run: one with a usual name, then one that no other calls."""
    depth = files[0].count("/")
    near = [file for file in files if file.count("/") <= depth + 1]
    for wanted in ("index", "main", "app", "server"):
        for file in near:
            if file.rpartition("/")[2].partition(".")[0].lower() == wanted:
                return file
    return next((file for file in files if not _SUB.search(tree.text(file))), files[0])


def _free(tree: Tree, file: str) -> bool:
    """Is it written without regard to columns? A division's name before column 8 says so."""
    text = tree.text(file)
    division = re.search(r"^([ \t]*)IDENTIFICATION\s+DIVISION", text, re.MULTILINE | re.IGNORECASE)
    return bool(_FREE.search(text)) is False and division is not None and len(division[1].expandtabs()) < 7
