"""What `jarvis deploy PATH` will send: a folder as a tar stream, or one file as it is."""

import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from jarvis.cli.pack import scan
from jarvis.cli.read import read
from jarvis.cli.units import count
from jarvis.cli.unreadable import unreadable
from jarvis.errors import InvalidInput, NotFound, NothingToServe


@dataclass(frozen=True)
class Parcel:
    """Something that can be uploaded.

    Attributes:
        filename: Its name, as the server is told.
        kind: The artifact's type; empty when the server finds out.
        size: Bytes that `pieces` will give.
        contents: What it holds, in words.
        left_out: What it does not hold, in words; may be empty.
        pieces: Reads it from the start.
    """

    filename: str
    kind: str
    size: int
    contents: str
    left_out: str
    pieces: Callable[[], Iterator[bytes]]


def prepare(path: str) -> Parcel:
    """Look at `path` and refuse what cannot be sent.

    Raises:
        JarvisError: There is no such thing, or it cannot be sent; the sentence says why.
    """
    name = Path(os.path.abspath(path)).name or "root"  # noqa: PTH100 - a link is called by its own name
    try:
        facts = Path(path).stat()
    except FileNotFoundError as error:
        raise NotFound(f"There is no file or folder {path}.", "Check the path.", {"path": path}) from error
    except (OSError, ValueError) as error:
        raise unreadable(path, error) from error
    if stat.S_ISDIR(facts.st_mode):
        packing = scan(path)
        left = ", ".join(f"{item} ({number})" for item, number in sorted(packing.left_out.items()))
        return Parcel(name, "directory", packing.size, count(packing.files, "file"), left, packing.pieces)
    if not stat.S_ISREG(facts.st_mode):
        raise InvalidInput(
            f"{path} is neither a file nor a folder.",
            "Write what it gives into a file and deploy that, or send it: jarvis deploy - --name NAME",
            {"path": path},
        )
    if not os.access(path, os.R_OK):
        raise unreadable(path)
    if not facts.st_size:
        raise NothingToServe(
            f"There is nothing to deploy: {path} is empty.",
            "See whether it was saved, or made by a command that failed.",
            {"path": path},
        )
    pieces = partial(read, os.path.realpath(path), facts.st_size, facts.st_mtime_ns)
    return Parcel(name, "", facts.st_size, name, "", pieces)
