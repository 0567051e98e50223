"""What `.gitignore` and `.jarvisignore` leave out, held against git itself."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from jarvis.cli.pack import scan
from jarvis.errors import InvalidInput, NothingToServe

FILES = (
    "index.html", "a.log", "keep.log", "dist/app.js", "sub/dist/app.js", "sub/a.log", "sub/keep.log",
    "sub/deep/a.tmp", "sub/deep/b.txt", "build/x/y.o", "docs/build/z", "foo/bar/baz.txt", "foo/baz.txt",
    "name with space.txt", "# odd", "!odd", "ä.log", "x/y/z/w.pyc", "x/y/keep.pyc", "tmp/1", "tmp/keep/2",
)  # fmt: skip
RULES = (
    ("*.log\n!keep.log\n", ""),
    ("dist/\n", ""),
    ("/dist\n/build/\n", ""),
    ("**/build\n", ""),
    ("foo/**\n!foo/baz.txt\n", ""),
    ("foo/*\n!foo/bar/\n", ""),
    ("# a comment\n\n\\# odd\n\\!odd\n", ""),
    ("name with space.txt   \n", ""),
    ("*.py[co]\n!x/**/keep.pyc\n", ""),
    ("tmp/*\n!tmp/keep\n", ""),
    ("sub/*.log\n", "!a.log\n*.tmp\n"),
    ("a.*\n", "!*\n"),
    ("deep/b.txt\nsub/deep/b.txt\n", ""),
    ("?eep.log\n", ""),
    ("*\n!*/\n!*.html\n", ""),
)


def tree(folder: Path) -> Path:
    for name in FILES:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("x")
    return folder


def packed(folder: Path) -> set[str]:
    return {entry.name for entry in scan(str(folder)).entries if not entry.name.endswith("/")}


def by_git(folder: Path) -> set[str]:
    environment = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "GIT_CONFIG_NOSYSTEM": "1"}
    subprocess.run(["git", "init", "--quiet", "."], cwd=folder, env=environment, check=True)
    words = ["git", "ls-files", "-z", "--others", "--exclude-standard"]
    said = subprocess.run(words, cwd=folder, env=environment, check=True, capture_output=True).stdout
    shutil.rmtree(folder / ".git")
    return set(said.decode().split("\0")) - {""}


def test_it_works(tmp_path: Path) -> None:
    tree(tmp_path)
    (tmp_path / ".gitignore").write_text("dist/\n*.log\n")
    packing = scan(str(tmp_path))
    names = {entry.name for entry in packing.entries}
    assert "index.html" in names
    assert not [name for name in names if "dist" in name or name.endswith(".log")]
    assert packing.left_out["dist/ by .gitignore"] == 2
    assert packing.left_out["files by .gitignore"] == 5


@pytest.mark.parametrize(("top", "below"), RULES)
def test_it_leaves_out_what_git_would(top: str, below: str, tmp_path: Path) -> None:
    tree(tmp_path)
    (tmp_path / ".gitignore").write_text(top)
    if below:
        (tmp_path / "sub" / ".gitignore").write_text(below)
    assert packed(tmp_path) == by_git(tmp_path)


def test_jarvisignore_stands_above_every_gitignore(tmp_path: Path) -> None:
    tree(tmp_path)
    (tmp_path / ".gitignore").write_text("dist/\n")
    (tmp_path / "sub" / ".gitignore").write_text("*.log\n")
    (tmp_path / ".jarvisignore").write_text("!/dist/\n!sub/keep.log\nindex.html\n")
    assert {"dist/app.js", "sub/keep.log"} <= packed(tmp_path)
    assert not {"sub/dist/app.js", "sub/a.log", "index.html"} & packed(tmp_path)


def test_a_folder_that_is_left_out_whole_says_how_to_bring_it_back(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<p>")
    (tmp_path / ".gitignore").write_text("*\n")
    with pytest.raises(NothingToServe) as caught:
        scan(str(tmp_path))
    assert "jarvisignore" in caught.value.hint


def test_rules_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<p>")
    (tmp_path / ".gitignore").mkdir()
    with pytest.raises(InvalidInput, match=r"\.gitignore cannot be read"):
        scan(str(tmp_path))
