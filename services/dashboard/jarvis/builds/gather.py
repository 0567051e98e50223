"""What a build wrote, as a release wants it: plain files with their checksums, and nothing else."""

import hashlib
import os
import stat
from pathlib import Path

from jarvis import control


def gather(folder: Path) -> tuple[dict[str, str], list[str]]:
    """Look through the folder that is to be served, and take out what is no plain file.

    A link could lead a visitor to any file of this machine.

    Args:
        folder: Where the pages are.

    Returns:
        Path within it → SHA-256; and the paths that were taken out.
    """
    found: dict[str, str] = {}
    gone: list[str] = []
    for place, folders, names in os.walk(folder):
        control.check()
        for name in [*folders, *names]:
            entry = Path(place, name)
            path = entry.relative_to(folder).as_posix()
            kind = entry.lstat().st_mode
            if stat.S_ISREG(kind):
                with entry.open("rb") as file:
                    found[path] = hashlib.file_digest(file, "sha256").hexdigest()
                entry.chmod(0o644)
            elif stat.S_ISDIR(kind):
                entry.chmod(0o755)
            else:
                entry.unlink()
                gone.append(path)
    return found, sorted(gone)
