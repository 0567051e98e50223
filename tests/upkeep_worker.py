"""A worker for the tests of upkeep (`python -m upkeep_worker`): it gives itself no work.

It dies before or after a function, once, when the file `die` in JARVIS_HOME says so: `repair.mend after`.
Its resolver knows the names in the file `names`, one a line, all of them as this machine.
"""

import functools
import os
import signal
from collections.abc import Callable
from types import FunctionType, ModuleType
from typing import Any

import config
from jarvis import worker
from jarvis.deployments import deploy_git
from jarvis.deployments.addresses import dnssync, reach
from jarvis.deployments.upkeep import cleanup, health, repair, schedule

KINDS = (cleanup, deploy_git, dnssync, health, repair)
ORDER = config.settings().home / "die"
NAMES = config.settings().home / "names"


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
    """Make the functions of a kind deadly, and those of ours that it calls; it is registered already."""
    short = module.__name__.rpartition(".")[2]
    for name, value in list(vars(module).items()):
        if isinstance(value, FunctionType) and value.__module__.startswith("jarvis."):
            setattr(module, name, deadly(f"{short}.{name}", value))


def addresses(host: str, _: float) -> list[str]:
    """What the resolver says."""
    return ["127.0.0.1"] if NAMES.is_file() and host in NAMES.read_text().split() else []


if __name__ == "__main__":
    for kind in KINDS:
        arm(kind)
    reach.addresses = addresses
    schedule.ROUTINES = ()
    worker.main()
