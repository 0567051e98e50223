"""Kills the worker on order: a file in JARVIS_HOME names a function and a moment, and is gone once met.

Python imports this by itself in every process that has this folder on PYTHONPATH; the tests put it there.
"""

import functools
import importlib.abc
import importlib.machinery
import os
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

NAMES = ("steps", "record", "inside", "soak", "programs.processes", "docker.containers", "docker.copies")
MODULES = {f"jarvis.deployments.{name}" for name in NAMES}


def ordered(name: str, moment: str) -> bool:
    """True once, when the order fits."""
    order = Path(os.environ["JARVIS_HOME"]) / "logs" / "chaos"
    try:
        fits = order.read_text() == f"{name} {moment}"
    except FileNotFoundError:
        return False
    if fits:
        order.unlink()
    return fits


def die() -> None:
    """As kill -9 does it."""
    os.kill(os.getpid(), signal.SIGKILL)


def deadly(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """`function`, which dies before or after its work when it is ordered to."""

    @functools.wraps(function)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        if ordered(name, "before"):
            die()
        result = function(*args, **kwargs)
        if ordered(name, "after"):
            die()
        return result

    return wrapped


class Finder(importlib.abc.MetaPathFinder):
    """Wraps the functions of the step modules as they are imported."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Let the usual finder find, and add to what it finds."""
        if fullname not in MODULES:
            return None
        spec = importlib.machinery.PathFinder.find_spec(fullname, path, target)
        if spec is None or spec.loader is None:
            return None
        load = spec.loader.exec_module

        def exec_module(module: ModuleType) -> None:
            load(module)
            short = fullname.rpartition(".")[2]
            for name, value in list(vars(module).items()):
                if isinstance(value, FunctionType) and not name.startswith("_"):
                    setattr(module, name, deadly(f"{short}.{name}", value))

        spec.loader.exec_module = exec_module  # type: ignore[method-assign] # the loader is this spec's own
        return spec


if os.environ.get("JARVIS_PART") == "worker":
    sys.meta_path.insert(0, Finder())
