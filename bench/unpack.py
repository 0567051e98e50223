"""Unpacking thousands of files, beside `unzip` and `bsdtar`.

Each run has a fresh folder, nothing is deleted before the end (ext4 makes files slowly right after many were
deleted), and what one run left to be written out is written out before the next begins. Jarvis also checks
and hashes every file. The second figure of each pair waits until everything is on the disk: Jarvis always
does, the tools are followed by `sync -f`.
"""

import os
import random
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

from lab import ROOT, need
from report import Report, options

TARGET = "≤ 0.85 ×"
KINDS = {
    "half random": (5000, 55_000, True),
    "text": (5000, 40_000, False),
    "small": (10_000, 6_000, False),
}
"""Number of files, their mean size, whether half of each is noise."""

OURS = """
import sys, time
from pathlib import Path
from jarvis.artifacts.archive.extract import extract
began = time.perf_counter()
extract(Path(sys.argv[1]), Path(sys.argv[2]), durable=sys.argv[3] == "durable")
print(time.perf_counter() - began)
"""


def contents(count: int, mean: int, noisy: bool) -> Iterator[tuple[str, bytes]]:
    """Files of a made-up site: many small ones, a few large ones, in some hundred folders."""
    dice = random.Random(7)
    words = [bytes(dice.choices(b"abcdefghijklmnopqrstuvwxyz", k=dice.randint(2, 11))) for _ in range(4000)]
    for number in range(count):
        size = max(16, int(dice.lognormvariate(0, 1) * mean / 1.65))
        noise = dice.randbytes(size // 2) if noisy else b""
        text = b" ".join(dice.choices(words, k=size // 6 + 1))[: size - len(noise)]
        yield f"site/d{number % 97:02d}/s{number % 7}/f{number:05d}.html", noise + text


def pack(place: Path, kind: str) -> tuple[Path, Path]:
    """The same files as a zip and as a tar.gz."""
    zipped, tarred = place / "site.zip", place / "site.tar.gz"
    with (
        zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as one,
        tarfile.open(tarred, "w:gz", compresslevel=6) as two,
    ):
        for name, data in contents(*KINDS[kind]):
            one.writestr(name, data)
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            two.addfile(entry, BytesIO(data))
    return zipped, tarred


def ours(archive: Path, into: Path, durable: bool) -> float:
    """Jarvis, in a process of its own; the start of Python does not count, the worker is running already."""
    words = [sys.executable, "-c", OURS, archive, into, "durable" if durable else "plain"]
    env = {**os.environ, "PYTHONPATH": str(ROOT / "services" / "dashboard")}
    return float(subprocess.run(words, env=env, check=True, capture_output=True, text=True).stdout)


def tool(words: list[str | Path], durable: bool, into: Path) -> float:
    """A tool, and then the disk."""
    began = time.perf_counter()
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
    if durable:
        subprocess.run(["sync", "-f", into], check=True)
    return time.perf_counter() - began


def measure(archive: Path, place: Path, rounds: int, durable: bool) -> dict[str, list[float]]:
    """The seconds of each program, one after the other in every round."""
    bsdtar, unzip = need("bsdtar"), need("unzip")
    programs: dict[str, Callable[[Path], float]] = {
        "jarvis": lambda into: ours(archive, into / "site", durable),
        "bsdtar": lambda into: tool([bsdtar, "-xf", archive, "-C", into], durable, into),
    }
    if archive.suffix == ".zip":
        programs["unzip"] = lambda into: tool([unzip, "-q", archive, "-d", into], durable, into)
    taken: dict[str, list[float]] = {name: [] for name in programs}
    for number in range(rounds):
        order = list(programs)
        for name in order[number % len(order) :] + order[: number % len(order)]:
            into = Path(tempfile.mkdtemp(dir=place))
            os.sync()
            taken[name].append(programs[name](into))
    return taken


def main() -> None:
    """Measure."""
    wish = options(
        __doc__ or "", rounds=(5, "runs of each program on each archive"), kind=("", "only one kind")
    )
    report = Report("unpack", wish.json)
    place = Path(tempfile.mkdtemp(prefix="jarvis-bench-"))
    try:
        for kind in [wish.kind] if wish.kind else KINDS:
            (place / kind).mkdir()
            for archive in pack(place / kind, kind):
                for durable in (False, True):
                    taken = measure(archive, place, wish.rounds, durable)
                    own = taken.pop("jarvis")
                    for peer, seconds in taken.items():
                        where = ", on the disk" if durable else ""
                        what = f"{archive.name}, {KINDS[kind][0]:,} files, {kind}{where}"
                        report.add(what, own, "s", target=TARGET, beside=(peer, seconds))
        report.finish()
    finally:
        shutil.rmtree(place)


if __name__ == "__main__":
    main()
