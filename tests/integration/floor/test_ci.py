"""What failed among others is asked once more, alone; nothing else that is wrong is passed over."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
STUB = """\
#!/bin/sh
echo "$*" >>asked
if [ $# = 0 ]; then mkdir -p .pytest_cache/v/cache; cat failed >.pytest_cache/v/cache/lastfailed; exit %d; fi
exit %d
"""


class Ci:
    """A checkout whose tests end as told."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in (".ci", "script", ".venv/bin"):
            (folder / name).mkdir(parents=True)
        shutil.copy(ROOT / ".ci" / "tests", folder / ".ci")
        (folder / ".venv" / "bin" / "python").symlink_to(sys.executable)

    def run(self, first: int, failed: list[str], second: int = 0) -> tuple[int, str]:
        """How it ends, and what it says."""
        (self.folder / "failed").write_text(json.dumps(dict.fromkeys(failed, True)) if failed else "")
        (self.folder / "script" / "test").write_text(STUB % (first, second))
        (self.folder / "script" / "test").chmod(0o755)
        done = subprocess.run([self.folder / ".ci" / "tests"], capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr

    @property
    def asked(self) -> list[str]:
        """The words of each run of the tests."""
        return (self.folder / "asked").read_text().splitlines()


@pytest.fixture
def ci(tmp_path: Path) -> Ci:
    return Ci(tmp_path)


A, B = "tests/unit/test_a.py::test_one[x y]", "tests/unit/test_b.py::test_two"


def test_it_works(ci: Ci) -> None:
    names = [A, B, A.replace("one", "two")]
    before = [f"Failed beside others: {name}" for name in names]
    after = [f"Failed beside others, passed alone: {name}" for name in names]
    assert ci.run(1, names) == (0, "\n".join([*before, *after, ""]))
    assert ci.asked == ["", "-n 0 tests/unit/test_a.py tests/unit/test_b.py"]


def test_nothing_is_asked_twice_when_all_passed(ci: Ci) -> None:
    assert ci.run(0, []) == (0, "")
    assert ci.asked == [""]


def test_what_fails_alone_too_fails(ci: Ci) -> None:
    code, said = ci.run(1, [A], second=1)
    assert code == 1
    assert "Failed again" in said
    assert "passed alone" not in said


@pytest.mark.parametrize(
    ("code", "failed"),
    [
        (1, [f"{A}{number}" for number in range(4)]),
        (1, []),
        (2, [A]),
        (3, [A]),
        (8, []),
    ],
    ids=["too many", "nobody knows which", "interrupted", "pytest broke", "skips"],
)
def test_anything_else_is_no_matter_of_load(ci: Ci, code: int, failed: list[str]) -> None:
    assert ci.run(code, failed)[0] == code
    assert ci.asked == [""]


def test_what_an_earlier_run_left_does_not_count(ci: Ci) -> None:
    ci.run(1, [A])
    assert ci.run(1, [])[0] == 1
    assert ci.asked[2:] == [""]
