"""Serve the application with granian, the quickest here for a synchronous database layer."""

from granian import Granian
from granian.constants import Interfaces
from granian.http import HTTP1Settings

import config


def serve() -> None:
    """Serve until SIGTERM or SIGINT. One worker process: its threads wait for the database, not a core."""
    settings = config.settings()
    Granian(
        "app:create_app",
        factory=True,
        address=settings.web_host,
        port=settings.web_port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=settings.web_threads,
        blocking_threads_idle_timeout=60,
        backpressure=settings.web_threads * 4,
        http1_settings=HTTP1Settings(header_read_timeout=10_000),
        respawn_failed_workers=True,
        workers_kill_timeout=1,
        log_level=settings.log_level.lower(),  # pyright: ignore[reportArgumentType] - a word of the same list
        log_access=False,
        websockets=False,
    ).serve()
