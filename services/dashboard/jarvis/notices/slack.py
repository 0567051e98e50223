"""Slack, and what takes the same messages: an incoming webhook, whose address is a secret."""

import json

from jarvis.notices import address
from jarvis.notices.channel import Json, Letter, Place
from jarvis.webhooks.post import post

LONGEST = 3000


def check(given: Json) -> Place:
    """An address such as `https://hooks.slack.com/services/…`.

    Raises:
        InvalidInput: It cannot be used.
    """
    url = str(given.get("url", ""))
    return Place(address.masked(address.check(url, "the incoming webhook")), {}, {"url": url})


def send(letter: Letter) -> int:
    """Write it into the room.

    Raises:
        JarvisError: There is no answer.
    """
    told = letter.notice
    text = "\n".join([f"*{_escaped(told.title)}*", *map(_escaped, told.lines)])[:LONGEST]
    if told.link:
        text += f"\n<{told.link}|Open it in Jarvis>"
    body = {"text": text, "unfurl_links": False}
    return post(str(letter.secret["url"]), json.dumps(body).encode(), {"Content-Type": "application/json"})


def _escaped(text: str) -> str:
    """Slack takes three signs for its own; with them a name could call everybody in the room."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
