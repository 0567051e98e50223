"""Folders and pages that look finished, but are the source of something that has to be built."""

from pathlib import Path

import pytest

from grove import plant
from jarvis.analysis.analyse import analyse

VITE = ["package.json", "vite.config.ts", "index.html", "src/main.tsx"]
REACT = ["package.json", "public/index.html", "src/index.js"]


@pytest.mark.parametrize("paths", [VITE, REACT])
def test_a_template_is_not_taken_for_a_page(tmp_path: Path, paths: list[str]):
    plant(tmp_path, dict.fromkeys(paths, ""))
    assert analyse(tmp_path).language == "node"


@pytest.mark.parametrize(
    ("paths", "folder"), [([*VITE, "dist/index.html"], "dist"), ([*REACT, "build/index.html"], "build")]
)
def test_the_output_beside_it_is_served(tmp_path: Path, paths: list[str], folder: str):
    plant(tmp_path, dict.fromkeys(paths, ""))
    verdict = analyse(tmp_path)
    assert (verdict.kind, verdict.static_dir) == ("static", folder)
