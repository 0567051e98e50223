"""Say why an archive is refused, with names shown so that they cannot lie."""

import unicodedata

from jarvis.errors import ArchiveRefused

AGAIN = "Make the archive again from the folder, with zip or tar, and hand it in again."
_LONGEST = 200
_ESCAPED = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})


def shown(name: str | bytes) -> str:
    """A name for a person's eyes: control, bidi and other invisible characters stand as escapes."""
    text = name.decode("utf-8", "backslashreplace") if isinstance(name, bytes) else name
    if len(text) > _LONGEST:
        text = f"{text[: _LONGEST // 2]}…{text[-_LONGEST // 2 :]}"
    if text.isascii() and text.isprintable():
        return text
    return "".join(_escaped(char) if unicodedata.category(char) in _ESCAPED else char for char in text)


def refused(rule: str, why: str, entry: str | bytes = "", hint: str = AGAIN) -> ArchiveRefused:
    """The error for one broken rule.

    Args:
        rule: A short code that stays the same, for programs.
        why: The rest of the sentence “The archive was refused: …” or “… the entry “x” …”.
        entry: The raw name of the entry; escaped here.
        hint: What to do next.
    """
    name = shown(entry)
    message = (
        f"The archive was refused: the entry “{name}” {why}." if name else f"The archive was refused: {why}."
    )
    return ArchiveRefused(message, hint, facts={"rule": rule, "entry": name})


def after(error: ArchiveRefused, entry: str | bytes) -> ArchiveRefused:
    """The same refusal of the archive as a whole, with the last entry that was read before."""
    name = shown(entry)
    message = f"{error.message.removesuffix('.')}; the last entry that was read is “{name}”."
    return ArchiveRefused(message, error.hint, {**error.facts, "entry": name})


def _escaped(char: str) -> str:
    return char.encode("unicode_escape").decode("ascii")
