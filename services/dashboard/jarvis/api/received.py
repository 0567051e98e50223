"""A file, an archive or a folder that a request brings, as it is or as a form."""

from collections.abc import Generator, Mapping
from contextlib import closing, contextmanager

from flask import request
from werkzeug.exceptions import UnsupportedMediaType

import config
from jarvis.api import body, form
from jarvis.artifacts import checksums, incoming, intake
from jarvis.artifacts.incoming import Partial
from jarvis.artifacts.room import check_room, told
from jarvis.errors import InvalidInput, JarvisError
from models import FileType

FORM = "multipart/form-data"
Received = tuple[Partial, dict[str, str], tuple[str, ...]]


class LengthRequired(JarvisError):
    """Nothing says where the body ends, so that a broken connection would look like its end."""

    code = "length_required"
    status = 411


@contextmanager
def received(words: Mapping[str, str]) -> Generator[Received]:
    """The body of this request as a file; what its sender says of it; the checksums it must have.

    Memory stays constant, and the file is gone at the end of the block.

    Args:
        words: What the address says; what a form says stands above it.

    Raises:
        JarvisError: It cannot be taken.
    """
    limit = config.settings().upload_limit
    folder = intake.folder()
    check_room(folder, body.announced() or 0, limit)
    if request.mimetype == FORM:
        with _form(words, limit) as found:
            yield found
        return
    if request.mimetype.startswith("multipart/"):  # wrappings would be kept as the file
        raise UnsupportedMediaType
    expected = checksums.declared(request.headers.get)
    if body.has_no_measure() and not expected:
        raise LengthRequired(
            "The upload does not say how long it is, so a broken connection would look like its end.",
            "Send Content-Length, or the checksum in X-Checksum-SHA256, or use POST /api/v1/uploads.",
        )
    with closing(body.pieces()) as pieces, told(folder), incoming.fresh(folder) as partial:
        partial.write(pieces, limit)
        yield partial, dict(words), expected


@contextmanager
def _form(words: Mapping[str, str], limit: int) -> Generator[Received]:
    """A checksum here is that of the file in the form; the other headers speak of the form around it.

    Raises:
        InvalidInput: Another header declares a checksum.
    """
    if others := [name for name in checksums.HEADERS[1:] if name in request.headers]:
        raise InvalidInput(
            f"{others[0]} speaks of the whole form, not of the file in it.",
            "Declare the file's checksum in X-Checksum-SHA256, or send the file without a form.",
            {"field": others[0]},
        )
    own = checksums.declared(request.headers.get)
    with closing(body.pieces()) as pieces, form.received(pieces, limit) as sent:
        said = {**words, **{key: text for key, text in sent.fields.items() if text}}
        said.setdefault("filename", sent.name)
        if sent.is_folder:
            said.setdefault("type", FileType.DIRECTORY.value)
        own += (checksums.from_hex(said["sha256"], "sha256"),) if "sha256" in said else ()
        yield sent.partial, said, own
