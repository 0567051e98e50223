"""Waiting for something to become true, by asking again and again."""

import time
from collections.abc import Callable
from typing import Any

EVERY = 0.02
"""Seconds between two questions, at the least."""
SELDOM = 0.25
"""Seconds between two questions, at the most."""


def soon(look: Callable[[], object], seconds: float = 90.0) -> bool:
    """Does it become true in time?"""
    return bool(_asked(look, seconds))


def until(look: Callable[[], Any], what: str = "it", timeout: float = 120.0) -> Any:
    """What `look` says when it is true; a wait in vain is a failed test that names `what`."""
    if found := _asked(look, timeout):
        return found
    raise AssertionError(f"Waited {timeout:g} s in vain: {what}")


def _asked(look: Callable[[], Any], seconds: float) -> Any:
    """What it says when it is true, or at last.

    A question that takes long is asked less often, so that it leaves room to those who are waited for.
    """
    end = time.monotonic() + seconds
    while True:
        began = time.monotonic()
        found = look()
        now = time.monotonic()
        if found or now > end:
            return found
        time.sleep(min(SELDOM, max(EVERY, now - began)))
