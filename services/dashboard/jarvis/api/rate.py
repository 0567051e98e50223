"""How many requests one caller may send: a bucket of tokens for each, in this process.

It protects the others from a script that has gone wild. It is no ledger: a restart fills all buckets.
"""

import hashlib
import math
import threading
import time
from collections.abc import Callable

from flask import Flask, Response, g, request, session

import config
from jarvis.errors import JarvisError

WRONG = 60
"""Requests a minute with a wrong access token from one address."""
MOST = 10_000
"""Buckets that are kept at once."""
FREE = frozenset({"probes.healthz", "probes.readyz", "static"})
"""Endpoints that are never limited."""


class TooMany(JarvisError):
    """The caller sends more than it may."""

    code = "too_many_requests"
    status = 429
    transient = True


class Buckets:
    """A bucket for each caller. It holds `size` tokens and is filled again within a minute.

    Args:
        size: Requests a minute, and at once.
        clock: Seconds that only grow.
    """

    def __init__(self, size: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.size = size
        self._clock = clock
        self._lock = threading.Lock()
        self._kept: dict[str, tuple[float, float]] = {}

    def left(self, who: str) -> float:
        """How many tokens there are."""
        with self._lock:
            return self._now(who, self._clock())

    def take(self, who: str) -> float:
        """Take a token if there is one; how many there were."""
        with self._lock:
            now = self._clock()
            had = self._now(who, now)
            self._kept[who] = (had - 1 if had >= 1 else had, now)
            if len(self._kept) > MOST:
                self._tidy(now)
            return had

    def wait(self, tokens: float) -> int:
        """Whole seconds until so many tokens have come."""
        return max(1, math.ceil(tokens * 60 / self.size))

    def _now(self, who: str, now: float) -> float:
        had, at = self._kept.get(who, (float(self.size), now))
        return min(float(self.size), had + (now - at) * self.size / 60)

    def _tidy(self, now: float) -> None:
        """Forget the full ones: a new one is full too. When that is not enough, the older half goes."""
        self._kept = {who: kept for who, kept in self._kept.items() if self._now(who, now) < self.size}
        if len(self._kept) > MOST:
            oldest = sorted(self._kept, key=lambda who: self._kept[who][1])
            for who in oldest[: len(oldest) // 2]:
                del self._kept[who]


class Limits:
    """The limits of one application.

    Args:
        usual: Requests a minute of one caller; 0 for no limits at all.
    """

    def __init__(self, usual: int) -> None:
        self._usual = Buckets(usual or 1)
        self._wrong = Buckets(min(usual, WRONG) or 1)
        self._on = usual > 0
        self._known: dict[str, None] = {}

    def spend(self) -> None:
        """Count this request before it costs anything.

        Raises:
            TooMany: There were too many.
        """
        if not self._on or request.endpoint in FREE:
            return
        who = caller()
        if _offers() and who not in self._known and self._wrong.left(_address()) < 1:
            raise _refusal(self._wrong, "too many wrong access tokens came from your address")
        had = self._usual.take(who)
        g.rate_left = max(0, int(had) - 1)
        if had < 1:
            raise _refusal(self._usual, f"you sent more than {self._usual.size} requests in a minute", had)

    def tell(self, response: Response) -> Response:
        """Say what is left, and remember whose token was wrong."""
        if not self._on or request.endpoint in FREE:
            return response
        who = caller()
        if _offers():
            if response.status_code == 401:
                self._wrong.take(_address())
                self._known.pop(who, None)
            elif response.status_code < 400 and request.endpoint is not None and _is_known():
                self._know(who)
        left = g.get("rate_left")
        if left is not None:
            response.headers["RateLimit-Limit"] = str(self._usual.size)
            response.headers["RateLimit-Remaining"] = str(left)
            response.headers["RateLimit-Reset"] = str(self._usual.wait(self._usual.size - left))
        return response

    def _know(self, who: str) -> None:
        if len(self._known) >= MOST:
            self._known.clear()
        self._known[who] = None


def _refusal(buckets: Buckets, reason: str, had: float = 0.0) -> TooMany:
    wait = buckets.wait(1 - had)
    return TooMany(
        f"Slow down: {reason}.",
        f"Try again in {wait} second{'s' if wait > 1 else ''}; RateLimit-Remaining tells how many are left.",
        {"retry_after": wait},
    )


def _is_known() -> bool:
    """Whether the guard knew the caller; addresses that are open to anyone prove nothing."""
    found = g.get("caller")
    return found is not None and bool(found.name)


def _offers() -> bool:
    """Whether this request offers an access token that may be wrong."""
    return "Authorization" in request.headers or (request.method == "POST" and request.path == "/login")


def _address() -> str:
    return f"address:{request.remote_addr}"


def caller() -> str:
    """Who calls, before anything is looked up: a checksum of the token, a page's session, or an address."""
    if header := request.headers.get("Authorization", ""):
        token = header.partition(" ")[2].strip()
        return f"token:{hashlib.sha256(token.encode(errors='surrogateescape')).hexdigest()}"
    kept = session.get("token")
    return f"session:{kept}" if isinstance(kept, str) else _address()


def install(app: Flask) -> None:
    """Limit the requests to `app`, before the guard asks the database who it is. Once is enough."""
    if "jarvis.rate" in app.extensions:
        return
    settings = config.settings()
    limits = app.extensions["jarvis.rate"] = Limits(settings.rate_limit)
    app.before_request_funcs.setdefault(None, []).insert(0, limits.spend)
    app.after_request(limits.tell)
