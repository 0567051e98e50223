"""The limits of unpacking, as the settings have them."""

from config import Settings
from jarvis.artifacts.archive.limits import Limits


def limits_of(settings: Settings) -> Limits:
    """How large an archive may become."""
    return Limits(
        entries=settings.unpack_entries,
        expanded=settings.unpack_bytes,
        file=settings.unpack_file_bytes,
        ratio=settings.unpack_ratio,
        depth=settings.unpack_depth,
        path=settings.unpack_path,
    )
