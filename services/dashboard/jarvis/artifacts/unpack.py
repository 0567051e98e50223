"""From a file that was handed in to a folder of files. It knows no database: the command line uses it too."""

import shutil
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path

from jarvis.artifacts.archive.extract import extract
from jarvis.artifacts.archive.limits import Limits
from jarvis.artifacts.archive.sniff import sniff
from jarvis.errors import InvalidInput

PROGRAMS = (".jar", ".war", ".ear", ".whl", ".apk", ".docx", ".xlsx", ".odt", ".epub")
"""Ends of names of files that are zip archives by their bytes, but one file by their use."""
ARCHIVES = (".zip", ".tar", ".gz", ".tgz", ".bz2", ".tbz2", ".xz", ".txz", ".zst", ".tzst")


@dataclass(frozen=True)
class Unpacked:
    """What lies in the folder now.

    Attributes:
        files: Path → SHA-256.
        bytes: Their sizes together.
        warnings: What was odd or left out, one sentence each.
    """

    files: dict[str, str]
    bytes: int
    warnings: tuple[str, ...]


def archive_format(source: Path, filename: str) -> str | None:
    """The format of the archive `source`, such as `tar.gz`; None for a single file.

    Raises:
        InvalidInput: It is called an archive, but is none that can be read.
    """
    name = filename.lower()
    if name.endswith(PROGRAMS):
        return None
    found = sniff(source)
    if found is None and name.endswith(ARCHIVES):
        raise InvalidInput(
            f"“{filename[:100]}” is not an archive that can be read: it does not begin like a zip or tar.",
            "Check that the file is whole, or pack it again as .zip or .tar.gz.",
            {"filename": filename[:255], "rule": "format", "entry": ""},
        )
    return found


def unpack(source: Path, filename: str, into: Path, limits: Limits) -> Unpacked:
    """Fill the folder `into`, which must not exist yet, with what `source` holds.

    Args:
        source: The bytes.
        filename: What they were called; a single file keeps this name, and a page becomes `index.html`.
        into: On any error it is not there.
        limits: How large an archive may become.

    Raises:
        ArchiveRefused: The archive breaks a rule; `facts` names the rule and the entry.
        InvalidInput: It is called an archive, but is none.
        StorageFull: The disk is full.
    """
    if archive_format(source, filename) is not None:
        done = extract(source, into, limits=limits)
        return Unpacked({file.path: file.sha256 for file in done.files}, done.bytes, done.warnings)
    target = "index.html" if filename.lower().endswith((".html", ".htm")) else filename
    into.mkdir(mode=0o700)
    try:
        shutil.copyfile(source, into / target)
        with (into / target).open("rb") as file:
            digest = file_digest(file, "sha256").hexdigest()
    except BaseException:
        shutil.rmtree(into)
        raise
    return Unpacked({target: digest}, source.stat().st_size, ())
