"""Programs with shims: kept, whatever happens to Jarvis, to the shim or to the program itself."""

import os
import signal
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from jarvis import limits
from jarvis.errors import Unavailable
from jarvis.limits import Limits
from jarvis.runtimes import claim, process, shim
from programs import program
from shim_lab import ECHO, Stage, gone, until

TREE = """
import os, subprocess, sys, time
keep = "open(os.environ['OUT'], 'a').write(str(os.getpid()) + chr(10)); time.sleep(1000)"
daemon = "os.fork() and os._exit(0); os.setsid(); os.fork() and os._exit(0); "
for words in (keep, daemon + keep):
    subprocess.Popen([sys.executable, "-c", "import os, time; " + words])
"""


def daemons(stage: Stage, count: int = 2) -> list[int]:
    file = stage.root / "out"
    until(lambda: file.exists() and len(file.read_text().split("\n")) > count, "its processes run")
    return [int(word) for word in file.read_text().split()]


def test_it_works(stage: Stage) -> None:
    folder = program(stage.root / "web", "hello")
    status = stage.serve((folder / "server.py").read_text())
    assert stage.get() == (200, b"hello")
    assert status.running
    assert status.pid == int(stage.get("/pid")[1])
    assert (status.starts, status.last_exit, status.draining) == (1, "", False)
    assert status.pids == (status.pid,)
    assert status.memory > 1_000_000
    assert status.cpu_seconds > 0
    assert process.running(stage.instances) == ["one"]
    assert "it begins" in stage.log()
    process.kill(stage.instances, "one")
    assert process.status(stage.instances, "one") is None
    assert not stage.folder().exists()
    assert process.running(stage.instances) == []


def test_a_second_start_takes_over_what_runs(stage: Stage) -> None:
    before = stage.serve(ECHO)
    keeper = stage.shim()
    stage.start(ECHO)
    assert (stage.status().pid, stage.shim()) == (before.pid, keeper)


def test_many_starts_at_once_make_one_shim(stage: Stage) -> None:
    spec = stage.spec(ECHO)
    stage.keys.append("one")
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: process.start(stage.instances, spec), range(8)))
    status = stage.seen(lambda seen: seen.listening, "it listens")
    assert status.starts == 1
    assert stage.log() == ["it listens"]
    assert claim.lock(stage.folder()) is None


def test_it_outlives_the_process_that_started_it(stage: Stage) -> None:
    spec = stage.spec(ECHO)
    stage.keys.append("one")
    code = (
        "import sys, time; from pathlib import Path; from jarvis.runtimes import process\n"
        f"process.start(Path({str(stage.instances)!r}), process.Spec(key='one', words={spec.words!r},"
        f" cwd=Path({str(spec.cwd)!r}), path={spec.path!r}))\n"
        "print('started', flush=True); time.sleep(1000)"
    )
    source = Path(shim.__file__).parents[3]
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, env={"PYTHONPATH": str(source)}
    ) as starter:
        assert starter.stdout is not None
        assert starter.stdout.readline() == b"started\n"
        os.kill(starter.pid, signal.SIGKILL)
    status = stage.seen(lambda seen: seen.listening, "it listens")
    with stage.wire() as wire:
        wire.sendall(b"hello")
        assert wire.recv(5) == b"hello"
    assert not gone(stage.shim())
    assert status.starts == 1


def test_the_program_dies_with_a_killed_shim_and_is_started_anew(stage: Stage) -> None:
    first = stage.serve(ECHO)
    assert first.pid is not None
    killed = stage.shim()
    os.kill(killed, signal.SIGKILL)
    until(lambda: gone(first.pid or 0), "the program dies with its shim")
    assert process.status(stage.instances, "one") is None
    assert process.running(stage.instances) == []
    again = stage.serve(ECHO)
    assert again.pid != first.pid
    assert stage.shim() != killed
    assert stage.log() == ["it listens", "it listens"], "the log goes on"


def test_what_a_program_left_when_its_shim_was_killed_ends_before_the_next_start(stage: Stage) -> None:
    code = TREE + ECHO
    env = {"OUT": str(stage.root / "out")}
    stage.serve(code, env=env)
    before = daemons(stage)
    killed = stage.shim()
    os.kill(killed, signal.SIGKILL)
    until(lambda: gone(killed), "the shim is dead")
    stage.serve(code, env=env)
    assert all(gone(pid) for pid in before)


def test_all_its_processes_end_with_it_daemons_too(stage: Stage) -> None:
    stage.serve(TREE + ECHO, env={"OUT": str(stage.root / "out")})
    pids = daemons(stage)
    assert set(pids) < set(stage.status().pids)
    process.kill(stage.instances, "one")
    assert all(gone(pid) for pid in pids)


def test_a_program_that_crashes_is_started_again_and_what_it_left_is_ended(stage: Stage) -> None:
    stage.start(
        TREE + "time.sleep(0.3); print('it gives up'); sys.exit(3)", env={"OUT": str(stage.root / "out")}
    )
    status = stage.seen(lambda seen: seen.starts >= 3, "it is started again")
    assert status.last_exit == "ended with code 3"
    assert not status.listening
    process.kill(stage.instances, "one")
    assert all(gone(pid) for pid in daemons(stage))


def test_a_signal_is_named(stage: Stage) -> None:
    stage.start("import os; os.kill(os.getpid(), 11)")
    assert stage.seen(lambda seen: seen.starts > 1, "again").last_exit == "was killed by SIGSEGV"


def test_a_program_that_cannot_be_started_says_why(stage: Stage) -> None:
    spec = replace(stage.spec(""), words=("no-such-program",))
    stage.keys.append("one")
    process.start(stage.instances, spec)
    assert stage.seen(lambda seen: seen.starts > 1, "again").last_exit == "ended with code 127"
    assert "It cannot be started: [Errno 2] No such file or directory" in stage.log()[0]


def test_a_shim_that_cannot_read_its_order_is_not_waited_for(stage: Stage) -> None:
    stage.keys.append("one")
    spec = replace(stage.spec(ECHO), targets=(("127.0.0.1",),), words=())  # pyright: ignore[reportArgumentType] - on purpose
    with pytest.raises(Unavailable) as caught:
        process.start(stage.instances, spec)
    assert "ValueError" in caught.value.facts["said"]


def test_a_deaf_program_is_killed_after_its_grace(stage: Stage) -> None:
    code = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + ECHO
    status = stage.serve(code)
    assert status.pid is not None
    process.kill(stage.instances, "one")
    assert gone(status.pid)


def test_a_program_may_end_in_its_own_way(stage: Stage) -> None:
    code = "import signal, sys\ndef end(*_):\n    open('ended', 'w').close(); sys.exit()\n"
    code += "signal.signal(15, end)\n"
    stage.serve(code + ECHO)
    process.kill(stage.instances, "one")
    assert (stage.root / "ended").exists()


def test_a_shim_that_hangs_is_ended_by_force(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    status = stage.serve(ECHO)
    assert status.pid is not None
    hung = stage.shim()
    os.kill(hung, signal.SIGSTOP)
    monkeypatch.setattr(process, "PATIENCE", 1.0)
    monkeypatch.setattr(process, "ANSWER_WITHIN", 0.1)
    process.kill(stage.instances, "one")
    assert gone(hung)
    assert gone(status.pid)


def test_only_their_owner_reads_its_files(stage: Stage) -> None:
    stage.serve("open('made', 'w').close()\n" + ECHO)
    for name in ("sock", "ctl.sock", "spec.json", "log", "lock"):
        assert stat.S_IMODE((stage.folder() / name).stat().st_mode) == 0o600, name
    assert stat.S_IMODE(stage.folder().stat().st_mode) == 0o700
    assert stat.S_IMODE((stage.root / "made").stat().st_mode) == 0o600


def test_the_program_gets_what_it_is_given_and_nothing_of_ours(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JARVIS_SECRET", "ours")
    code = "import os, sys, resource\nfor name in sorted(os.environ): print(name)\n"
    code += "print(sys.stdin.read() == '')\n"
    code += "print(sorted(os.listdir('/proc/self/fd'))[:3], len(os.listdir('/proc/self/fd')))\n"
    code += "print(open('/proc/self/status').read().split('NoNewPrivs:')[1].split()[0])\n"
    code += "print(resource.getrlimit(resource.RLIMIT_CORE), resource.getrlimit(resource.RLIMIT_NOFILE))\n"
    code += "print(os.getsid(0) == os.getpid())\n"
    import resource

    stage.serve(code + ECHO, env={"A": "1"}, ports={"ADDRESS": "{host}:{port}"})
    *said, last = stage.log()
    names = [
        name for name in said[: said.index("True")] if name not in {"LC_CTYPE", "__CF_USER_TEXT_ENCODING"}
    ]
    assert names == ["A", "ADDRESS", "JARVIS_INSTANCE", "PATH", "PORT"]
    files = resource.getrlimit(resource.RLIMIT_NOFILE)
    assert said[said.index("True") :] == ["True", "['0', '1', '2'] 4", "1", f"(0, 0) {files}", "True"]
    assert last == "it listens"


@pytest.mark.root_only
def test_it_runs_as_somebody_else_and_still_dies_with_its_shim(stage: Stage) -> None:
    stage.root.chmod(0o711)
    spec = stage.spec(
        "import os; print(os.getuid(), os.getgid(), os.getgroups())\n" + ECHO, user=(65534, 65534)
    )
    Path(spec.words[-1]).chmod(0o644)
    stage.keys.append("one")
    process.start(stage.instances, spec)
    status = stage.seen(lambda seen: seen.listening, "it listens")
    assert stage.log()[0] == "65534 65534 []"
    os.kill(stage.shim(), signal.SIGKILL)
    until(lambda: gone(status.pid or 0), "it dies with its shim")


@pytest.mark.root_only
@pytest.mark.skipif("memory" not in limits.available(), reason="no control group for memory can be made here")
def test_too_much_memory_is_told(stage: Stage) -> None:
    stage.start("x = b'x' * 200_000_000\nimport time; time.sleep(1000)", limits=Limits(memory=50_000_000))
    assert stage.seen(lambda seen: seen.starts > 1, "again").last_exit == "was killed: out of memory"
    groups = [Path(place) for place in limits.make(stage.folder().name, Limits(memory=50_000_000))]
    process.kill(stage.instances, "one")
    assert not any(group.exists() for group in groups)


@pytest.mark.root_only
@pytest.mark.skipif(
    "pids" not in limits.available(), reason="no control group for processes can be made here"
)
def test_too_many_processes_are_refused(stage: Stage) -> None:
    code = "import os, time\ntry:\n    while True:\n        os.fork() or time.sleep(1000)\n"
    code += "except BlockingIOError: print('no more')\n" + ECHO
    status = stage.serve(code, limits=Limits(pids=10))
    assert len(status.pids) <= 10
    assert "no more" in stage.log()


def test_a_stop_after_a_kill_finds_nothing_and_says_nothing(stage: Stage) -> None:
    stage.serve(ECHO)
    os.kill(stage.shim(), signal.SIGKILL)
    until(lambda: process.status(stage.instances, "one") is None, "nobody keeps it")
    until(lambda: _stopped(stage), "what the killed shim left is gone")
    process.kill(stage.instances, "one")
    assert not stage.folder().exists(), "asking about it does not make it"


def _stopped(stage: Stage) -> bool:
    with suppress(FileNotFoundError):
        process.stop(stage.instances, "one", drain=5)
    return not stage.folder().exists()


def test_the_log_has_times_and_is_rolled(stage: Stage) -> None:
    code = "import sys\nfor n in range(26): sys.stdout.write('x' * 999_999 + '\\n')\nprint('all said')\n"
    stage.serve(code + ECHO)
    until(lambda: "all said" in stage.log(), "it has said all")
    sizes = {file.name: file.stat().st_size for file in stage.folder().glob("log*")}
    assert set(sizes) == {"log", "log.1", "log.2"}
    assert max(sizes.values()) < 12 * 1024 * 1024
    first = (stage.folder() / "log.2").read_text().split("\n", 1)[0]
    assert first[10] == "T"
    assert first.index("Z x") == 23
