"""Run one program of a build: with limits, told line by line, and ended with everything that it started."""

import os
import shlex
import shutil
import signal
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from jarvis import control, shell
from jarvis.builds.command import SHELL
from jarvis.builds.output import Output, failed, short, starved
from jarvis.builds.sweep import sweep
from jarvis.errors import JarvisError, Overdue, StorageFull, TooLarge
from jarvis.limits import kills

_PAUSE = 0.2

# Runs before the program, in its process. The other programs of the machine go first: those that answer
# visitors above all. When memory runs out, the kernel is to take the build and not the database.
_EASE = """
import contextlib, ctypes, os, resource, signal, sys
nice, memory, size, groups, *words = sys.argv[1:]
for group in filter(None, groups.split(":")):
    with contextlib.suppress(OSError), open(f"{group}/cgroup.procs", "w") as file:
        file.write("0")
os.umask(0o022)
os.nice(int(nice))
call = {"x86_64": 251, "aarch64": 30}.get(os.uname().machine)
if call:
    ctypes.CDLL(None).syscall(call, 1, 0, (2 << 13) | 7)
with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w") as file:
    file.write("800")
for kind, limit in (("CORE", 0), ("DATA", int(memory)), ("FSIZE", int(size))):
    if limit or kind == "CORE":
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(getattr(resource, "RLIMIT_" + kind), (limit, limit))
signal.signal(signal.SIGPIPE, signal.SIG_DFL)
signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
try:
    os.execvp(words[0], words)
except OSError as error:
    print(f"{words[0]}: {error.strerror}", file=sys.stderr, flush=True)
    os._exit(126 if isinstance(error, PermissionError) else 127)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one program of a build may take.

    Attributes:
        seconds: Until it has ended.
        output: Bytes that it may say.
        file: Bytes of one file that it writes; 0 for any.
        memory: Bytes that all builds of this machine may take together; 0 for most of what it has.
        cpus: Processors that they may use; 0 for all.
        nice: How far it steps back behind other programs.
        reserve: Bytes of the disk that must stay free.
    """

    seconds: float = 900
    output: int = 64 * 1024**2
    file: int = 8 * 1024**3
    memory: int = 0
    cpus: float = 0
    nice: int = 10
    reserve: int = 512 * 1024**2


def title(words: Sequence[str]) -> str:
    """The program as a person would type it."""
    if len(words) == 3 and tuple(words[:2]) == (SHELL, "-c"):
        return words[2]
    return shlex.join(words)


def run(
    words: Sequence[str],
    *,
    cwd: Path,
    env: Mapping[str, str],
    scratch: Path,
    say: Callable[[str], None],
    hide: Callable[[str], str],
    limits: Limits,
    within: Sequence[str] = (),
    disks: Sequence[Path] = (),
    groups: Sequence[str] = (),
) -> None:
    """Run a program to its end. Nothing that it started outlives this call.

    Args:
        words: The program and its arguments.
        cwd: Where it runs.
        env: Its whole environment; TMPDIR must be `scratch`, by which its processes are known.
        scratch: A folder for this build alone.
        say: Gets every line as it is said, with secrets.
        hide: Takes secrets out of the lines that go into an error.
        limits: What it may take.
        within: Words before its own, which keep it away from what is not its own.
        disks: Folders beside `cwd` whose disks it may not fill.
        groups: Control groups that it enters. Without any, each of its processes may take `limits.memory`.

    Raises:
        DeployFailed: It ended with an error; `facts` has its last lines.
        Overdue: It did not end in time.
        TooLarge: It said too much.
        StorageFull: It filled the disk.
        JarvisError: The work was called off.
    """
    began = time.monotonic()
    name = short(hide(title(words)))
    pipe = scratch / ".output"
    pipe.unlink(missing_ok=True)
    os.mkfifo(pipe, 0o600)
    source = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        said = Output(source, say)
        memory = 0 if groups else limits.memory
        killed = kills(groups)
        ease = (str(limits.nice), str(memory), str(limits.file), ":".join(groups))
        child = shell.start(
            [sys.executable, "-I", "-S", "-c", _EASE, *ease, *within, *words],
            env=env,
            cwd=cwd,
            log=pipe,
            parent_death=signal.SIGKILL,
        )
        try:
            code = _watch(child, said, _Watched(name, (cwd, *disks), began), limits)
        except JarvisError as error:
            error.facts.setdefault("output", said.last(hide))
            raise
        finally:
            child.kill_group()
            sweep(scratch)
        said.close()
    finally:
        os.close(source)
        pipe.unlink(missing_ok=True)
    if code != 0:
        if kills(groups) > killed:
            raise starved(name, said.last(hide))
        raise failed(name, code, said.last(hide))


class _Watched(NamedTuple):
    name: str
    folders: tuple[Path, ...]
    began: float


def least_free(folders: Sequence[Path]) -> int:
    """Bytes that are free on the fullest of their disks."""
    return min(shutil.disk_usage(folder).free for folder in folders)


def _watch(child: shell.Child, said: Output, watched: _Watched, limits: Limits) -> int:
    """Until it ends; returns its exit code."""
    name, folders, began = watched
    looked = began
    while (code := child.poll()) is None:
        said.listen(_PAUSE)
        control.check()
        now = time.monotonic()
        if now - began > limits.seconds:
            raise Overdue(
                f"{name} did not end within {limits.seconds:g} seconds and was stopped.",
                "See its last lines: it may wait for something that does not come.",
            )
        if said.bytes > limits.output:
            raise TooLarge(
                f"{name} said more than {limits.output:,} bytes and was stopped.",
                "Let it say less, or look whether it goes round in a circle.",
            )
        if now - looked > 1:
            looked = now
            if least_free(folders) < limits.reserve:
                raise StorageFull(
                    f"{name} was stopped: less than {limits.reserve // 1024**2:,} MiB of the disk are free.",
                    "Free some space, then deploy again.",
                )
    return code
