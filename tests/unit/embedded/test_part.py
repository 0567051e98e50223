"""When a part is started again, and what is told when it does not get ready."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from jarvis.embedded.part import LONGEST_PAUSE, Part, environment
from jarvis.embedded.supervisor import Supervisor
from jarvis.errors import Unavailable
from jarvis.shell import Child


def never() -> bool:
    return False


class Fake:
    """Time that stands still, and a part that is not really started."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, log: Path) -> None:
        self.now = 1000.0
        monkeypatch.setattr(time, "monotonic", lambda: self.now)
        self.part = Part("web", begin=self._begin, ready=never, log=log)

    def _begin(self) -> Child:
        raise Unavailable("It cannot be started.")

    def dies(self, after: float) -> float:
        """It lives `after` seconds; returns the pause before it is started again."""
        self.part.began = self.now
        self.now += after
        self.part.bury()
        return self.part.again_at - self.now


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Fake:
    return Fake(monkeypatch, tmp_path / "log")


def test_it_works(fake: Fake) -> None:
    assert fake.dies(after=3600) == 0


def test_who_dies_at_once_again_and_again_is_waited_for_longer_and_longer(fake: Fake) -> None:
    assert [fake.dies(after=0.1) for _ in range(8)] == [0, 0.5, 1, 2, 4, 8, LONGEST_PAUSE, LONGEST_PAUSE]


def test_a_steady_life_forgives(fake: Fake) -> None:
    for _ in range(5):
        fake.dies(after=0.1)
    assert fake.dies(after=60) == 0
    assert fake.dies(after=0.1) == 0


def test_a_part_that_fails_for_days_does_not_end_the_supervisor(fake: Fake) -> None:
    fake.part.failures = 10_000
    assert fake.dies(after=0.1) == LONGEST_PAUSE


def test_a_part_that_cannot_be_started_for_days_does_not_end_the_supervisor(fake: Fake) -> None:
    said: list[str] = []
    supervisor = Supervisor(said.append)
    supervisor._parts.append(fake.part)
    fake.part.failures = 10_000
    supervisor._mend()
    assert said == ["The web process could not be started: It cannot be started."]
    assert fake.part.again_at == fake.now + 30


def started(code: str, log: Path) -> Part:
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
    assert process.stdout
    process.stdout.readline()
    part = Part("web", begin=lambda: None, ready=never, log=log, patience=0.2)  # pyright: ignore[reportArgumentType] - it is adopted
    part.adopt(process.pid)
    PROCESSES.append(process)
    return part


PROCESSES: list[subprocess.Popen[bytes]] = []


@pytest.fixture(autouse=True)
def all_end() -> Iterator[None]:
    yield
    while PROCESSES:
        with PROCESSES.pop() as process:
            process.kill()


def test_a_part_that_ignores_sigterm_is_killed(tmp_path: Path) -> None:
    deaf = "import signal, time; signal.signal(15, signal.SIG_IGN); print(flush=True); time.sleep(60)"
    part = started(deaf, tmp_path / "log")
    process = PROCESSES[-1]
    part.end()
    assert process.wait(30) == -signal.SIGKILL
    assert part.descriptor == -1
    part.end()


def test_a_part_that_ends_while_it_starts_is_told_with_the_last_lines_of_its_log(tmp_path: Path) -> None:
    (tmp_path / "log").write_text("\n".join(f"line {number}" for number in range(20)))
    with pytest.raises(Unavailable, match="ended while it started") as caught:
        started("print(flush=True)", tmp_path / "log").await_ready(30)
    assert "line 19" in caught.value.hint
    assert "line 11" not in caught.value.hint


def test_a_part_that_never_gets_ready_is_told_without_a_log_too(tmp_path: Path) -> None:
    part = started("import time; print(flush=True); time.sleep(60)", tmp_path / "none")
    with pytest.raises(Unavailable, match=r"not ready after 0\.01 seconds"):
        part.await_ready(0.01)


def test_a_part_gets_exactly_our_variables() -> None:
    made = environment({"PATH": "/bin", "JARVIS_TOKEN": "secret"}, "web", {"JARVIS_WEB_PORT": "1"})
    assert made["PATH"] == "/bin"
    assert "JARVIS_TOKEN" not in made
    assert (made["JARVIS_WEB_PORT"], made["JARVIS_PART"]) == ("1", "web")
