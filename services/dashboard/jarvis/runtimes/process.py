"""Programs without Docker: each has a shim, which outlives Jarvis. Here they are started, asked and ended."""

import contextlib
import hashlib
import json
import os
import socket
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from functools import lru_cache
from pathlib import Path
from typing import Any

from jarvis import control, limits, shell
from jarvis.errors import Unavailable
from jarvis.limits import Limits
from jarvis.private import write_private
from jarvis.runtimes import claim, shim
from jarvis.runtimes.output import read

Json = dict[str, Any]

PATIENCE = 20.0
"""Seconds until a shim must answer after its start, and until one that was killed must be gone."""
ANSWER_WITHIN = 5.0
"""Seconds that a question to a shim may take."""
LOOK_EVERY = 0.01


@dataclass(frozen=True)
class Spec:
    """How a program is run.

    Attributes:
        key: The id of its deployment.
        words: The program and its arguments; none for a relay to `targets` alone. `{port}` and `{host}` are
            filled in, here and in the values of `ports`.
        cwd: Where it runs.
        env: Its whole environment.
        ports: Names that tell it where to listen, beside PORT.
        path: Folders of its PATH, the first one first.
        port: Where it must listen; None for any free port.
        limits: What it may take.
        user: Whom it runs as, when we are root.
        targets: Where connections are passed on to, in turn, when there is no program.
    """

    key: str
    words: tuple[str, ...]
    cwd: Path
    env: Mapping[str, str] = field(default_factory=dict[str, str])
    ports: Mapping[str, str] = field(default_factory=dict[str, str])
    path: tuple[str, ...] = ()
    port: int | None = None
    limits: Limits = field(default_factory=Limits)
    user: tuple[int, int] | None = None
    targets: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class Status:
    """What a shim says of its program.

    Attributes:
        running: There is a process of it.
        pid: Which.
        starts: How often it was started.
        since: When it was started last (seconds since 1970).
        last_exit: How it ended the last time, as the end of a sentence.
        connections: Open ones.
        port: Where it listens; 0 while it does not.
        listening: It takes connections.
        draining: It is told to end.
        pids: All its processes.
        memory: Bytes that they use.
        cpu_seconds: Seconds of processors that they have used.
        ports: Where it listens, but for the port that it was given.
    """

    running: bool
    pid: int | None
    starts: int
    since: float | None
    last_exit: str
    connections: int
    port: int
    listening: bool
    draining: bool
    pids: tuple[int, ...]
    memory: int = 0
    cpu_seconds: float = 0.0
    ports: tuple[int, ...] = ()

    @property
    def fixed(self) -> list[int]:
        """Those of its ports that it would want again, beside itself: the kernel gave it the others."""
        low, high = _given_by_the_kernel()
        return [port for port in self.ports if not low <= port <= high]


@lru_cache(1)
def _given_by_the_kernel() -> tuple[int, int]:
    """The ports that programs get which do not care."""
    try:
        low, high = Path("/proc/sys/net/ipv4/ip_local_port_range").read_text(encoding="ascii").split()
        return int(low), int(high)
    except (OSError, ValueError):
        return 32768, 60999


def folder_of(instances: Path, key: str) -> Path:
    """The folder of an instance; its path is short, because sockets lie in it."""
    return instances / hashlib.sha256(key.encode()).hexdigest()[:16]


def socket_of(instances: Path, key: str) -> Path:
    """Where the proxy reaches the program."""
    return folder_of(instances, key) / "sock"


def start(instances: Path, spec: Spec) -> None:
    """Start the program, or take it over as it runs. Returns when its shim answers; it may not listen yet.

    Raises:
        Unavailable: The shim does not answer.
        CommandFailed: The shim cannot be started.
    """
    folder = folder_of(instances, spec.key)
    end = time.monotonic() + PATIENCE
    begun = False
    while (seen := status(instances, spec.key)) is None or seen.draining:
        if seen is not None:
            kill(instances, spec.key)
        elif (lock := claim.lock(folder)) is not None:
            try:
                if begun:
                    raise _silent(folder)
                _begin(folder, spec, lock)
                begun = True
            finally:
                os.close(lock)
        if time.monotonic() > end:
            raise _silent(folder)
        control.check()
        time.sleep(LOOK_EVERY)


def _begin(folder: Path, spec: Spec, lock: int) -> None:
    """Start the shim, which inherits the lock: there is no moment at which nobody holds it."""
    claim.clear(folder)
    words: Json = {
        **asdict(spec),
        "cwd": str(spec.cwd),
        "env": {**spec.env, "PATH": ":".join(spec.path) or os.defpath},
        "groups": limits.make(folder.name, spec.limits),
    }
    write_private(folder / "spec.json", json.dumps(words))
    main = Path(shim.__file__).with_name("__main__.py")
    command = [sys.executable, "-I", "-S", str(main), str(folder), str(lock)]
    shell.run(command, timeout=PATIENCE, env={"LANG": "C.UTF-8"}, pass_fds=(lock,))


def _silent(folder: Path) -> Unavailable:
    said = ""
    with contextlib.suppress(OSError):
        said = (folder / "shim.log").read_text(errors="replace").strip()[-500:]
    return Unavailable(
        "The keeper of the program does not answer.", f"See {folder / 'shim.log'}.", {"said": said}
    )


def status(instances: Path, key: str) -> Status | None:
    """What the program does; None when nobody keeps it."""
    answer = _ask(folder_of(instances, key), {"op": "status"})
    if answer is None or "running" not in answer:
        return None
    answer["pids"], answer["ports"] = tuple(answer["pids"]), tuple(answer.get("ports") or ())
    # A shim of another version may say more or less.
    return Status(**{one.name: answer[one.name] for one in fields(Status) if one.name in answer})


def targets(instances: Path, key: str) -> tuple[tuple[str, int], ...]:
    """Where an instance without a program of its own passes connections on to."""
    try:
        spec = json.loads((folder_of(instances, key) / "spec.json").read_text(encoding="utf-8"))
        return tuple((str(host), int(port)) for host, port in spec.get("targets") or ())
    except (OSError, ValueError):
        return ()


def aim(instances: Path, key: str, there: Sequence[tuple[str, int]]) -> bool:
    """Let an instance without a program of its own pass new connections on to these places.

    With none of them, connections wait for a while. False when nobody keeps it.
    """
    folder = folder_of(instances, key)
    file = folder / "spec.json"
    try:
        spec = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    places = [[host, port] for host, port in there]
    if spec.get("targets") == places:
        return True
    if _ask(folder, {"op": "aim", "targets": places}) is None:
        return False
    write_private(file, json.dumps({**spec, "targets": places}))
    return True


def stop(instances: Path, key: str, *, drain: float) -> None:
    """Let it take no new connections, and end when the open ones have ended or `drain` seconds have passed.

    Returns at once; the shim does it, also when we end meanwhile.
    """
    folder = folder_of(instances, key)
    if folder.is_dir() and _ask(folder, {"op": "stop", "drain": drain}) is None:
        claim.bury(folder)


def kill(instances: Path, key: str) -> None:
    """End it now, open connections or not, and wait until nothing of it is left.

    Raises:
        Unavailable: It does not end.
    """
    folder = folder_of(instances, key)
    end = time.monotonic() + PATIENCE
    stop(instances, key, drain=0)
    while folder.is_dir():
        if time.monotonic() > end + PATIENCE:
            raise Unavailable("A program does not end.", f"See {folder / 'shim.log'}.")
        if time.monotonic() > end:
            claim.by_force(folder)
        claim.bury(folder)
        time.sleep(LOOK_EVERY)


def running(instances: Path) -> list[str]:
    """The keys of all instances that somebody keeps."""
    keys: list[str] = []
    for folder in sorted(instances.iterdir()) if instances.is_dir() else ():
        with contextlib.suppress(OSError, ValueError):
            key = str(json.loads((folder / "spec.json").read_text(encoding="utf-8"))["key"])
            if status(instances, key) is not None:
                keys.append(key)
    return keys


def logs(instances: Path, key: str, *, last: int) -> list[str]:
    """The last lines that the program said."""
    return [text for _, text in read(folder_of(instances, key) / "log", last=last).lines]


def _ask(folder: Path, question: Json) -> Json | None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as wire:
        wire.settimeout(ANSWER_WITHIN)
        try:
            wire.connect(str(folder / "ctl.sock"))
            wire.sendall(json.dumps(question).encode() + b"\n")
            with wire.makefile("rb") as answer:
                return dict(json.loads(answer.readline()))
        except (OSError, ValueError):
            return None
