"""A compiled program by itself."""

from pathlib import Path

import pytest

from grove import backed
from jarvis.analysis.detectors import binary
from jarvis.analysis.tree import Tree

ELF = b"\x7fELF\x02\x01\x01" + bytes(9) + bytes(range(256)) * 4


def write(folder: Path, name: str, content: bytes = ELF, mode: int = 0o755) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)
    (folder / name).chmod(mode)


def test_it_works(tmp_path: Path):
    write(tmp_path, "shop")
    tree = Tree(tmp_path)
    found = backed(binary.detect(tree), tree)
    assert (found.kind, found.language, found.confidence) == ("script", "binary", 0.6)
    assert (found.start_command, found.build_command) == ("./shop", "")


@pytest.mark.parametrize("name", ["server-linux.amd64", "shop.bin", "app-1.2", "bin/shop"])
def test_usual_names_of_programs_are_known(tmp_path: Path, name: str):
    write(tmp_path, name)
    tree = Tree(tmp_path)
    assert backed(binary.detect(tree), tree).start_command == f"./{name}"


def test_a_lost_right_to_run_is_given_back(tmp_path: Path):
    write(tmp_path, "shop", mode=0o644)
    tree = Tree(tmp_path)
    assert backed(binary.detect(tree), tree).build_command == "chmod +x shop"


def test_settings_and_pages_may_lie_beside_it(tmp_path: Path):
    write(tmp_path, "shop")
    write(tmp_path, "config.yaml", b"a: 1")
    write(tmp_path, "static/style.css", b"a {}")
    tree = Tree(tmp_path)
    assert backed(binary.detect(tree), tree).confidence == 0.52


@pytest.mark.parametrize(
    "files",
    [
        {"shop": b"just some words " * 40},
        {"shop": ELF, "main.go": b"package main"},
        {"shop": ELF, "other": ELF},
        {"photo": b"\x89PNG" + bytes(400)},
        {"shop.exe": b"MZ" + bytes(400)},
        {"libshop.so": ELF},
        {"tiny": b"\0"},
    ],
)
def test_other_folders_are_none(tmp_path: Path, files: dict[str, bytes]):
    for name, content in files.items():
        write(tmp_path, name, content)
    assert binary.detect(Tree(tmp_path)) is None
