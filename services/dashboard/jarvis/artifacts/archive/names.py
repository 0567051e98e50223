"""Judge one name: what is left is a plain relative path, or nothing for the top folder."""

import re

from jarvis.artifacts.archive.limits import Limits, raise_it
from jarvis.artifacts.archive.refusal import refused

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_DRIVE = re.compile(r"[A-Za-z]:")
_BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_ORDINARY = re.compile(r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*(?:/[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*)*")
"""Nearly every name; nothing in it needs a second look but its length."""
_NOT_ON_WINDOWS = re.compile(r'[<>:"|?*]|[. ]$')
_DEVICES = {
    "con",
    "prn",
    "aux",
    "nul",
    *(f"{port}{number}" for port in ("com", "lpt") for number in range(10)),
}
_RENAME = "Rename it and make the archive again."
_SLASHES = (
    "Make the archive again with a program that writes “/” between folders: 7-Zip, the Windows Explorer, "
    "or `tar -a -cf site.zip site`."
)
_PLAIN = "Make the archive from inside the folder, so that its names begin there."
_LESS_DEEP = "Hand in the folder further down, or give its folders shorter names."


def cleaned(name: str, limits: Limits) -> str:
    """The name as a path inside the folder; "" when it means the folder itself.

    A leading `./` and slashes at the end are what tar writes for folders. Everything else that a shell
    would tidy up (`a//b`, `a/./b`) is refused, because two readers may tidy it differently.
    """
    short = len(name) <= min(limits.path, limits.component) and name.count("/") < limits.depth
    if short and name.isascii() and _ORDINARY.fullmatch(name):
        return name
    if not name:
        raise refused("name-empty", "an entry has no name")
    if _CONTROL.search(name):
        raise refused("name-control", "has control characters in its name", name, _RENAME)
    if "\\" in name:
        raise refused(
            "name-backslash", "has a backslash in its name, which some systems read as “/”", name, _SLASHES
        )
    if name.startswith("/"):
        raise refused("name-absolute", "starts at the root of the disk", name, _PLAIN)
    if _DRIVE.match(name):
        raise refused("name-drive", "starts with a drive letter", name, _PLAIN)
    path = name
    while path.startswith("./"):
        path = path[2:]
    path = path.rstrip("/")
    if not path or path == ".":
        return ""
    parts = path.split("/")
    if ".." in parts:
        raise refused("name-parent", "leads out of its folder with “..”", name, _PLAIN)
    if "." in parts or "" in parts:
        raise refused("name-dot", "has an empty or “.” part in its name", name)
    return _measured(path, parts, limits)


def decoded(raw: bytes) -> str:
    """The text of a name in a tar, which must be UTF-8."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        raise refused("name-encoding", "has a name that is not UTF-8", raw, _RENAME) from None


def doubtful(path: str) -> str | None:
    """Why the last part of a name that is accepted may still trouble somebody, as the kind of a warning."""
    name = path.rpartition("/")[2]
    if not name.isascii() and _BIDI.search(name):
        return "bidi"
    if name.partition(".")[0].lower() in _DEVICES or _NOT_ON_WINDOWS.search(name):
        return "reserved"
    return None


def unwanted(path: str) -> bool:
    """Is this what macOS adds for itself?"""
    return path.startswith("__MACOSX/") or path == "__MACOSX" or path.rpartition("/")[2] == ".DS_Store"


def _measured(path: str, parts: list[str], limits: Limits) -> str:
    if len(parts) > limits.depth:
        hint = raise_it("JARVIS_UNPACK_DEPTH", limits.depth, _LESS_DEEP)
        raise refused("name-deep", f"lies more than {limits.depth} folders deep", path, hint)
    plain = path.isascii()
    if (len(path) if plain else len(path.encode())) > limits.path:
        hint = raise_it("JARVIS_UNPACK_PATH", limits.path, _LESS_DEEP)
        raise refused("name-long", f"has a name of more than {limits.path} bytes", path, hint)
    if len(path) * 4 > limits.component:
        for part in parts:
            if (len(part) if plain else len(part.encode())) > limits.component:
                why = f"has a part of more than {limits.component} bytes in its name"
                raise refused("name-long", why, path, _RENAME)
    return path
