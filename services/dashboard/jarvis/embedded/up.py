"""`jarvis up`: everything on one machine, in one folder, watched by one process."""

import fcntl
import json
import os
import stat
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import config
from jarvis import __version__
from jarvis.embedded import migrate, parts, ports, strays
from jarvis.embedded.detach import in_background
from jarvis.embedded.postgres import Postgres
from jarvis.embedded.supervisor import Supervisor
from jarvis.errors import Conflict, InvalidInput, Unavailable
from jarvis.home import Home
from jarvis.private import write_private
from jarvis.runtimes import process
from jarvis.runtimes.docker import halt

Json = dict[str, Any]
Say = Callable[[str], None]
OURS = {
    "run",
    "secrets",
    "logs",
    "artifacts",
    "staging",
    "trash",
    "releases",
    "apps",
    "cache",
    "www",
    "caddy",
    "postgres",
    "pg",
}


def make_home(home: Home) -> None:
    """Make JARVIS_HOME, private to its user.

    Raises:
        InvalidInput: It is a file, another user's, or a folder that is used for something else.
    """
    root = home.root
    try:
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        strangers = {entry.name for entry in root.iterdir()} - OURS
        if strangers and not (root / "secrets").is_dir():
            raise InvalidInput(
                f"JARVIS_HOME is {root}, which holds other things ({min(strangers)} …).",
                "Choose an empty or new folder with --home.",
            )
        if root.stat().st_uid != os.geteuid():
            raise InvalidInput(f"{root} belongs to another user.", "Choose another folder with --home.")
        root.chmod(0o700)
        for folder in (home.run, home.secrets, home.logs, home.artifacts, home.releases, home.www):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise InvalidInput(
            f"JARVIS_HOME cannot be made at {root}: {error.strerror}.", "Choose another folder with --home."
        ) from error
    status = home.run.lstat()
    if status.st_uid != os.geteuid() or not stat.S_ISDIR(status.st_mode) or status.st_mode & 0o077:
        raise InvalidInput(
            f"{home.run} is not private to this user.", "Remove it, or choose a shorter --home."
        )


def take_lock(home: Home) -> int | None:
    """The lock of a running `jarvis up`, or None when another one holds it."""
    descriptor = os.open(home.lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


def running(home: Home) -> Json | None:
    """What a running `jarvis up` says of itself; None when there is none."""
    if not home.lock.is_file():
        return None
    descriptor = take_lock(home)
    if descriptor is not None:
        os.close(descriptor)
        return None
    with suppress(OSError, json.JSONDecodeError):
        return dict(json.loads(home.state.read_text(encoding="utf-8")))
    return {}


def lock_or_state(home: Home) -> int | Json:
    """The lock, or what the Jarvis that holds it says once it is ready.

    One that is starting is waited for; one that is stopping is waited for too, and then the lock is ours.

    Raises:
        Unavailable: Another one holds the lock for long without getting ready.
    """
    end = time.monotonic() + 90
    while time.monotonic() < end:
        lock = take_lock(home)
        if lock is not None:
            return lock
        if state := running(home):
            return state
        time.sleep(0.05)
    raise Unavailable("Another jarvis up is starting and does not get ready.", f"See {home.logs / 'up.log'}.")


def already(state: Json, say: Say) -> Json:
    """Say that Jarvis runs already."""
    say(f"Jarvis runs already: {state['web_url']} (pid {state['pid']}).")
    return {**state, "status": "already running"}


def up(settings: config.Settings, *, detach: bool, say: Say) -> Json:
    """Start Jarvis and, unless `detach`, watch it until SIGTERM or SIGINT.

    Returns:
        What runs: `status`, `pid`, `web_url`, `http_port`, `version`.

    Raises:
        PortTaken: A port is held by another program.
        Unavailable: A part did not get ready; nothing stays running.
        InvalidInput: A setting cannot be used.
    """
    home = Home(settings.home)
    make_home(home)
    lock = lock_or_state(home)
    if not isinstance(lock, int):
        return already(lock, say)
    if detach:
        os.close(lock)
        return in_background(settings, home, say)
    return run(settings, home, lock, say, lambda _: None)


def run(settings: config.Settings, home: Home, lock: int, say: Say, ready: Callable[[Json], None]) -> Json:
    """Start, watch and end the parts. `ready` is called once all of them were seen to work."""
    home.state.unlink(missing_ok=True)
    supervisor = Supervisor(say)
    supervisor.listen()
    try:
        _start(settings, home, supervisor, say)
        state = _state(settings)
        write_private(home.state, json.dumps(state))
        ready(state)
        say(f"Jarvis is ready: {state['web_url']} — sites on port {settings.http_port}. Data: {home.root}")
        supervisor.watch()
        say("Stopping.")
    finally:
        home.state.unlink(missing_ok=True)
        supervisor.take_down()
        os.close(lock)
    return {"status": "stopped"}


def _state(settings: config.Settings) -> Json:
    host = "127.0.0.1" if settings.web_host in {"0.0.0.0", "::", ""} else settings.web_host  # noqa: S104
    return {
        "status": "running",
        "pid": os.getpid(),
        "web_url": f"http://{host}:{settings.web_port}",
        "http_port": settings.http_port,
        "version": __version__,
    }


def _start(settings: config.Settings, home: Home, supervisor: Supervisor, say: Say) -> None:
    for part in ("web", "worker"):
        strays.stop(home.root, part)
    adopted = parts.running_proxy(home, settings)
    if adopted is None:
        strays.stop(home.root, "proxy")
        ports.check(settings.http_port, settings.http_bind, "the sites", "--http-port")
        if settings.https_port:
            ports.check(settings.https_port, settings.http_bind, "the sites by HTTPS", "--https-port")
    ports.check(settings.web_port, settings.web_host, "the page and the API", "--web-port")
    proxy = parts.proxy(home, settings)
    if adopted is not None:
        proxy.adopt(adopted)
    if settings.database_url:
        url = settings.database_url
    else:
        say("Starting the database …")
        url = _database(home, supervisor)
    database_file = home.secrets / "database_url"
    write_private(database_file, url)
    first = not home.token.is_file()
    if migrate.is_needed(url):
        say("Bringing the tables up to date …")
        migrate.migrate(parts.values(settings, database_file))
    say("Starting proxy, web and worker …")
    web, worker = parts.web(home, settings, database_file), parts.worker(home, settings, database_file)
    supervisor.bring_up([proxy, web, worker])
    if first and home.token.is_file():
        token = home.token.read_text(encoding="ascii").strip()
        say(f"Access token for the page and the API, shown this once: {token}")


def _database(home: Home, supervisor: Supervisor) -> str:
    server = Postgres(home.root)
    server.prepare()
    supervisor.bring_up([parts.postgres(home, server)])
    server.ensure_database()
    return server.url


def down(settings: config.Settings, *, say: Say, keep_programs: bool = False) -> Json:
    """Stop a running Jarvis, in order, and the programs that it started.

    Args:
        settings: Whose.
        say: Tells a person.
        keep_programs: Let them run on: the next start takes them over as they are.

    Raises:
        Conflict: It does not stop.
    """
    home = Home(settings.home)
    state = running(home) if home.root.is_dir() else None
    if state is None:
        leftover = sum(strays.stop(home.root, part) for part in ("web", "worker", "proxy"))
        leftover += 0 if keep_programs else _end_programs(settings, home)
        say("Jarvis does not run here." if not leftover else "Stopped what an earlier run left behind.")
        return {"status": "stopped"}
    pid = int(state.get("pid") or _holder(home.lock))
    say("Stopping …")
    with suppress(ProcessLookupError):
        os.kill(pid, 15)
    end = time.monotonic() + 90
    while running(home) is not None or _lives(pid):
        if time.monotonic() > end:
            raise Conflict(f"Jarvis (pid {pid}) does not stop.", f"See {home.logs}; then kill -9 {pid}.")
        time.sleep(0.05)
    if not keep_programs:
        _end_programs(settings, home)
    say("Jarvis is stopped; sites answer again after jarvis up.")
    return {"status": "stopped"}


def _end_programs(settings: config.Settings, home: Home) -> int:
    keys = process.running(home.instances)
    for key in keys:
        process.kill(home.instances, key)
    for key in process.running(home.gates):
        process.kill(home.gates, key)
    return len(keys) + halt.stop_all(home, settings.docker_host)


def _lives(pid: int) -> bool:
    """True while the process runs; one that only waits for its parent to take note does not."""
    try:
        words = (
            Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        )
    except OSError:
        return False
    return words[0] not in {"Z", "X"}


def _holder(lock: Path) -> int:
    """The process that holds the lock, while it starts and has no state yet."""
    inode = lock.stat().st_ino
    for line in Path("/proc/locks").read_text(encoding="ascii").splitlines():
        words = line.split()
        if words[1] == "FLOCK" and words[5].rpartition(":")[2] == str(inode):
            return int(words[4])
    raise Conflict("Jarvis is starting or stopping.", "Try again in a moment.")
