"""A worker that only delivers, and does not wait long: `python -m webhook_worker`."""

import os
import signal
import threading

import config
from jarvis import log
from jarvis.engine.run import Engine
from jarvis.webhooks import deliver
from jarvis.workflows import roll, watchdog


def main() -> None:
    """Work until SIGTERM."""
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    pause = float(os.environ["LAB_PAUSE"])
    deliver.PAUSES = (pause,) * len(deliver.PAUSES)
    log.configure("DEBUG", "worker")
    engine = Engine()
    roll.join(engine.executor_id)
    engine.start()
    (config.settings().home / f"ready-{os.getpid()}").touch()
    while not stop.wait(0.1):
        watchdog.look({deliver.deliver.__name__}, deliver.close)
    engine.stop(patience=1)


if __name__ == "__main__":
    main()
