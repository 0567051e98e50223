"""The one place that starts programs: a list of words in, never a line for a shell.

The environment a caller gives is the whole environment of the program: nothing of ours (tokens, database
passwords) leaks into it. Only PATH and LANG have a default.
"""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from jarvis import control
from jarvis.errors import JarvisError

User = tuple[int, int]
"""Numbers of a user and its group; the program gets no other groups."""

_DEFAULTS = {
    "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "LANG": "C.UTF-8",
}
_LAST_LINES = 20

# Runs in the new process before the program. A signal on the parent's death is forgotten when the user
# changes, so it is asked for after that. A `preexec_fn` would run Python between fork and exec, which is not
# safe beside threads; and Python itself ignores SIGPIPE, which the program must not inherit.
_LEASH = """
import ctypes, os, signal, sys
number, parent, user, *words = sys.argv[1:]
if user:
    uid, gid = map(int, user.split(":"))
    os.setgroups([]), os.setgid(gid), os.setuid(uid)
ctypes.CDLL(None).prctl(1, int(number), 0, 0, 0)
if os.getppid() != int(parent):
    os._exit(1)
signal.signal(signal.SIGPIPE, signal.SIG_DFL)
signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
os.execvp(words[0], words)
"""


@dataclass(frozen=True)
class Finished:
    """How a program ended: its exit code (negative: the signal that ended it) and what it said."""

    code: int
    out: str
    err: str


class CommandFailed(JarvisError):
    """A program could not be started, ended with an error, or took too long.

    Attributes:
        output: The last lines the program wrote.
    """

    code = "command_failed"

    def __init__(self, message: str, hint: str = "", *, program: str, output: str = "") -> None:
        super().__init__(message, hint, {"program": program})
        self.output = output


class Child:
    """A program that runs beside us."""

    def __init__(self, process: subprocess.Popen[bytes], *, group: bool) -> None:
        self._process = process
        self._group = group

    @property
    def pid(self) -> int:
        """Its process number, which is also the number of its process group if it has its own."""
        return self._process.pid

    def poll(self) -> int | None:
        """Returns the exit code, or None while it runs."""
        return self._process.poll()

    def wait(self, timeout: float | None = None) -> int | None:
        """Waits for its end; returns the exit code, or None when it still runs after `timeout` seconds.

        Raises:
            JarvisError: The work that it is part of was called off.
        """
        try:
            return self._process.wait(timeout)
        except subprocess.TimeoutExpired:
            return None
        finally:
            control.check()

    def terminate(self, number: signal.Signals = signal.SIGTERM) -> None:
        """Sends a signal to the program alone; does nothing when it has ended."""
        self._process.send_signal(number)

    def call_off(self) -> None:
        """Kills it with its process group, and leaves the reaping to whoever waits for it."""
        if self._process.returncode is None:
            _kill_group(self._process, group=self._group)

    def kill_group(self) -> None:
        """Kills the program with everything it started in its process group, and reaps it."""
        _kill_group(self._process, group=self._group)
        self._process.wait()


def run(
    words: Sequence[str],
    *,
    timeout: float,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    user: User | None = None,
    pass_fds: Sequence[int] = (),
    input: bytes | None = None,  # noqa: A002 - the name that `subprocess` taught everybody
    check: bool = True,
) -> Finished:
    """Runs a program to its end.

    Args:
        words: The program and its arguments.
        timeout: Seconds after which it is killed with everything in its process group.
        env: Its whole environment.
        cwd: Where it runs; as another user, name a folder that this user can enter.
        user: Whom to run it as, when we are root.
        pass_fds: Open files it inherits under the same numbers.
        input: What it reads from its standard input; nothing by default.
        check: Whether an exit code other than 0 raises.

    Returns:
        The exit code and everything it wrote.

    Raises:
        CommandFailed: It could not be started, took too long, or (with `check`) failed.
        JarvisError: The work that it is part of was called off; the program is dead then.
    """
    name = Path(words[0]).name
    process = _popen(
        words,
        env=env,
        cwd=cwd,
        user=user,
        pass_fds=pass_fds,
        new_session=True,
        stdin=subprocess.DEVNULL if input is None else subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    control.on_stop(Child(process, group=True).call_off)
    with process:
        try:
            out, err = process.communicate(input, timeout)
            control.check()
        except subprocess.TimeoutExpired:
            said = _kill(process)
            raise CommandFailed(
                f"{name} did not end within {timeout:g} seconds and was stopped.",
                program=name,
                output=_tail(said),
            ) from None
        except BaseException:  # Ctrl-C as well: what we started does not outlive us
            _kill(process)
            raise
    finished = Finished(process.returncode, out.decode(errors="replace"), err.decode(errors="replace"))
    if check and finished.code != 0:
        last = _tail(err if err.strip() else out)
        sentence = f": {last.splitlines()[-1]}" if last else "."
        raise CommandFailed(f"{name} {_ending(finished.code)}{sentence}", program=name, output=last)
    return finished


def start(
    words: Sequence[str],
    *,
    env: Mapping[str, str],
    cwd: Path | None = None,
    log: Path | None = None,
    user: User | None = None,
    group: bool = True,
    parent_death: signal.Signals | None = None,
    pass_fds: Sequence[int] = (),
) -> Child:
    """Starts a program that keeps running beside us.

    Args:
        words: The program and its arguments.
        env: Its whole environment.
        cwd: Where it runs.
        log: A file (mode 0600) that its output is appended to. None: it writes where we write.
        user: Whom to run it as, when we are root.
        group: Whether it gets its own session and process group, so that Ctrl-C does not reach it and
            `Child.kill_group` ends all of it.
        parent_death: The signal it gets when we die. The kernel counts the death of the **thread** that
            called, so call from one that lives as long as the program should.
        pass_fds: Open files it inherits under the same numbers.

    Raises:
        CommandFailed: It could not be started.
    """
    words = [_found(words[0], env), *words[1:]]
    if parent_death is not None:
        who = "" if user is None else f"{user[0]}:{user[1]}"
        leash = [sys.executable, "-I", "-S", "-c", _LEASH, str(int(parent_death)), str(os.getpid()), who]
        words, user = [*leash, *words], None
    output = None
    if log is not None:
        output = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        process = _popen(
            words,
            env=env,
            cwd=cwd,
            user=user,
            pass_fds=pass_fds,
            new_session=group,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
    finally:
        if output is not None:
            os.close(output)
    child = Child(process, group=group)
    control.on_stop(child.call_off)
    return child


def _kill_group(process: subprocess.Popen[bytes], *, group: bool = True) -> None:
    """Kills it; with everything in its group, if it has its own."""
    with suppress(ProcessLookupError):
        if group:
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()


def _popen(
    words: Sequence[str],
    *,
    env: Mapping[str, str] | None,
    cwd: Path | None,
    user: User | None,
    pass_fds: Sequence[int],
    new_session: bool,
    stdin: int,
    stdout: int | None,
    stderr: int | None,
) -> subprocess.Popen[bytes]:
    program = _found(words[0], env)
    uid, gid = user or (None, None)
    try:
        return subprocess.Popen(
            [program, *words[1:]],
            env={**_DEFAULTS, **(env or {})},
            cwd=cwd,
            user=uid,
            group=gid,
            extra_groups=None if user is None else [],
            pass_fds=pass_fds,
            start_new_session=new_session,
            stdin=stdin,
            stdout=stdout,
            stderr=stderr,
        )
    except (OSError, subprocess.SubprocessError) as error:
        name = Path(program).name
        raise CommandFailed(f"{name} could not be started: {error}.", program=name) from error


def _found(program: str, env: Mapping[str, str] | None) -> str:
    """Where the program lies, looked up in the PATH it will itself see."""
    where = shutil.which(program, path={**_DEFAULTS, **(env or {})}["PATH"])
    if where is None:
        name = Path(program).name
        raise CommandFailed(
            f"The program {program} was not found or may not be run.",
            f"Install {name}, or check that it is on the PATH.",
            program=name,
        )
    return where


def _kill(process: subprocess.Popen[bytes]) -> bytes:
    _kill_group(process)
    try:
        out, err = process.communicate(timeout=5)
    except subprocess.TimeoutExpired:  # a grandchild in a session of its own still holds the pipes
        return b""
    return err if err.strip() else out


def _tail(said: bytes) -> str:
    return "\n".join(said.decode(errors="replace").strip().splitlines()[-_LAST_LINES:])


def _ending(code: int) -> str:
    if code > 0:
        return f"ended with code {code}"
    try:
        return f"was ended by {signal.Signals(-code).name}"
    except ValueError:
        return f"was ended by signal {-code}"
