"""The processes of a Procfile."""

from pathlib import Path

import pytest

from grove import plant
from jarvis.analysis.procfile import processes


def read(folder: Path, text: str) -> dict[str, tuple[str, int]]:
    return processes(plant(folder, {"Procfile": text}))


def test_it_works(tmp_path: Path):
    found = read(tmp_path, "web: gunicorn app:app\nworker:   rq worker\n")
    assert found == {"web": ("gunicorn app:app", 1), "worker": ("rq worker", 2)}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("# said: before\n\nweb: a\n", {"web": ("a", 3)}),
        ("web: java -cp a:b C # why: so\r\n", {"web": ("java -cp a:b C # why: so", 1)}),
        ("web:a", {"web": ("a", 1)}),
        ("web: a\nweb: b", {"web": ("a", 1)}),
        ("web:\nmy job: a\n  indented: a\n- list", {}),
        ("a_b-1: c  ", {"a_b-1": ("c", 1)}),
        ("", {}),
        ("\ufeffweb: a", {"web": ("a", 1)}),
    ],
)
def test_a_line_is_a_name_a_colon_and_a_command(tmp_path: Path, text: str, found: dict[str, tuple[str, int]]):
    assert read(tmp_path, text) == found


def test_only_the_one_at_the_top_counts(tmp_path: Path):
    assert processes(plant(tmp_path, {"app/Procfile": "web: a"})) == {}
