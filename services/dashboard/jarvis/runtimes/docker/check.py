"""The check of health of an image, run when we want to know and not when its interval has passed."""

import time
from typing import Any

from jarvis.runtimes.docker import engine
from jarvis.runtimes.docker.engine import asked

Json = dict[str, Any]

WITHIN = 30.0
LOOK_EVERY = 0.05


def run(key: str, words: tuple[str, ...]) -> str:
    """Run a command in a container; returns what is wrong with it, empty when it ended well.

    Raises:
        Unavailable: Docker does not answer.
        InvalidInput: The container does not run.
    """
    with asked("run a check in a container"):
        api = engine.api()
        made: Json = api.exec_create(key, list(words), stdout=False, stderr=False)
        api.exec_start(made["Id"], detach=True)
        end = time.monotonic() + WITHIN
        while (seen := api.exec_inspect(made["Id"]))["Running"] or seen["ExitCode"] is None:
            if time.monotonic() > end:
                return f"does not end within {WITHIN:g} seconds"
            time.sleep(LOOK_EVERY)
    return f"ends with code {seen['ExitCode']}" if seen["ExitCode"] else ""
