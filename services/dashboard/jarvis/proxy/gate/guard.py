"""Who may see a site: passwords are checked once, wrong ones only so many times."""

import asyncio
import base64
import hashlib
import hmac
import os
import time
from collections import OrderedDict
from collections.abc import Mapping

from jarvis.proxy import password

TRIES, WITHIN = 10, 60.0
"""So many wrong passwords from one address for one service, in so many seconds; then it has to wait."""
AT_ONCE = 2
"""Passwords that are worked out at the same time; each takes a processor and 16 MB."""
WAITING = 32
"""More than these do not wait in line."""
REMEMBERED = 10_000

_NOBODY = password.hash("nobody's")
"""Looked at for a name that does not exist, so that it takes as long as for one that does."""


class Guard:
    """Remembers which words were right, by a key that only this process knows."""

    def __init__(self) -> None:
        self._key = os.urandom(32)
        self._right: OrderedDict[bytes, None] = OrderedDict()
        self._wrong: OrderedDict[tuple[str, str], list[float]] = OrderedDict()
        self._line = asyncio.Semaphore(AT_ONCE)
        self._waiting = 0
        self._asked: dict[bytes, asyncio.Task[bool]] = {}

    def knows(self, logins: Mapping[str, str], header: str) -> bool:
        """Was this header right before? Answers at once."""
        return bool(found := _read(header)) and self._mark(logins, *found) in self._right

    async def check(self, service: str, logins: Mapping[str, str], header: str, origin: str) -> int:
        """The status for a visitor with this header: 200, 401, or 429 after too many wrong ones."""
        found = _read(header)
        if not found:
            return 401
        user, word = found
        mark = self._mark(logins, user, word)
        if mark in self._right:
            return 200
        if self._is_tired(service, origin) or self._waiting >= WAITING:
            return 429
        # Whoever sends the same words at the same time waits for the same answer.
        task = self._asked.get(mark)
        if task is None:
            task = asyncio.get_running_loop().create_task(self._work_out(logins, user, word))
            self._asked[mark] = task
            task.add_done_callback(lambda _: self._asked.pop(mark, None))
        if await asyncio.shield(task):
            _keep(self._right, mark, None)
            return 200
        self._wrong.setdefault((service, origin), []).append(time.monotonic())
        self._wrong.move_to_end((service, origin))
        if len(self._wrong) > REMEMBERED:
            self._wrong.popitem(last=False)
        return 401

    async def _work_out(self, logins: Mapping[str, str], user: str, word: bytes) -> bool:
        self._waiting += 1
        try:
            async with self._line:
                kept = logins.get(user, _NOBODY)
                right = await asyncio.to_thread(password.verify, word, kept)
        finally:
            self._waiting -= 1
        return right and user in logins

    def _is_tired(self, service: str, origin: str) -> bool:
        before = self._wrong.get((service, origin))
        if not before:
            return False
        since = time.monotonic() - WITHIN
        before[:] = [moment for moment in before if moment > since]
        return len(before) >= TRIES

    def _mark(self, logins: Mapping[str, str], user: str, word: bytes) -> bytes:
        """Of a user, a word and what is kept of the right one: a changed password is not known any more."""
        told = b"\0".join((user.encode(errors="replace"), logins.get(user, "").encode(), word))
        return hmac.digest(self._key, told, hashlib.sha256)


def _keep(store: OrderedDict[bytes, None], key: bytes, value: None) -> None:
    store[key] = value
    if len(store) > REMEMBERED:
        store.popitem(last=False)


def _read(header: str) -> tuple[str, bytes] | None:
    """The name and the word in `Basic …`; None where there are none."""
    scheme, _, rest = header.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        user, mark, word = base64.b64decode(rest.strip(), validate=True).partition(b":")
        return (user.decode(), word) if mark else None
    except ValueError:
        return None
