"""Archives of kinds that are not taken, told by their first bytes, so that a person hears which one it is."""

from pathlib import Path

_MAGIC = (
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"MSCF\0\0\0\0", "a CAB archive"),
    (b"!<arch>\n", "an ar archive or a Debian package"),
    (b"\xed\xab\xee\xdb", "an RPM package"),
    (b"xar!\0\x1c", "a xar archive"),
    (b"LZIP\x01", "packed with lzip"),
    (b"\x04\x22\x4d\x18", "packed with lz4"),
    (b"\x1f\x9d", "packed with compress"),
    (b"\x1f\xa0", "packed with LZH"),
    (b"\x5d\0\0\x80\0", "packed with the old lzma"),
    (b"PK00PK\x03\x04", "one part of a zip in several parts"),
    (b"PK\x07\x08PK\x03\x04", "one part of a zip in several parts"),
)


def foreign(source: Path) -> str | None:
    """What `source` is, when it is an archive that Jarvis does not unpack: the rest of a sentence."""
    with source.open("rb") as file:
        head = file.read(16)
    return next((name for magic, name in _MAGIC if head.startswith(magic)), None)
