"""Apps built without Docker, by the programs of this machine."""

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

import build_lab
from build_lab import Yard
from embedded_lab import process_lives
from jarvis import control, limits
from jarvis.builds import process
from jarvis.builds.run import Limits
from jarvis.errors import Cancelled, DeployFailed, InvalidInput, JarvisError, Overdue, StorageFull, TooLarge
from waiting import until

LATER = "0198c0de-0000-7000-8000-000000000003"
ENDLESS = "echo $$ > pid; (setsid sh -c 'echo $$ > grandchild; exec sleep 600' &); echo begun; sleep 600"


@pytest.fixture
def yard(tmp_path: Path) -> Yard:
    return Yard(tmp_path)


def pids(app: Path) -> list[int]:
    """The numbers of what `ENDLESS` runs, when both do."""
    files = [app / "tree" / name for name in ("pid", "grandchild")]
    until(lambda: all(file.exists() and file.read_text().strip() for file in files))
    return [int(file.read_text()) for file in files]


def failure(yard: Yard, *lines: str, limits: Limits | None = None) -> JarvisError:
    with pytest.raises(JarvisError) as caught:
        yard.make(build_lab.scripted(*lines), limits=limits)
    assert process.read(yard.app, build_lab.DEPLOYMENT) is None
    return caught.value


def test_it_works(yard: Yard):
    build_lab.lay(yard.staging, {"start": "#!/bin/sh\necho started\n"})
    built = yard.make(build_lab.scripted("echo one; echo two >&2", "echo made > made"))
    assert yard.said == ["$ echo one; echo two >&2", "one", "two", "$ echo made > made"]
    assert (built.words, built.cwd, built.files) == (("./start",), yard.app / "tree", 2)
    assert [name for name, _ in built.seconds] == ["build", "build"]
    assert subprocess.run(built.words, cwd=built.cwd, check=True, capture_output=True).stdout == b"started\n"
    assert process.read(yard.app, build_lab.DEPLOYMENT) == built
    assert process.read(yard.app, "another") is None
    assert [file.name for file in yard.staging.iterdir()] == ["start"]


def test_a_flask_app_gets_an_environment_of_its_own(yard: Yard):
    build_lab.lay(yard.staging, build_lab.FLASK)
    built = yard.make(build_lab.plan_of(yard.staging))
    code = "import app, flask; print(flask.__file__, app.app.test_client().get('/').text)"
    found = shutil.which("python", path=":".join(built.path)) or ""
    assert found == str(yard.app / "tree" / ".venv" / "bin" / "python")
    said = subprocess.run(
        [found, "-c", code], cwd=built.cwd, check=True, capture_output=True, text=True
    ).stdout
    assert said.startswith(str(yard.app))
    assert said.endswith("hello from flask\n")
    assert built.port_environment["PORT"] == "{port}"
    assert built.health == {"check": "tcp", "path": ""}
    assert any(line.startswith("Successfully installed") for line in yard.said)
    second = Yard(yard.folder, LATER)  # the list is the same: nothing is fetched again
    (second.staging / "app.py").write_text(build_lab.FLASK["app.py"].replace("hello", "again"))
    built = second.make(build_lab.plan_of(second.staging))
    assert not any(line.startswith("$") for line in second.said)
    shutil.rmtree(yard.app)
    found = shutil.which("flask", path=":".join(built.path)) or ""
    said = subprocess.run([found, "routes"], cwd=built.cwd, check=True, capture_output=True, text=True).stdout
    assert "home" in said, "its scripts find their Python without the release that they came from"


def test_a_second_environment_gets_pip_from_the_first(yard: Yard, tmp_path: Path):
    second = Yard(tmp_path / "second")
    second.cache = yard.cache
    outcome: list[tuple[set[str], str]] = []
    for each in (yard, second):
        build_lab.lay(each.staging, {"Procfile": "web: python -m http.server $PORT\n", "a.py": ""})
        built = each.make(build_lab.plan_of(each.staging))
        folder = built.cwd / ".venv"
        said = subprocess.run(
            [folder / "bin" / "pip", "list", "--format=freeze"], check=True, capture_output=True, text=True
        )
        files = {str(file.relative_to(folder)) for file in folder.rglob("*")}
        outcome.append((files, said.stdout))
    assert outcome[0] == outcome[1]
    assert "pip==" in outcome[1][1]


@pytest.mark.skipif(shutil.which("npm") is None, reason="npm is not on this machine")
def test_a_node_app_gets_its_modules(yard: Yard):
    build_lab.lay(yard.staging, build_lab.NODE)
    built = yard.make(build_lab.plan_of(yard.staging))
    said = subprocess.run(
        ["node", "-p", 'require("ms")(60000)'], cwd=built.cwd, check=True, capture_output=True, text=True
    )
    assert said.stdout == "1m\n"
    assert built.words == ("npm", "run", "start")
    second = Yard(yard.folder, LATER)
    built = second.make(build_lab.plan_of(second.staging))
    assert not any(line.startswith("$") for line in second.said)
    assert (built.cwd / "node_modules" / "ms" / "package.json").is_file()


def test_a_procfile_app_of_the_standard_library_is_built(yard: Yard):
    build_lab.lay(yard.staging, build_lab.PROCFILE)
    built = yard.make(build_lab.plan_of(yard.staging))
    assert built.words == ("python", "serve.py")
    assert shutil.which("python", path=":".join(built.path)) == str(built.cwd / ".venv" / "bin" / "python")


def test_what_needs_no_steps_is_copied_with_its_rights(yard: Yard):
    build_lab.lay(yard.staging, {"start.sh": "#!/bin/sh\nexec sleep 5\n", "Procfile": "web: ./start.sh\n"})
    (yard.staging / "link").symlink_to("start.sh")
    built = yard.make(build_lab.plan_of(yard.staging))
    assert (built.words, built.seconds) == (("./start.sh",), ())
    assert os.access(built.cwd / "start.sh", os.X_OK)
    assert (built.cwd / "link").readlink() == Path("start.sh")


def test_a_complete_app_is_not_built_again(yard: Yard):
    plan = build_lab.scripted("echo x >> count")
    assert yard.make(plan) == yard.make(plan)
    assert (yard.app / "tree" / "count").read_text() == "x\n"


def test_a_build_that_fails_says_what_it_said_last_without_secrets(yard: Yard):
    plan = build_lab.scripted("for i in $(seq 30); do echo line $i; done; echo no hunter2 here >&2; exit 3")
    with pytest.raises(DeployFailed, match=r"exit 3 ended with code 3: no ••• here$") as caught:
        yard.make(plan, hide=lambda text: text.replace("hunter2", "•••"))
    output = caught.value.facts["output"]
    assert (len(output), output[0], output[-1]) == (20, "line 12", "no ••• here")


def test_a_program_that_no_step_finds_is_named(yard: Yard):
    error = failure(yard, "jarvis-nothing --now")
    assert "ended with code 127" in error.message
    assert "jarvis-nothing" in error.message
    assert "neither on this machine" in error.hint


def test_a_signal_is_named(yard: Yard):
    error = failure(yard, "kill -9 $$")
    assert "was ended by SIGKILL" in error.message
    assert "memory" in error.hint


@pytest.mark.skipif("memory" not in limits.available(), reason="No control groups can be made here.")
def test_a_build_that_takes_too_much_memory_is_ended(yard: Yard):
    plan = build_lab.scripted("head -c 400M /dev/zero | tail -c 400M > /dev/null")
    with pytest.raises(DeployFailed, match="more memory than all builds of this machine may take") as caught:
        yard.make(plan, limits=Limits(memory=100 * 1024**2))
    assert "JARVIS_BUILD_MEMORY" in caught.value.hint


def test_a_hundred_thousand_lines_are_all_told(yard: Yard):
    yard.make(build_lab.scripted("seq 100000"))
    assert yard.said[1:] == [str(number) for number in range(1, 100_001)]


def test_a_last_line_without_an_end_is_told(yard: Yard):
    yard.make(build_lab.scripted("printf 'a\\nb'"))
    assert yard.said[1:] == ["a", "b"]


def test_a_build_that_goes_round_in_a_circle_is_stopped(yard: Yard):
    error = failure(yard, "yes", limits=Limits(output=300_000))
    assert isinstance(error, TooLarge)
    assert "yes said more than 300,000 bytes" in error.message


def test_a_build_that_takes_too_long_is_stopped_with_its_last_lines(yard: Yard):
    error = failure(yard, ENDLESS, limits=Limits(seconds=4))
    assert isinstance(error, Overdue)
    assert error.facts["output"] == ["begun"]
    assert not any(map(process_lives, pids(yard.app)))


def test_a_build_stops_when_the_disk_is_nearly_full(yard: Yard):
    error = failure(yard, "sleep 600", limits=Limits(reserve=2**62))
    assert isinstance(error, StorageFull)
    assert "of the disk are free" in error.message


def test_a_daemon_of_a_build_ends_with_its_step(yard: Yard):
    yard.make(
        build_lab.scripted(
            "(setsid sh -c 'echo $$ > grandchild; yes' &); until [ -s grandchild ]; do :; done"
        )
    )
    assert not process_lives(int((yard.app / "tree" / "grandchild").read_text()))


def test_a_build_that_is_called_off_dies_with_its_grandchildren(yard: Yard):
    work = control.Control("w", "build", 60)
    caught: list[BaseException] = []

    def build() -> None:
        with control.within(work):
            try:
                yard.make(build_lab.scripted(ENDLESS))
            except JarvisError as error:
                caught.append(error)

    thread = threading.Thread(target=build)
    thread.start()
    running = pids(yard.app)
    began = time.monotonic()
    work.stop(Cancelled("Kim called it off."))
    thread.join(20)
    assert str(caught[0]) == "Kim called it off."
    assert time.monotonic() - began < 5
    assert not any(map(process_lives, running))


def test_a_worker_that_is_killed_leaves_nothing_half(yard: Yard):
    build_lab.lay(yard.staging, {"start": "#!/bin/sh\n"})
    script = (
        "from pathlib import Path\nimport build_lab\n"
        f"yard = build_lab.Yard(Path({str(yard.folder)!r}))\n"
        f"yard.make(build_lab.scripted('echo half > half; echo >> start', {ENDLESS!r}))\n"
    )
    worker = subprocess.Popen(
        [sys.executable, "-c", script], env={**os.environ, "PYTHONPATH": ":".join(sys.path)}
    )
    first, grandchild = pids(yard.app)
    worker.send_signal(signal.SIGKILL)
    worker.wait(30)
    until(lambda: not process_lives(first))
    assert process.read(yard.app, build_lab.DEPLOYMENT) is None

    built = yard.make(build_lab.scripted("ls > listed; cat start >> listed"))
    assert (built.cwd / "listed").read_text() == "listed\nstart\n#!/bin/sh\n"
    assert not process_lives(grandchild)
    assert sorted(entry.name for entry in yard.app.iterdir()) == ["app.json", "home", "tree"]


def test_a_build_sees_its_own_environment_only(yard: Yard):
    outside = {
        **os.environ,
        "JARVIS_SECRET_KEY": "ours",
        "DATABASE_PASSWORD": "ours",
        "PIP_INDEX_URL": "https://packages.test/simple",
        "HTTPS_PROXY": "http://proxy.test:3128",
        "npm_config_registry": "https://packages.test/npm",
    }
    yard.make(build_lab.scripted("env", path=["bin"]), environment={"COLOUR": "red"}, outside=outside)
    seen = dict(line.split("=", 1) for line in yard.said[1:])
    assert seen["COLOUR"] == "red"
    assert "ours" not in seen.values()
    assert seen["PIP_INDEX_URL"] == "https://packages.test/simple"
    assert seen["HTTPS_PROXY"] == "http://proxy.test:3128"
    assert seen["npm_config_registry"] == "https://packages.test/npm"
    assert seen["HOME"] == str(yard.app / "home")
    assert seen["PATH"].startswith(f"{yard.app / 'tree' / 'bin'}:")
    assert seen["PIP_CACHE_DIR"] == str(yard.cache / "pip")
    assert not Path(seen["TMPDIR"]).exists()


def test_a_build_steps_back_behind_the_others(yard: Yard):
    yard.make(build_lab.scripted("nice; cat /proc/self/oom_score_adj; umask"))
    assert yard.said[1:] == ["10", "800", "0022"]


def test_a_missing_program_is_named_before_anything_runs(yard: Yard):
    with pytest.raises(
        InvalidInput, match="This needs jarvis-nothing, which is not on this machine"
    ) as caught:
        yard.make(build_lab.scripted("echo x", programs=["sh", "jarvis-nothing"]))
    assert caught.value.facts == {"missing": ["jarvis-nothing"]}
    assert (yard.said, yard.app.exists()) == ([], False)


def test_what_has_no_recipe_is_refused(yard: Yard):
    with pytest.raises(InvalidInput, match="without Docker"):
        yard.make({**build_lab.scripted(), "recipe": None})


def test_an_app_that_is_removed_while_it_is_built_stays_removed(yard: Yard, tmp_path: Path):
    gone = tmp_path / "gone"
    caught: list[BaseException] = []

    def build() -> None:
        try:
            yard.make(build_lab.scripted(ENDLESS))
        except JarvisError as error:
            caught.append(error)

    thread = threading.Thread(target=build)
    thread.start()
    running = pids(yard.app)
    process.remove(yard.app, lambda folder: os.rename(folder, gone))  # noqa: PTH104 - what `throw` does, in short
    thread.join(20)
    assert caught
    assert not yard.app.exists()
    assert not any(map(process_lives, running))
