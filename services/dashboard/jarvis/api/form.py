"""A form with files (multipart/form-data), read as a stream: memory stays constant whatever is sent."""

from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from flask import request
from werkzeug.sansio.multipart import Data, Epilogue, Event, Field, File, MultipartDecoder, NeedData, Preamble

import config
from jarvis.api.watch import PIECE
from jarvis.artifacts import intake
from jarvis.artifacts.bundle import Bundle
from jarvis.artifacts.incoming import Partial
from jarvis.artifacts.limits import limits_of
from jarvis.artifacts.room import told
from jarvis.errors import BadRequest, InvalidInput

FIELDS = frozenset({"filename", "type", "service", "analyse", "sha256"})
"""Text parts that are read; others, such as the name of a button, are passed over."""
LONGEST_TEXT = 4096
LONGEST_HEAD = 64 * 1024
"""Bytes of the headers of one part."""


@dataclass
class Form:
    """What was sent.

    Attributes:
        partial: The file, or the tar of the folder.
        name: What it is called.
        is_folder: Whether several files came, or one with a folder in its name.
        fields: The text parts.
    """

    partial: Partial
    name: str
    is_folder: bool
    fields: dict[str, str] = field(default_factory=dict[str, str])


@contextmanager
def received(pieces: Iterable[bytes], limit: int) -> Generator[Form]:
    """Receive the form of this request; its files are gone at the end of the block.

    Raises:
        BadRequest: It cannot be read, or is cut off.
        InvalidInput: There is no file in it, or a text is too long.
        ArchiveRefused: A name cannot be that of a file in a folder; `facts` names the rule and the entry.
        TooLarge: It has more than `limit` bytes.
    """
    fields: dict[str, str] = {}
    settings = config.settings()
    folder = intake.folder()
    with told(folder), Bundle(folder, limits_of(settings), limit) as bundle:
        try:
            for part, content in _parts(pieces, settings.unpack_entries + len(FIELDS)):
                if isinstance(part, File):
                    _add(bundle, part.filename, content)
                elif part.name in FIELDS:
                    fields[part.name] = _text(part.name, content)
                else:
                    _skip(content)
        except ValueError as error:  # of the decoder; the errors of Jarvis are none
            raise BadRequest("The form could not be read, or is cut off.", "Send it again.") from error
        partial = bundle.done()
        if partial is None:
            raise InvalidInput("There is no file in the form.", "Choose a file or a folder.")
        yield Form(partial, bundle.name, bundle.is_folder, fields)


def _add(bundle: Bundle, name: str, content: Iterator[bytes]) -> None:
    if name:
        bundle.add(name, content)
        return
    first = next(content, b"")  # a browser sends a nameless, empty part when nothing was chosen
    if first:
        bundle.add("upload", _chained(first, content))


def _chained(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def _text(name: str, content: Iterator[bytes]) -> str:
    found = bytearray()
    for piece in content:
        found += piece
        if len(found) > LONGEST_TEXT:
            raise InvalidInput(f"The field {name} of the form is too long.", "", {"field": name})
    return found.decode()


def _skip(content: Iterator[bytes]) -> None:
    for _ in content:
        pass


def _parts(pieces: Iterable[bytes], most: int) -> Iterator[tuple[File | Field, Iterator[bytes]]]:
    """Each part and its content, which has to be read before the next part."""
    boundary = request.mimetype_params.get("boundary", "")
    if not boundary or len(boundary) > 200:
        raise BadRequest("The form does not say its boundary.", "Send it as multipart/form-data; boundary=…")
    decoder = MultipartDecoder(boundary.encode(), PIECE + LONGEST_HEAD, max_parts=most)
    events = _events(decoder, iter(pieces))
    for event in events:
        if isinstance(event, File | Field):
            yield event, _content(events)


def _content(events: Iterator[Event]) -> Iterator[bytes]:
    for event in events:
        if isinstance(event, Data):
            if event.data:
                yield event.data
            if not event.more_data:
                return


def _events(decoder: MultipartDecoder, pieces: Iterator[bytes]) -> Iterator[Event]:
    while True:
        event = decoder.next_event()
        if isinstance(event, NeedData):
            decoder.receive_data(next(pieces, None))
        elif isinstance(event, Epilogue):
            return
        elif not isinstance(event, Preamble):
            yield event
