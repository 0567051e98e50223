"""Folders and pages that look finished, but are the source of something that has to be built."""

import pytest

from jarvis.analysis.analyse import analyse
from jarvis.errors import NothingToServe

VITE = ["package.json", "vite.config.ts", "index.html", "src/main.tsx"]
REACT = ["package.json", "public/index.html", "src/index.js"]


@pytest.mark.parametrize("paths", [VITE, REACT])
def test_a_template_is_not_taken_for_a_page(paths: list[str]) -> None:
    with pytest.raises(NothingToServe, match="a Node project"):
        analyse(paths)


@pytest.mark.parametrize(
    ("paths", "root"), [([*VITE, "dist/index.html"], "dist"), ([*REACT, "build/index.html"], "build")]
)
def test_the_output_beside_it_is_served(paths: list[str], root: str) -> None:
    assert analyse(paths).root == root
