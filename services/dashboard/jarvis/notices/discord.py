"""Discord: a webhook of a channel, whose address is a secret."""

import json
from typing import Any

from jarvis.notices import address
from jarvis.notices.channel import Json, Letter, Place
from jarvis.webhooks.post import post

TITLE, TEXT = 256, 4000
RED, GREEN = 0xC0392B, 0x2E8B57


def check(given: Json) -> Place:
    """An address such as `https://discord.com/api/webhooks/…`.

    Raises:
        InvalidInput: It cannot be used.
    """
    url = str(given.get("url", ""))
    return Place(address.masked(address.check(url, "the webhook of Discord")), {}, {"url": url})


def send(letter: Letter) -> int:
    """Write it into the channel. Nobody is called by a name in it.

    Raises:
        JarvisError: There is no answer.
    """
    told = letter.notice
    embed = {
        "title": told.title[:TITLE],
        "description": "\n".join(told.lines)[:TEXT],
        "color": RED if told.bad else GREEN,
        **({"url": told.link} if told.link else {}),
    }
    body: dict[str, Any] = {"username": "Jarvis", "embeds": [embed], "allowed_mentions": {"parse": []}}
    return post(str(letter.secret["url"]), json.dumps(body).encode(), {"Content-Type": "application/json"})
