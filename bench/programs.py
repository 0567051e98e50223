"""Redeploys of a program under load, and what Jarvis itself costs in one; without Docker, and in a container.

The program is one file for Node, so that its own build and start are short. "Control" is the server's time of
a redeploy less its steps `build` and `start`, in which the program is made and comes up. Beside the container
stands the same by hand: `docker build`, `docker run`, ask until it answers, flip a link, remove the old one.
"""

import json
import subprocess
import time
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path

from deploy import server_side
from lab import Jarvis, folder, jarvis, need
from report import Report, options
from switch import DOMAIN, under_load

SERVER = """\
const http = require('http')
const text = %s
const server = http.createServer((request, response) => response.end(text)).listen(process.env.PORT || 3000)
process.on('SIGTERM', () => { server.close(() => process.exit()); server.closeIdleConnections() })
"""
DOCKERFILE = 'FROM node:22-slim\nCOPY server.js /\nENV PORT=3000\nEXPOSE 3000\nCMD ["node", "/server.js"]\n'
OUTSIDE = ("build", "start")
"""Steps that are the program's own time."""
PAUSE = 2.0
"""Seconds between two that are timed: one asked for at once waits until the one before is tidied up."""


def write(place: Path, number: int, *, container: bool) -> None:
    """The program as its version `number`."""
    place.mkdir(exist_ok=True)
    (place / "server.js").write_text(SERVER % json.dumps(f"version {number}"))
    if container:
        (place / "Dockerfile").write_text(DOCKERFILE)
    else:
        manifest = {"name": "bench", "version": f"1.0.{number}", "scripts": {"start": "node server.js"}}
        (place / "package.json").write_text(json.dumps(manifest))


def control(running: Jarvis, source: Path, rounds: int, *, container: bool) -> list[float]:
    """Seconds of each redeploy that are neither the build's nor the program's."""
    found: list[float] = []
    for number in range(rounds):
        time.sleep(PAUSE)
        write(source, 1000 + number, container=container)
        outcome, _ = running.deploy(source, DOMAIN)
        told = server_side(running, outcome["artifact_id"], outcome["workflow_id"])
        found.append(told["server"] - sum(told.get(f"step {name}", 0.0) for name in OUTSIDE))
    return found


def rollbacks(running: Jarvis, rounds: int) -> list[float]:
    """Seconds of `jarvis rollback`, from its start to its exit."""
    found: list[float] = []
    for _ in range(rounds):
        time.sleep(PAUSE)
        found.append(running.run("rollback", "switch")[1])
    return found


def docker(*words: str) -> str:
    """What `docker WORDS` says."""
    done = subprocess.run(["docker", *words], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def answers(address: str) -> bool:
    """Does it answer?"""
    done = subprocess.run(["curl", "-sf", "-o", "/dev/null", address], check=False)
    return done.returncode == 0


def by_hand(source: Path, place: Path, rounds: int) -> list[float]:
    """Seconds of a container's redeploy by hand, less the build."""
    found: list[float] = []
    old = ""
    for number in range(rounds):
        write(source, 2000 + number, container=True)
        image = docker("build", "-q", str(source))
        began = time.perf_counter()
        new = docker("run", "-d", "--label", "jarvis-bench=1", image)
        address = docker("inspect", "-f", "{{.NetworkSettings.IPAddress}}", new)
        while not answers(f"http://{address}:3000/"):
            time.sleep(0.02)
        link = place / "next"
        link.symlink_to(address)
        link.replace(place / "current")
        if old:
            docker("rm", "-f", old)
        old = new
        found.append(time.perf_counter() - began)
    if old:
        docker("rm", "-f", old)
    return found


def has_docker() -> bool:
    """Is there an engine that we may use?"""
    try:
        return subprocess.run(["docker", "version"], capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False


def redeploys(running: Jarvis, source: Path, count: int, *, container: bool) -> Callable[[], None]:
    """Deploy `count` times, each time something new."""

    def work() -> None:
        for number in range(count):
            write(source, number, container=container)
            running.deploy(source, DOMAIN)

    return work


def measure(report: Report, kind: str, wish: Namespace) -> int:
    """All figures of one runtime; returns how many requests were asked while redeploying."""
    container, rounds, count = kind == "container", wish.rounds, wish.redeploys
    wrk, requests = need("wrk"), 0
    with jarvis() as running, folder() as place:
        source = place / "app"
        write(source, 0, container=container)
        running.run("up", "--detach")
        running.deploy(source, DOMAIN)
        for name, closing in (("kept connections", False), ("Connection: close", True)):
            during = under_load(
                running, wrk, redeploys(running, source, count, container=container), closing=closing
            )
            requests += during.requests
            report.add(f"{kind}, {name}: requests while redeploying", during.requests, "")
            report.add("  answered other than 2xx", during.refused, "", target="0")
            report.add("  socket errors", during.broken, "", target="0")
            report.add("  one redeploy under load", during.seconds / count, "s")
        spent = control(running, source, rounds, container=container)
        if container:
            hand = by_hand(source, place, rounds)
            report.add(f"{kind}: control", spent, "s", target="≤ 1.5 s, ≤ 2 ×", beside=("by hand", hand))
        else:
            report.add(f"{kind}: control", spent, "s", target="≤ 1.0 s")
        limit = "≤ 3 s" if container else "≤ 2 s"
        report.add(f"{kind}: whole jarvis rollback", rollbacks(running, rounds), "s", target=limit)
    return requests


def main() -> None:
    """Measure a process, and a container where there is Docker."""
    wish = options(__doc__ or "", redeploys=(10, "redeploys a pass"), rounds=(5, "redeploys without load"))
    report = Report("programs", wish.json)
    need("curl")
    for kind in ("process", "container"):
        if kind == "container" and not has_docker():
            print("No Docker can be reached: containers are left out.")
            continue
        requests = measure(report, kind, wish)
        report.add(f"{kind}: requests while redeploying, in all", requests, "", target="≥ 50,000")
    report.finish()


if __name__ == "__main__":
    main()
