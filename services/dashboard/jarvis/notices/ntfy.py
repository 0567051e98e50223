"""ntfy: a notice on a telephone, by ntfy.sh or a server of one's own.

The topic is a secret: who knows it reads along.
"""

import json

from jarvis.errors import InvalidInput
from jarvis.notices import address
from jarvis.notices.channel import Json, Letter, Place
from jarvis.webhooks.post import post

HIGH, NORMAL = 4, 3


def check(given: Json) -> Place:
    """An address with a topic, such as `https://ntfy.sh/my-topic`, and a token where the server wants one.

    Raises:
        InvalidInput: It cannot be used.
    """
    url, token = str(given.get("url", "")), str(given.get("token", ""))
    parts = address.check(url, "ntfy")
    topic = parts.path.strip("/")
    if not topic or "/" in topic or parts.query:
        raise InvalidInput(
            "The address of ntfy ends with a topic.", "Such as https://ntfy.sh/my-topic.", {"field": "url"}
        )
    if not token.isascii() or not token.isprintable():
        raise InvalidInput("The token has signs that no token has.", "", {"field": "token"})
    return Place(address.masked(parts), {}, {"url": url, "token": token})


def send(letter: Letter) -> int:
    """Publish it as JSON, to the root of the server.

    Raises:
        JarvisError: There is no answer.
    """
    root, _, topic = str(letter.secret["url"]).rstrip("/").rpartition("/")
    told = letter.notice
    body = {
        "topic": topic,
        "title": told.title,
        "message": "\n".join(told.lines) or told.title,
        "priority": HIGH if told.bad else NORMAL,
        "tags": ["warning"] if told.bad else [],
        **({"click": told.link} if told.link else {}),
    }
    headers = {"Content-Type": "application/json"}
    if letter.secret.get("token"):
        headers["Authorization"] = f"Bearer {letter.secret['token']}"
    return post(f"{root}/", json.dumps(body).encode(), headers)
