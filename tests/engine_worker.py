"""A worker for the tests of the engine: `python -m engine_worker`. Its steps write what they do into a file.

A step that waits goes on when the file `go` in JARVIS_HOME is there.
"""

import os
import signal
import threading
import time

import config
from jarvis import log
from jarvis.engine import dispatch
from jarvis.engine.run import Engine
from jarvis.engine.step import Json, bounded, workflow
from jarvis.errors import InvalidInput, JarvisError, StorageFull, Unavailable, problem

HOME = config.settings().home


def note(workflow_id: str, word: str) -> int:
    """Write a line; returns how many like it there are."""
    line = f"{workflow_id} {word}\n"
    with (HOME / "notes").open("a") as notes:
        notes.write(line)
    return (HOME / "notes").read_text().count(line)


def wait(workflow_id: str) -> None:
    note(workflow_id, "began")
    while not (HOME / "go").exists():
        time.sleep(0.01)
    note(workflow_id, "ended")


def refuse(workflow_id: str) -> None:
    note(workflow_id, "refused")
    raise InvalidInput("It cannot be used.", "Hand in another.", {"entry": "a/b", "sizes": [1, 2]})


def run_out(workflow_id: str) -> None:
    if note(workflow_id, "tried") < 3:
        raise StorageFull("The disk is full.")


def stay_away(workflow_id: str) -> None:
    note(workflow_id, "tried")
    raise Unavailable("It does not answer.", "Wait.", {"port": 5})


def divide(workflow_id: str) -> float:
    return note(workflow_id, "divided") / 0


def told(name: str, *words: object) -> Json:
    """The outcome of a step, as a workflow sees it."""
    try:
        bounded(name, *words)  # pyright: ignore[reportArgumentType] - a function and its arguments
    except JarvisError as error:
        return {"kind": type(error).__name__, **problem(error)}
    return {"kind": ""}


@workflow("quick")
def quick(workflow_id: str) -> Json:
    bounded("note", note, workflow_id, "quick")
    return {"status": "completed"}


@workflow("slow")
def slow(workflow_id: str) -> Json:
    bounded("wait", wait, workflow_id)
    return {"status": "completed"}


@workflow("passing")
def passing(workflow_id: str) -> Json:
    return told("run out", run_out, workflow_id)


@workflow("away")
def away(workflow_id: str) -> Json:
    return told("stay away", stay_away, workflow_id)


@workflow("permanent")
def permanent(workflow_id: str) -> Json:
    return told("refuse", refuse, workflow_id)


@workflow("broken")
def broken(workflow_id: str) -> Json:
    return told("divide", divide, workflow_id)


def main() -> None:
    """Work until SIGTERM."""
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    # Nothing but a NOTIFY, an end or a death can wake it.
    dispatch.LOOK_EVERY = float(os.environ["LAB_LOOK_EVERY"])
    log.configure("INFO", "worker")
    engine = Engine()
    engine.start()
    (HOME / f"ready-{os.getpid()}").touch()
    stop.wait()
    engine.stop(patience=1)


if __name__ == "__main__":
    main()
