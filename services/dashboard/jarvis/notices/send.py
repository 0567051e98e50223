"""Sends one notice by one channel."""

import json
from collections.abc import Mapping
from typing import Any

import config
from jarvis.notices.channel import Letter
from jarvis.notices.channels import channel
from jarvis.notices.words import notice


def send(kind: str, key: str, settings: Mapping[str, Any], opened: str, message: Mapping[str, Any]) -> int:
    """Tell it once; returns the status of the answer.

    Args:
        kind: Of the channel.
        key: Of the delivery.
        settings: Of the channel.
        opened: Its secret, unsealed.
        message: What happened, as webhooks are told it.

    Raises:
        JarvisError: There is no answer, or it is one that no other attempt would change.
    """
    words = notice(message, base())
    return channel(kind).send(Letter(key, settings, json.loads(opened), words))


def base() -> str:
    """Where people open the pages."""
    own = config.settings()
    return (own.pages_url or f"http://{own.web_host}:{own.web_port}").rstrip("/")
