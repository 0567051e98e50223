"""A worker for the tests of upkeep (`python -m upkeep_worker`): it gives itself no work.

It dies before or after a function, once, when the file `die` in JARVIS_HOME says so: `repair.mend after`.
"""

import functools
import os
import signal
from collections.abc import Callable
from types import FunctionType, ModuleType
from typing import Any

import config
from jarvis import worker
from jarvis.deployments import cleanup, deploy_git, dnssync, health, repair, schedule

KINDS = (cleanup, deploy_git, dnssync, health, repair)
ORDER = config.settings().home / "die"


def die(name: str, moment: str) -> None:
    """kill -9, when it is ordered."""
    if ORDER.is_file() and ORDER.read_text() == f"{name} {moment}":
        ORDER.unlink()
        os.kill(os.getpid(), signal.SIGKILL)


def deadly(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """`function`, which may be the last that this process does."""

    @functools.wraps(function)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        die(name, "before")
        result = function(*args, **kwargs)
        die(name, "after")
        return result

    return wrapped


def arm(module: ModuleType) -> None:
    """Make the functions of a kind deadly; the workflow itself is registered already."""
    short = module.__name__.rpartition(".")[2]
    for name, value in list(vars(module).items()):
        if isinstance(value, FunctionType) and value.__module__ == module.__name__:
            setattr(module, name, deadly(f"{short}.{name}", value))


if __name__ == "__main__":
    for kind in KINDS:
        arm(kind)
    schedule.ROUTINES = ()
    worker.main()
