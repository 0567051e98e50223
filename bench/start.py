"""How long things take to start: the command line, and Jarvis itself."""

import statistics
import subprocess
import time
from pathlib import Path

from lab import ROOT, jarvis
from report import Report, options

PYTHON = ROOT / ".venv" / "bin" / "python"


def seconds(*words: str | Path) -> float:
    """How long `words` takes."""
    began = time.perf_counter()
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def main() -> None:
    """Measure."""
    wish = options(
        __doc__ or "", rounds=(20, "starts of the command line"), starts=(5, "warm starts of Jarvis")
    )
    helps: list[float] = []
    nothing: list[float] = []
    first: list[float] = []
    warm: list[float] = []
    with jarvis() as running:
        running.run("--help")
        for _ in range(wish.rounds):
            helps.append(1000 * running.run("--help")[1])
            nothing.append(1000 * seconds(PYTHON, "-I", "-c", "pass"))
        first.append(running.run("up", "--detach")[1])
        for _ in range(wish.starts):
            running.run("down")
            warm.append(running.run("up", "--detach")[1])
    report = Report("start", wish.json)
    report.add("jarvis --help", helps, "ms", target="≤ 150 ms", beside=("python -c pass", nothing))
    report.add("jarvis up, ready, first time", first, "s", target="≤ 15 s")
    report.add(
        "jarvis up, ready, warm", warm, "s", target="≤ 5 s", beside=("first time", statistics.median(first))
    )
    report.finish()


if __name__ == "__main__":
    main()
