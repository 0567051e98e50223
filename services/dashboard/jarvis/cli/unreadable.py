"""What a file or folder that cannot be read is told with: why, and what to do about it."""

import errno
import shlex

from jarvis.errors import InvalidInput

_HINTS = {
    errno.EACCES: "Let yourself read it: chmod u+r {path} (a folder: chmod u+rx).",
    errno.EPERM: "Let yourself read it: chmod u+r {path} (a folder: chmod u+rx).",
    errno.ELOOP: "Links lead in a circle there: remove one of them.",
    errno.ENAMETOOLONG: "Give it a shorter name.",
    errno.ENOENT: "It may have been moved just now: look with ls -l {path}, then try again.",
    errno.ENOTDIR: "A part of the path is a file: look with ls -l {path}.",
    errno.EIO: "Its disk may be failing: copy it to another one and deploy that.",
}
_ELSE = "Look at it with ls -l {path}, or put a copy of it elsewhere and use that."


def unreadable(path: str, error: OSError | ValueError | None = None, *, shown: str = "") -> InvalidInput:
    """The refusal of what cannot be read.

    Args:
        path: Where it is.
        error: Why; None where it is not allowed.
        shown: How people know it, where that is not the path.
    """
    number = error.errno if isinstance(error, OSError) else errno.EACCES if error is None else None
    why = "Permission denied" if error is None else getattr(error, "strerror", None)
    hint = _HINTS.get(number or 0, _ELSE).format(path=shlex.quote(path))
    if isinstance(error, ValueError):
        hint = "Write the path again: it has a sign that no path can have."
    return InvalidInput(
        f"{shown or path} cannot be read: {why or 'the path cannot be used'}.", hint, {"entry": path}
    )
