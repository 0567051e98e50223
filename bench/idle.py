"""What an idle Jarvis costs: memory and processor time of each part.

Memory is PSS: pages that several processes share are counted once, split between them.
"""

import os
import sys
import time
from collections import defaultdict
from pathlib import Path

from lab import SITE, jarvis
from report import Report, options

TICKS = os.sysconf("SC_CLK_TCK")


def parents() -> dict[int, int]:
    """Process → its parent, for all that run now."""
    found: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (words := stat(int(entry.name))):
            found[int(entry.name)] = int(words[1])
    return found


def stat(pid: int) -> list[str]:
    """The words of /proc/PID/stat after the program's name; none when it is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def family(top: int) -> dict[int, str]:
    """Process → part, for `top` and everything below it."""
    known = parents()
    found: dict[int, str] = {}
    for pid in known:
        line = [pid]
        while line[-1] != top and line[-1] in known:
            line.append(known[line[-1]])
        if line[-1] == top:
            found[pid] = "supervisor" if pid == top else part(line[-2])
    return found


def part(pid: int) -> str:
    """The part that a child of the supervisor is."""
    try:
        words = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except OSError:
        words = []  # another user's: PostgreSQL does not run as root
    named = [word.partition(b"=")[2].decode() for word in words if word.startswith(b"JARVIS_PART=")]
    return named[0] if named else "database"


def used(pid: int) -> float:
    """Processor seconds of a process, and of its children that ended."""
    return sum(map(int, stat(pid)[11:15])) / TICKS


def memory(pid: int) -> float:
    """PSS in MB."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except PermissionError:
        sys.exit(f"The memory of process {pid} may not be read: run this as the user of Jarvis, or as root.")
    except OSError:
        return 0.0
    return next(int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:")) / 1000


def main() -> None:
    """Deploy once, wait until it is calm, then look."""
    wish = options(__doc__ or "", seconds=(60, "seconds of idleness"), calm=(15, "seconds before them"))
    with jarvis() as running:
        running.run("up", "--detach")
        running.deploy(SITE, "idle.localhost")
        time.sleep(wish.calm)
        top = running.pid()
        before = {pid: used(pid) for pid in family(top)}
        began = time.monotonic()
        time.sleep(wish.seconds)
        after = family(top)
        span = time.monotonic() - began
        cost: defaultdict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
        for pid, name in after.items():
            cost[name][0] += memory(pid)
            cost[name][1] += 100 * (used(pid) - before.get(pid, 0.0)) / span
    report = Report("idle", wish.json)
    for index, unit, what, target in ((0, "MB", "memory", "≤ 300 MB"), (1, "%", "of one core", "≤ 2 %")):
        report.add(f"{what}, in all", sum(values[index] for values in cost.values()), unit, target=target)
        for name, values in sorted(cost.items()):
            report.add(f"  {name}", values[index], unit)
    report.finish()


if __name__ == "__main__":
    main()
