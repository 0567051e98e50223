"""How long one redeploy of 200 files takes, beside the same files copied by hand.

"Whole" is `jarvis deploy` from start to exit, as a person waits for it. "Server" is from the artifact's row
(all bytes are there) to the event that ends the deploy, by the database's clock. By hand means: copy each
file, fsync it, and put a symlink in the place of the one before.
"""

import os
import shutil
import subprocess
import time
from collections import defaultdict
from datetime import datetime
from pathlib import Path

from lab import Jarvis, change, folder, jarvis, need, site
from report import Report, options

DOMAIN = "bench.localhost"


def by_hand(source: Path, release: Path, link: Path) -> float:
    """Copy with an fsync of each file and folder, then flip `link`: seconds."""
    began = time.perf_counter()
    for at, _, names in os.walk(source):
        target = release / Path(at).relative_to(source)
        target.mkdir(parents=True)
        for name in names:
            with (target / name).open("xb") as file:
                file.write((Path(at) / name).read_bytes())
                file.flush()
                os.fsync(file.fileno())
        sync(target)
    fresh = link.with_name("next")
    fresh.symlink_to(release)
    fresh.replace(link)
    sync(link.parent)
    return time.perf_counter() - began


def sync(place: Path) -> None:
    """fsync a folder."""
    descriptor = os.open(place, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)


def by_cp(source: Path, release: Path, sync_program: str) -> float:
    """`cp -r`, then `sync` of the file system: seconds."""
    began = time.perf_counter()
    subprocess.run(["cp", "-r", source, release], check=True)
    subprocess.run([sync_program, "-f", release], check=True)
    return time.perf_counter() - began


def server_side(running: Jarvis, artifact: str, workflow: str) -> dict[str, float]:
    """Seconds on the server: in all, until the first step began, and in each step."""
    uploaded = datetime.fromisoformat(running.get(f"/artifacts/{artifact}")["uploaded_at"])
    events = running.get(f"/workflows/{workflow}/events?limit=200")["items"]
    times = {event["kind"]: datetime.fromisoformat(event["time"]) for event in reversed(events)}
    found = {
        "server": (datetime.fromisoformat(events[-1]["time"]) - uploaded).total_seconds(),
        "until the first step": (times["step"] - uploaded).total_seconds(),
    }
    for event in events:
        if event["kind"] == "done":
            found[f"step {event['step']}"] = event["data"]["seconds"]
    found["between the steps"] = found["server"] - sum(found.values()) + found["server"]
    return found


def main() -> None:
    """Measure, interleaved, so that noise meets all three alike."""
    wish = options(__doc__ or "", rounds=(20, "redeploys"))
    sync_program = need("sync")
    whole: list[float] = []
    hand: list[float] = []
    copied: list[float] = []
    server: defaultdict[str, list[float]] = defaultdict(list)
    with jarvis() as running, site() as source, folder() as place:
        running.run("up", "--detach")
        running.deploy(source, DOMAIN)
        for number in range(wish.rounds):
            change(source, number)
            hand.append(by_hand(source, place / f"hand-{number}", place / "current"))
            copied.append(by_cp(source, place / f"cp-{number}", sync_program))
            outcome, seconds = running.deploy(source, DOMAIN)
            whole.append(seconds)
            for name, value in server_side(running, outcome["artifact_id"], outcome["workflow_id"]).items():
                server[name].append(1000 * value)
            for made in (f"hand-{number}", f"cp-{number}"):
                shutil.rmtree(place / made)
    report = Report("deploy", wish.json)
    report.add("whole jarvis deploy", whole, "s", target="≤ 0.6 s", beside=("by hand", hand))
    in_ms = [1000 * value for value in hand]
    report.add("server", server.pop("server"), "ms", target="≤ 200 ms, ≤ 5 ×", beside=("by hand", in_ms))
    for name, values in server.items():
        report.add(f"  {name}", values, "ms")
    report.add("cp -r and sync", [1000 * value for value in copied], "ms", beside=("by hand", in_ms))
    report.finish()


if __name__ == "__main__":
    main()
