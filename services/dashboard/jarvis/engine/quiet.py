"""Keep an idle engine idle: its loops ask the database, again and again, for work that we start ourselves."""

# pyright: reportPrivateUsage=false, reportPrivateImportUsage=false
# Private names of DBOS 3.4 (pinned); tests/integration/engine holds them to what is used here.

import threading

from dbos import _dbos, _workflow_commands

SWEEP_EVERY = 5.0
"""Seconds between the engine's sweeps for deadlines that passed (its own default is 1)."""
FLUSH_EVERY = 0.2
"""Seconds that the engine gathers its notifications (its own default is 0.01: a hundred wakings a second)."""


def _no_polling(stop: threading.Event, _engine: object) -> None:
    """Stands for the thread that polls all queues: `dispatch` claims work when it is told of it."""
    stop.wait()


def quieten() -> None:
    """Call once, before the engine is launched."""
    _dbos.queue_thread = _no_polling
    _workflow_commands._BACKGROUND_JOBS_INTERVAL_SEC = SWEEP_EVERY
