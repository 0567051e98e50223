"""A virtual environment in half a second: pip is copied from one that this Python made before.

Unpacking and compiling pip takes several seconds of a processor, each time with the same result.
"""

import hashlib
import shutil
import uuid
from collections.abc import Callable, Sequence
from pathlib import Path

WORDS = ("python3", "-m", "venv", ".venv")
"""The step that is done quicker; any other one is run as it is."""

# The path of an environment may be longer than the kernel takes after `#!`, so a shell finds the Python. For
# that shell the first line is a program to become; for Python it is a text.
_PIP = """#!/bin/sh
'''exec' "{python}" "$0" "$@"
' '''
import sys
from pip._internal.cli.main import main
sys.exit(main())
"""


def make(
    cwd: Path, cache: Path, run: Callable[[Sequence[str]], None], copy: Callable[[str, str], object]
) -> None:
    """Make `.venv` in `cwd`, as `WORDS` would.

    Args:
        cwd: Where the step runs.
        cache: Kept for all builds.
        run: Runs a program of the build.
        copy: Copies a file.
    """
    run((*WORDS[:3], "--without-pip", *WORDS[3:]))
    folder = cwd / WORDS[3]
    python = folder / "bin" / "python"
    place = next((folder / "lib").glob("python*")) / "site-packages"
    facts = (folder / "pyvenv.cfg").read_text(encoding="utf-8").splitlines()
    about = [str(python.resolve()), *(line for line in facts if line.startswith(("home", "version")))]
    kept = cache / "venv" / hashlib.sha256("\n".join(about).encode()).hexdigest()[:16]
    if kept.is_dir():
        shutil.copytree(kept, place, dirs_exist_ok=True, copy_function=copy)
        for name in ("pip", "pip3", place.parent.name.replace("python", "pip")):
            script = folder / "bin" / name
            script.write_text(_PIP.format(python=python), encoding="utf-8")
            script.chmod(0o755)
        return
    run(WORDS)
    draft = kept.with_name(uuid.uuid4().hex)
    draft.parent.mkdir(parents=True, exist_ok=True)
    shutil.copytree(place, draft, copy_function=copy)
    try:
        draft.rename(kept)
    except OSError:  # another build was quicker
        shutil.rmtree(draft)
