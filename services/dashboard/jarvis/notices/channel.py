"""What every channel is: it checks what it is given once, and sends a notice whenever there is one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from jarvis.notices.words import Notice

Json = Mapping[str, Any]


@dataclass(frozen=True)
class Place:
    """Where a channel leads.

    Attributes:
        shown: What anybody may see of it.
        settings: What lies open in the database.
        secret: What lies sealed there.
    """

    shown: str
    settings: Json
    secret: Json


@dataclass(frozen=True)
class Letter:
    """A notice on its way. It lives in a step only: no secret of it is kept in the engine's tables.

    Attributes:
        key: The id of the delivery, the same at every attempt.
        settings: Of the place.
        secret: Of the place, unsealed.
        notice: What is told.
    """

    key: str
    settings: Json
    secret: Json
    notice: Notice


class Channel(Protocol):
    """A module of one kind."""

    def check(self, given: Json) -> Place:
        """Take what a person gave apart; raises InvalidInput where it cannot be used."""
        ...

    def send(self, letter: Letter) -> int:
        """Send it once; returns the status of the answer.

        Raises JarvisError where there is no answer.
        """
        ...
