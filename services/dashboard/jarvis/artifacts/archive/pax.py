"""The extra records of a pax header."""

from jarvis.artifacts.archive.refusal import refused

_PER_ENTRY = (b"path", b"linkpath", b"size")


def records(data: bytes, header: bytes) -> dict[bytes, bytes]:
    """Read `length key=value` lines strictly.

    Args:
        data: What the header holds.
        header: Its own name, for refusals.

    Raises:
        ArchiveRefused: A length is wrong, a key that matters is there twice, or it describes a sparse file.
    """
    found: dict[bytes, bytes] = {}
    at = 0
    while at < len(data):
        space = data.find(b" ", at, at + 20)
        digits = data[at:space]
        end = at + int(digits) if space > at and digits.isdigit() else 0
        if space <= at or end <= space or end > len(data) or data[end - 1] != 0x0A:
            raise refused("tar-pax", "is an extended header that is damaged", header)
        key, equals, value = data[space + 1 : end - 1].partition(b"=")
        if not equals or not key:
            raise refused("tar-pax", "is an extended header that is damaged", header)
        if key.startswith(b"GNU.sparse.") or key == b"SCHILY.realsize":
            raise refused("tar-sparse", "announces a sparse file", header, "Make it again without --sparse.")
        if key in _PER_ENTRY and (key in found or b"\0" in value):
            raise refused("tar-pax", "is described in two ways by an extended header of the tar", value)
        found[key] = value
        at = end
    return found


def for_all(data: bytes, header: bytes) -> None:
    """Check the records that hold for all entries: a name or a size for all is never meant well."""
    found = records(data, header)
    for key in _PER_ENTRY:
        if key in found:
            raise refused("tar-pax", "gives all entries one name or size", header)


def size(found: dict[bytes, bytes], header: int, name: bytes) -> None:
    """Refuse a record that says another size than the header itself: two readers would see two archives."""
    said = found.get(b"size")
    if said is not None and (not said.isdigit() or len(said) > 20 or int(said) != header):
        raise refused("tar-size", "has two different sizes", name)
