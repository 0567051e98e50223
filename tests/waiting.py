"""Waiting for something to become true, by asking again and again."""

import time
from collections.abc import Callable
from typing import Any

EVERY = 0.02
"""Seconds between two questions."""


def soon(look: Callable[[], object], seconds: float = 20.0) -> bool:
    """Does it become true in time?"""
    end = time.monotonic() + seconds
    while not look():
        if time.monotonic() > end:
            return False
        time.sleep(EVERY)
    return True


def until(look: Callable[[], Any], what: str = "it", timeout: float = 60.0) -> Any:
    """What `look` says when it is true; a wait in vain is a failed test that names `what`."""
    end = time.monotonic() + timeout
    while not (found := look()):
        if time.monotonic() > end:
            raise AssertionError(f"Waited {timeout:g} s in vain: {what}")
        time.sleep(EVERY)
    return found
