"""`./jarvis`, with stand-ins for Python and uv that are quick and know what they were asked."""

import os
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

LAUNCHER = Path(__file__).parents[3] / "jarvis"
TOOLS = ("cmp", "readlink", "rm", "cp", "mv", "tail", "mkdir", "sh", "cat", "sleep", "chmod", "dirname")

PYTHON = """#!/bin/sh
echo "python $*" >>"$CALLS"
case "$*" in
*version_info*) exit "${TOO_OLD:-0}" ;;
*ensurepip*) exit "${NO_VENV:-0}" ;;
"-I -m venv "*) shift 3; mkdir -p "$1/bin" "$1/lib/python3.11/site-packages"; cp "$0" "$1/bin/python" ;;
*pip*install*) echo "pip says no"; exit "${NO_PIP:-0}" ;;
*) printf '%s|' "$@" ;;
esac
"""

UV = """#!/bin/sh
echo "uv $*" >>"$CALLS"
case "$*" in
--version) exit "${NO_UV:-0}" ;;
"venv "*)
    for place; do :; done
    mkdir -p "$place/bin" "$place/lib/python3.11/site-packages"
    cp "$PYTHON" "$place/bin/python" ;;
"pip "*) [ -z "${SLOW:-}" ] || while [ ! -e "$SLOW" ]; do sleep 0.01; done; exit "${UV_BREAKS:-0}" ;;
esac
"""


class Checkout:
    """A checkout in a folder with a blank in its name, and programs that only pretend."""

    def __init__(self, place: Path) -> None:
        self.root = place / "my check out"
        self.lock = self.root / "services" / "dashboard" / "requirements.txt"
        self.lock.parent.mkdir(parents=True)
        self.lock.write_text("click==8.5.1\n")
        shutil.copy(LAUNCHER, self.root / "jarvis")
        self.venv = self.root / ".venv"
        self.programs = place / "programs"
        self.programs.mkdir()
        for tool in (*TOOLS, "flock"):
            found = shutil.which(tool)
            assert found, tool
            (self.programs / tool).symlink_to(found)
        self.add("python3", PYTHON)
        self.add("uv", UV)
        self.log = place / "calls"
        self.words = {
            "PATH": str(self.programs),
            "CALLS": str(self.log),
            "PYTHON": str(self.programs / "python3"),
        }

    def add(self, name: str, text: str) -> None:
        (self.programs / name).write_text(text)
        (self.programs / name).chmod(0o755)

    def begin(self, *words: str, start: Path | None = None, **more: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [str(start or self.root / "jarvis"), *words],
            env={**self.words, **more},
            cwd="/",
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def run(self, *words: str, start: Path | None = None, **more: str) -> tuple[int, str, str]:
        process = self.begin(*words, start=start, **more)
        out, err = process.communicate(timeout=30)
        return process.returncode, out, err

    def calls(self, start: str) -> list[str]:
        lines = self.log.read_text().splitlines() if self.log.exists() else []
        return [line for line in lines if line.startswith(start)]


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path)


def test_it_works(checkout: Checkout) -> None:
    code, out, err = checkout.run("deploy", "a b", "--name=x")
    assert (code, out) == (0, "-I|-m|jarvis.cli|deploy|a b|--name=x|")
    assert len(err.splitlines()) == 1
    assert "about 20 s" in err
    points = checkout.venv / "lib" / "python3.11" / "site-packages" / "jarvis.pth"
    assert (points.parent / points.read_text().strip()).resolve() == checkout.lock.parent
    assert (checkout.venv / "jarvis.lock").read_text() == checkout.lock.read_text()
    assert not (checkout.root / ".venv.unfinished").exists()


def test_the_second_start_only_starts(checkout: Checkout) -> None:
    checkout.run()
    checkout.log.unlink()
    assert checkout.run("status") == (0, "-I|-m|jarvis.cli|status|", "")
    assert checkout.calls("uv") == []


def test_a_changed_lock_file_is_installed_again(checkout: Checkout) -> None:
    checkout.run()
    (checkout.venv / "kept").touch()
    checkout.lock.write_text("click==9\n")
    assert checkout.run()[0] == 0
    assert len(checkout.calls("uv pip")) == 2
    assert (checkout.venv / "kept").exists()
    assert (checkout.venv / "jarvis.lock").read_text() == "click==9\n"


def test_a_half_made_environment_is_made_anew(checkout: Checkout) -> None:
    assert checkout.run(UV_BREAKS="1", NO_PIP="1")[0] == 1
    (checkout.venv / "broken").touch()
    assert checkout.run()[0] == 0
    assert not (checkout.venv / "broken").exists()


def test_an_environment_that_is_not_ours_is_never_removed(checkout: Checkout) -> None:
    subprocess.run(
        [checkout.programs / "python3", "-I", "-m", "venv", checkout.venv], env=checkout.words, check=True
    )
    (checkout.venv / "pytest").touch()
    assert checkout.run()[0] == 0
    assert checkout.run(UV_BREAKS="1", NO_PIP="1")[0] == 0
    (checkout.venv / "jarvis.lock").unlink()
    assert checkout.run(UV_BREAKS="1", NO_PIP="1")[0] == 1
    assert checkout.run()[0] == 0
    assert (checkout.venv / "pytest").exists()
    assert len(checkout.calls("uv venv")) == 0


@pytest.mark.parametrize("trouble", [{"NO_UV": "1"}, {"UV_BREAKS": "1"}, {}])
def test_without_uv_it_takes_venv_and_pip(checkout: Checkout, trouble: dict[str, Any]) -> None:
    if not trouble:
        (checkout.programs / "uv").unlink()
    assert checkout.run(**trouble)[0] == 0
    assert len([call for call in checkout.calls("python") if "--require-hashes" in call]) == 1


def test_without_venv_it_names_the_package(checkout: Checkout) -> None:
    code, _, err = checkout.run(NO_UV="1", NO_VENV="1")
    assert code == 1
    assert "apt install python3-venv" in err


def test_a_failed_installation_shows_the_end_of_its_log(checkout: Checkout) -> None:
    code, out, err = checkout.run(NO_UV="1", NO_PIP="1")
    assert (code, out) == (1, "")
    assert "pip says no" in err
    assert ".venv.log" in err
    assert not (checkout.venv / "jarvis.lock").exists()


def test_without_a_python_it_says_so(checkout: Checkout) -> None:
    code, _, err = checkout.run(TOO_OLD="1")
    assert code == 1
    assert "Python 3.11 or newer" in err
    assert not checkout.venv.exists()


def test_the_named_python_comes_first(checkout: Checkout) -> None:
    checkout.add("mine", PYTHON)
    checkout.run(JARVIS_PYTHON=str(checkout.programs / "mine"))
    assert any(str(checkout.programs / "mine") in call for call in checkout.calls("uv venv"))


def test_a_named_python_that_is_none_is_said(checkout: Checkout) -> None:
    code, _, err = checkout.run(JARVIS_PYTHON="/nowhere/python")
    assert code == 0
    assert "JARVIS_PYTHON is no Python 3.11" in err


@pytest.mark.parametrize("target", ["absolute", "relative"])
def test_links_lead_to_it(checkout: Checkout, tmp_path: Path, target: str) -> None:
    inner = tmp_path / "bin" / "inner"
    inner.parent.mkdir()
    real = checkout.root / "jarvis"
    inner.symlink_to(real if target == "absolute" else os.path.relpath(real, inner.parent))
    outer = tmp_path / "outer"
    outer.symlink_to("bin/inner")
    assert checkout.run(start=outer)[0] == 0
    assert (checkout.venv / "jarvis.lock").exists()


def test_two_first_starts_install_once(checkout: Checkout, tmp_path: Path) -> None:
    go = tmp_path / "go"
    first = checkout.begin("one", SLOW=str(go))
    deadline = time.monotonic() + 90
    while not checkout.calls("uv pip") and time.monotonic() < deadline:
        time.sleep(0.01)
    second = checkout.begin("two", SLOW=str(go))
    assert second.stderr is not None
    assert "waiting" in second.stderr.readline()
    go.touch()
    assert first.communicate(timeout=30)[0].endswith("one|")
    assert second.communicate(timeout=30)[0].endswith("two|")
    assert len(checkout.calls("uv pip")) == 1


def test_without_flock_it_works_too(checkout: Checkout) -> None:
    (checkout.programs / "flock").unlink()
    assert checkout.run()[0] == 0


@pytest.mark.user_only
def test_a_read_only_checkout_is_told_clearly(checkout: Checkout) -> None:
    checkout.root.chmod(0o555)
    try:
        code, _, err = checkout.run()
    finally:
        checkout.root.chmod(0o755)
    assert code == 1
    assert "may not write there" in err
