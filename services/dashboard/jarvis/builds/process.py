"""The app folder of a program that runs without Docker: its tree, with everything that it depends on.

A virtual environment holds absolute paths, so the tree is built where it will stay. That an app is whole is
said by `app.json`, which is written last, by one rename; without it the folder counts as nothing.
"""

import fcntl
import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager, suppress
from ctypes import CDLL
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from jarvis.builds import bounds, carry, copy, surroundings, venv
from jarvis.builds.room import pause
from jarvis.builds.run import Limits, run, title
from jarvis.builds.sweep import sweep
from jarvis.errors import InvalidInput, NotFound

COMPLETE = "app.json"
SCHEMA = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """An app that is complete.

    Attributes:
        deployment: Whose it is.
        words: What starts it; none for pages that only had to be made.
        path: Absolute folders, the first one first: those of the app, then those of the machine.
        cwd: Where it is started.
        home: A folder that was HOME of the build. Some packages keep programs there.
        environment: For the start: Jarvis's own values, not the project's.
        port: The number that the plan knows, if any.
        port_environment: Name → value that tell it the port, with `{host}` and `{port}` to fill in.
        health: `check` and `path` of the plan; None for what nobody reaches.
        files: How many there are.
        seconds: Step and how long it took, in order.
    """

    deployment: str
    words: tuple[str, ...]
    path: tuple[str, ...]
    cwd: Path
    home: Path
    environment: dict[str, str]
    port: int | None
    port_environment: dict[str, str] = field(default_factory=dict[str, str])
    health: dict[str, Any] | None
    files: int
    seconds: tuple[tuple[str, float], ...]


def read(app: Path, deployment: str) -> Built | None:
    """The app of this deployment, if it is complete."""
    try:
        facts: dict[str, Any] = json.loads((app / COMPLETE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    if facts["schema"] != SCHEMA or facts["deployment"] != deployment:
        return None
    recipe, port = facts["recipe"], facts["port"]
    cwd = app / "tree" / facts["root"]
    return Built(
        deployment=deployment,
        words=tuple(recipe["start"]),
        path=(*_folders(cwd, recipe), *facts["path"]),
        cwd=cwd,
        home=app / "home",
        environment=dict(recipe["run_environment"]),
        port=port["number"] if port and port["known"] else None,
        port_environment=dict(port["environment"]) if port else {},
        health=facts["health"],
        files=facts["files"],
        seconds=tuple((name, seconds) for name, seconds in facts["seconds"]),
    )


def make(
    staging_tree: Path,
    plan: Mapping[str, Any],
    app: Path,
    *,
    deployment: str,
    workflow_id: str,
    environment: Mapping[str, str],
    say: Callable[[str], None],
    cache: Path,
    outside: Mapping[str, str],
    limits: Limits | None = None,
    hide: Callable[[str], str] = str,
    within: Sequence[str] = (),
) -> Built:
    """Build the app folder, whole or not at all. Safe to run again after any death.

    Args:
        staging_tree: The unpacked artifact; it is left as it is.
        plan: As `BuildPlan.to_dict()` gives it.
        app: The folder to make.
        deployment: Whose it is.
        workflow_id: In whose story it is told.
        environment: The project's own values that the build may read.
        say: Gets every line; it must take out secrets itself.
        cache: What package managers fetched, kept for all builds.
        outside: Our own environment, of which package managers get what they need.
        limits: For each step.
        hide: Takes secrets out of the lines that go into an error.
        within: Words before those of each step, which keep it away from what is not its own.

    Raises:
        InvalidInput: It cannot be built without Docker, or a program is not on this machine.
        DeployFailed: A step ended with an error; `facts["output"]` has its last lines.
        Overdue: A step took too long.
        TooLarge: A step said too much.
        StorageFull: A step filled the disk.
        JarvisError: The work was called off.
    """
    found = read(app, deployment)
    if found is not None:
        return found
    recipe = plan["recipe"]
    if not recipe:
        raise InvalidInput("This cannot be built without Docker.", str(plan["hint"]))
    path = surroundings.system_path(outside)
    _check_programs(recipe["programs"], path)
    app.mkdir(parents=True, exist_ok=True)
    with _alone(app) as folder:
        if (found := read(app, deployment)) is not None:  # somebody else was quicker
            return found
        sweep(scratch_of(app))
        _clear(app)
        copy.tree(staging_tree, app / "tree")
        (app / "home").mkdir(mode=0o700)
        cwd = app / "tree" / plan["root"]
        env = {
            **surroundings.QUIET,
            **surroundings.passed(outside),
            **surroundings.caches(cache),
            **recipe["environment"],
            **environment,
            "PATH": ":".join((*_folders(cwd, recipe), *path)),
            "HOME": str(app / "home"),
            "TMPDIR": str(scratch_of(app)),
        }
        order = _Order(cwd, env, cache, say, hide, limits or Limits(), within)
        seconds = _steps(recipe, order, app)
        facts = {
            "schema": SCHEMA,
            "deployment": deployment,
            "workflow": workflow_id,
            "root": plan["root"],
            "recipe": recipe,
            "path": path,
            "port": plan["port"],
            "health": plan["health"],
            "files": sum(len(files) for _, _, files in os.walk(app / "tree")),
            "seconds": seconds,
        }
        _complete(folder, facts)
    built = read(app, deployment)
    if built is None:
        raise NotFound("The app was removed while it was built.", "Deploy it again.")
    return built


class _Order(NamedTuple):
    """What the steps of a build have in common."""

    cwd: Path
    env: Mapping[str, str]
    cache: Path
    say: Callable[[str], None]
    hide: Callable[[str], str]
    limits: Limits
    within: Sequence[str]


def _steps(recipe: Mapping[str, Any], order: _Order, app: Path) -> list[tuple[str, float]]:
    """Run them one after the other, but for what a release before has done; returns how long each took."""
    scratch = Path(order.env["TMPDIR"])
    scratch.mkdir(mode=0o700)

    def once(words: Sequence[str]) -> None:
        run(
            words,
            cwd=order.cwd,
            env=order.env,
            scratch=scratch,
            say=order.say,
            hide=order.hide,
            limits=order.limits,
            within=order.within,
            groups=bounds.group(order.cache, order.limits),
        )

    seconds: list[tuple[str, float]] = []
    try:
        part = carry.part(order.cwd, recipe["steps"], order.env, recipe["programs"])
        done = _carried(part, order, app, seconds) if part else 0
        for number, step in enumerate(recipe["steps"][done:], done + 1):
            began = time.monotonic()
            order.say(f"$ {title(step['words'])}")
            if tuple(step["words"]) == venv.WORDS:
                venv.make(order.cwd, order.cache, once, copy.file)
            else:
                once(step["words"])
            seconds.append((step["name"], round(time.monotonic() - began, 2)))
            if part and number == part.steps:
                carry.keep(part, app, order.cwd)
    finally:
        bounds.leave(order.cache)
        shutil.rmtree(scratch, ignore_errors=True)
    return seconds


def _carried(part: carry.Part, order: _Order, app: Path, seconds: list[tuple[str, float]]) -> int:
    """Carry over what a release before fetched; returns how many steps that spares."""
    began = time.monotonic()
    with copy.writing():
        source = carry.take(part, app, order.cwd)
    if not source:
        return 0
    order.say(f"What it depends on has not changed: taken over from release {source[:8]}.")
    seconds.append(("carry over", round(time.monotonic() - began, 2)))
    return part.steps


def remove(app: Path, throw: Callable[[Path], None]) -> None:
    """Throw an app folder away, and end a build of it that may still run.

    Args:
        app: The folder; it may be missing.
        throw: Moves a folder aside.
    """
    throw(app)
    sweep(scratch_of(app))
    shutil.rmtree(scratch_of(app), ignore_errors=True)


@contextmanager
def _alone(app: Path) -> Generator[int]:
    """Wait until nobody else builds in `app`; gives the folder as an open file, whatever its path becomes."""
    folder = os.open(app, os.O_RDONLY | os.O_DIRECTORY)
    try:
        while True:
            try:
                fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                pause(0.2)
        yield folder
    finally:
        os.close(folder)


def _check_programs(programs: Sequence[str], path: Sequence[str]) -> None:
    missing = [name for name in programs if shutil.which(name, path=":".join(path)) is None]
    if missing:
        names = " and ".join([", ".join(missing[:-1]), missing[-1]] if missing[1:] else missing)
        verb = "is" if len(missing) == 1 else "are"
        raise InvalidInput(
            f"This needs {names}, which {verb} not on this machine.",
            surroundings.hint(missing),
            {"missing": missing},
        )


def _folders(cwd: Path, recipe: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(str(cwd / folder) for folder in recipe["path"])


def scratch_of(app: Path) -> Path:
    """TMPDIR of the build in the folder `app`. Its path is short, because programs make sockets in it."""
    key = hashlib.sha256(os.fsencode(app.absolute())).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"jarvis-build-{key}"


def _clear(app: Path) -> None:
    """Delete what an earlier life left half-made. The folder itself stays: its lock is held."""
    shutil.rmtree(scratch_of(app), ignore_errors=True)
    for entry in app.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()


def _complete(folder: int, facts: Mapping[str, Any]) -> None:
    """Write `app.json`, when all the rest is on the disk. A folder that was removed by then stays removed."""
    CDLL(None).syncfs(folder)
    partial = f".{COMPLETE}"
    with suppress(FileNotFoundError):
        os.unlink(partial, dir_fd=folder)
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600, dir_fd=folder)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(facts, file)
        file.flush()
        os.fsync(descriptor)
    os.rename(partial, COMPLETE, src_dir_fd=folder, dst_dir_fd=folder)
    os.fsync(folder)
