"""The channels by which people are told: each a module with the same two functions."""

from jarvis.errors import InvalidInput
from jarvis.notices import discord, mail, ntfy, slack
from jarvis.notices.channel import Channel

CHANNELS: dict[str, Channel] = {"email": mail, "ntfy": ntfy, "slack": slack, "discord": discord}
"""A new one is one file and one line."""


def channel(kind: str) -> Channel:
    """The channel of that name.

    Raises:
        InvalidInput: There is none.
    """
    if kind not in CHANNELS:
        raise InvalidInput(
            f"There is no channel “{kind[:40]}”.", f"Choose one of {', '.join(CHANNELS)}.", {"field": "kind"}
        )
    return CHANNELS[kind]
