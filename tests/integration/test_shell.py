"""Programs that Jarvis starts: what they get, how they end, what is left of them."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from embedded_lab import process_lives
from jarvis import shell
from waiting import until


def pid_in(file: Path) -> int:
    until(lambda: file.exists() and file.read_text().strip())
    return int(file.read_text())


def test_it_works():
    assert shell.run(["echo", "hello"], timeout=30) == shell.Finished(0, "hello\n", "")


def test_words_are_never_read_by_a_shell():
    words = ["$HOME", "; touch x", "*", "a b"]
    assert shell.run(["printf", "%s|", *words], timeout=30).out == "$HOME|; touch x|*|a b|"


def test_a_program_gets_nothing_of_our_environment(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("JARVIS_SECRET_KEY", "secret")
    lines = shell.run(["env"], timeout=30, env={"COLOUR": "red"}).out.splitlines()
    assert sorted(line.partition("=")[0] for line in lines) == ["COLOUR", "LANG", "PATH"]


def test_a_failure_says_what_the_program_said_last():
    with pytest.raises(shell.CommandFailed, match="sh ended with code 3: no such thing") as failed:
        shell.run(["sh", "-c", "echo first >&2; echo no such thing >&2; exit 3"], timeout=30)
    assert failed.value.output == "first\nno such thing"


def test_a_failure_can_be_an_answer():
    assert shell.run(["false"], timeout=30, check=False).code == 1


def test_a_killed_program_is_named_with_its_signal():
    with pytest.raises(shell.CommandFailed, match="ended by SIGKILL"):
        shell.run(["sh", "-c", "kill -9 $$"], timeout=30)


def test_an_unknown_program_says_so():
    with pytest.raises(shell.CommandFailed, match="jarvis-nothing was not found") as failed:
        shell.run(["jarvis-nothing"], timeout=30)
    assert "Install jarvis-nothing" in failed.value.hint


def test_a_folder_that_is_missing_is_an_error_of_the_same_kind(tmp_path: Path):
    with pytest.raises(shell.CommandFailed, match="could not be started"):
        shell.run(["true"], timeout=30, cwd=tmp_path / "missing")


def test_a_slow_program_is_killed_with_all_it_started(tmp_path: Path):
    script = f"echo $$ > {tmp_path}/self; sleep 600 & echo $! > {tmp_path}/child; echo so far; wait"
    with pytest.raises(shell.CommandFailed, match=r"did not end within 0\.5 seconds") as failed:
        shell.run(["sh", "-c", script], timeout=0.5)
    assert failed.value.output == "so far"
    for name in ("self", "child"):
        pid = pid_in(tmp_path / name)
        until(lambda pid=pid: not process_lives(pid))


def test_input_reaches_the_program():
    assert shell.run(["cat"], timeout=30, input=b"\x41\n").out == "A\n"


def test_an_open_file_is_handed_down(tmp_path: Path):
    (tmp_path / "file").write_text("inside")
    with (tmp_path / "file").open() as file:
        said = shell.run(["cat", f"/proc/self/fd/{file.fileno()}"], timeout=30, pass_fds=[file.fileno()])
    assert said.out == "inside"


def test_a_log_is_private_and_grows(tmp_path: Path):
    log = tmp_path / "log"
    for word in ("one", "two"):
        assert shell.start(["echo", word], env={}, log=log).wait(30) == 0
    assert log.read_text() == "one\ntwo\n"
    assert log.stat().st_mode & 0o777 == 0o600


def test_a_child_can_be_watched_and_ended():
    child = shell.start(["sleep", "600"], env={})
    assert child.poll() is None
    assert child.wait(0.01) is None
    child.terminate()
    assert child.wait(30) == -signal.SIGTERM
    child.terminate()
    child.kill_group()


def test_a_group_ends_together(tmp_path: Path):
    child = shell.start(["sh", "-c", f"sleep 600 & echo $! > {tmp_path}/child; wait"], env={})
    grandchild = pid_in(tmp_path / "child")
    assert os.getsid(child.pid) == child.pid
    child.kill_group()
    until(lambda: not process_lives(grandchild))


def test_without_a_group_it_stays_in_ours():
    child = shell.start(["sleep", "600"], env={}, group=False)
    assert os.getpgid(child.pid) == os.getpgid(0)
    child.kill_group()
    assert child.poll() == -signal.SIGKILL


def test_a_leashed_child_is_the_program_itself_with_the_same_environment(tmp_path: Path):
    log = tmp_path / "log"
    script = "echo $$; grep SigIgn /proc/$$/status; env"
    child = shell.start(["sh", "-c", script], env={"A": "b"}, log=log, parent_death=signal.SIGTERM)
    assert child.wait(20) == 0
    pid, ignored, *lines = log.read_text().splitlines()
    assert int(pid) == child.pid
    assert int(ignored.split()[1], 16) == 0
    names = {line.partition("=")[0] for line in lines} - {"PWD", "OLDPWD", "SHLVL", "_"}
    assert names == {"A", "LANG", "PATH"}


def test_a_leashed_child_hears_of_our_death(tmp_path: Path):
    script = (
        "import signal, time\n"
        "from jarvis import shell\n"
        "child = shell.start(['sleep', '600'], env={}, parent_death=signal.SIGTERM)\n"
        "print(child.pid, flush=True)\n"
        "time.sleep(600)\n"
    )
    words, paths = [sys.executable, "-c", script], {"PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=paths) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        until(lambda: Path(f"/proc/{pid}/comm").read_text() == "sleep\n")
        parent.kill()
    until(lambda: not process_lives(pid))


@pytest.mark.root_only
@pytest.mark.parametrize("leash", [None, signal.SIGTERM])
def test_another_user_has_none_of_our_groups(tmp_path: Path, leash: signal.Signals | None):
    log = tmp_path / "log"
    script = "id -u; id -g; id -G"
    child = shell.start(
        ["sh", "-c", script], env={}, cwd=Path("/"), log=log, user=(65534, 65534), parent_death=leash
    )
    assert child.wait(20) == 0
    assert log.read_text().split() == ["65534"] * 3
