"""Tell the format of an archive by its first bytes, never by its name."""

from pathlib import Path

from jarvis.artifacts.archive.header import BLOCK, is_header

_MAGIC = (
    ("zip", b"PK\3\4"),
    ("zip", b"PK\5\6"),
    ("tar.gz", b"\x1f\x8b"),
    ("tar.bz2", b"BZh"),
    ("tar.xz", b"\xfd7zXZ\x00"),
    ("tar.zst", b"\x28\xb5\x2f\xfd"),
)


def sniff(source: Path) -> str | None:
    """The format: 'zip', 'tar', 'tar.gz', 'tar.bz2', 'tar.xz', 'tar.zst', or None."""
    with source.open("rb") as file:
        return sniff_head(file.read(2 * BLOCK))


def sniff_head(head: bytes) -> str | None:
    """The same from the first 1024 bytes. What is two things at once is nothing."""
    tar = is_header(head[:BLOCK]) or (len(head) == 2 * BLOCK and not head.strip(b"\0"))
    kind = next((kind for kind, magic in _MAGIC if head.startswith(magic)), None)
    if head[1:4] == b"\x2a\x4d\x18" and head[0] in range(0x50, 0x60):
        kind = "tar.zst"  # pzstd begins with a skippable frame
    if tar:
        return None if kind else "tar"
    return kind
