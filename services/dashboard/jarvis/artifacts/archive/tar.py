"""Read a tar: v7, ustar, pax and GNU, front to back, each header by its own rules."""

from dataclasses import dataclass, field

from jarvis.artifacts.archive import header as headers
from jarvis.artifacts.archive import pax
from jarvis.artifacts.archive.blocks import Blocks
from jarvis.artifacts.archive.content import Content
from jarvis.artifacts.archive.header import BLOCK, ZEROS, Header
from jarvis.artifacts.archive.names import decoded
from jarvis.artifacts.archive.refusal import refused
from jarvis.artifacts.archive.sizes import MEBIBYTE
from jarvis.artifacts.archive.tree import Tree

_META = 64 * 1024
"""Most bytes of one extended header or long name; they are held in memory."""
_META_IN_A_ROW = 3
_PADDING = MEBIBYTE
_FILES = (b"0", b"\0", b"7")
_KNOWN = (*_FILES, b"1", b"2", b"5", b"V")
_SPECIAL = {b"3": "a character device", b"4": "a block device", b"6": "a pipe", b"S": "a sparse file"}


@dataclass(slots=True)
class _Meta:
    """What the headers before an entry said about it."""

    count: int = 0
    path: bytes | None = None
    target: bytes | None = None
    pax: dict[bytes, bytes] = field(default_factory=dict[bytes, bytes])


def unpack(blocks: Blocks, tree: Tree) -> None:
    """Write every entry into the tree.

    Raises:
        ArchiveRefused: The tar breaks a rule.
    """
    meta = _Meta()
    entries = 0
    while block := blocks.take(BLOCK):
        if block == ZEROS:
            _end(blocks, tree, meta)
            return
        if not entries and not meta.count and not headers.is_header(block):
            raise refused(
                "not-a-tar", "what is compressed is not a tar", hint="Hand in a tar.gz or zip of a folder."
            )
        if len(block) < BLOCK:
            raise refused("tar-truncated", "it is cut off")
        header = headers.read(block)
        if header.kind in (b"x", b"g", b"L", b"K"):
            _meta(header, blocks, meta)
            continue
        entries += 1
        if meta.count:
            _merge(header, meta)
            meta = _Meta()
        _entry(header, blocks, tree)
    if meta.path or meta.target or meta.pax:
        raise refused("tar-truncated", "it is cut off")
    tree.notes.add("no-end")


def _meta(header: Header, blocks: Blocks, meta: _Meta) -> None:
    meta.count += 1
    if meta.count > _META_IN_A_ROW:
        raise refused("tar-chain", "has too many headers in a row", header.name)
    if header.size > _META:
        raise refused("tar-meta", "has a header of more than 64 KiB", header.name)
    filled = blocks.take(header.size + -header.size % BLOCK)
    data, padding = filled[: header.size], filled[header.size :]
    if len(data) < header.size or (len(data) + len(padding)) % BLOCK:
        raise refused("tar-truncated", "is cut off", header.name)
    if header.kind == b"g":
        pax.for_all(data, header.name)
    elif header.kind == b"x":
        if meta.pax:
            raise refused("tar-chain", "has two extended headers", header.name)
        meta.pax = pax.records(data, header.name)
    else:
        text = data.rstrip(b"\0")
        seen = meta.path if header.kind == b"L" else meta.target
        if data[-1:] != b"\0" and padding.strip(b"\0"):  # others read on to the next NUL
            raise refused("tar-longname", "has a long name without an end", text)
        if b"\0" in text or not text or seen is not None:
            raise refused("tar-longname", "has a damaged or doubled long name", text)
        if header.kind == b"L":
            meta.path = text
        else:
            meta.target = text


def _merge(header: Header, meta: _Meta) -> None:
    pax.size(meta.pax, header.size, header.name)
    for record, long in ((b"path", meta.path), (b"linkpath", meta.target)):
        if long is not None and meta.pax.get(record, long) != long:
            raise refused("tar-longname", "has two different long names", long)
    header.name = meta.pax.get(b"path", header.name if meta.path is None else meta.path)
    header.target = meta.pax.get(b"linkpath", header.target if meta.target is None else meta.target)


def _entry(header: Header, blocks: Blocks, tree: Tree) -> None:
    kind = header.kind
    if kind in _FILES and header.name.endswith(b"/"):
        kind = b"5"  # how folders were written before they had a type
    if kind not in _KNOWN:
        what = _SPECIAL.get(kind, "of an unknown kind")
        raise refused("special", f"is {what}; only files, folders and links can be handed in", header.name)
    if kind not in _FILES and header.size:
        raise refused("tar-size", "is no file and yet has a size", header.name)
    if kind == b"V":
        tree.register.count()
        return  # a volume label names the archive, not a file
    name = decoded(header.name)
    if kind in _FILES:
        tree.budget.foresee_file(header.size, header.name)
        tree.file(name, header.executable, Content(header, blocks))
    elif kind == b"5":
        tree.folder(name)
    elif kind == b"2":
        tree.link(name, decoded(header.target))
    else:
        tree.same(name, decoded(header.target))


def _end(blocks: Blocks, tree: Tree, meta: _Meta) -> None:
    """After the first block of zeros only zeros may follow, and not many."""
    if meta.path or meta.target or meta.pax:
        raise refused("tar-truncated", "it ends where an entry should begin")
    zeros = 0
    for piece in blocks.pieces(_PADDING + 1):
        zeros += len(piece)
        if zeros > _PADDING or piece.tobytes().strip(b"\0"):
            raise refused("tar-trailing", "something follows the end of the tar")
    if zeros < BLOCK:
        tree.notes.add("no-end")
