"""How quickly 1 GiB is taken in, beside the same bytes by hand, and what it costs the web process in memory.

The upload is read from the connection, hashed, written and brought to the disk; the program that sends it
runs on the same cores. Beside it: hashlib alone, which neither reads a connection nor writes; and a program
that hashes, writes and syncs the file, one after the other.
"""

import hashlib
import http.client
import os
import socket
import time
from pathlib import Path

from idle import family
from lab import Jarvis, folder, jarvis
from report import Report, options

MIB = 1024**2


def fill(file: Path, size: int) -> None:
    """Bytes that no two runs share."""
    with file.open("wb") as out:
        for _ in range(size // MIB):
            out.write(os.urandom(MIB))


def hashed(file: Path) -> float:
    """Seconds of hashlib.sha256 over the file."""
    began = time.perf_counter()
    with file.open("rb", buffering=0) as source:
        hashlib.file_digest(source, "sha256")
    return time.perf_counter() - began


def copied(file: Path, target: Path) -> float:
    """Seconds to hash the file, write it and bring it to the disk, by hand."""
    began = time.perf_counter()
    digest = hashlib.sha256()
    with file.open("rb", buffering=0) as source, target.open("wb", buffering=0) as out:
        while piece := source.read(MIB):
            digest.update(piece)
            out.write(piece)
        os.fsync(out.fileno())
    seconds = time.perf_counter() - began
    target.unlink()
    return seconds


def uploaded(running: Jarvis, file: Path) -> float:
    """Seconds until the answer to an upload of the file is here."""
    token = (running.home / "secrets" / "token").read_text().strip()
    words = (
        "POST /api/v1/artifacts?filename=big.bin HTTP/1.1",
        "Host: localhost",
        f"Authorization: Bearer {token}",
        f"Content-Length: {file.stat().st_size}",
        "Connection: close",
    )
    began = time.perf_counter()
    with socket.create_connection(("127.0.0.1", running.web_port)) as wire, file.open("rb") as source:
        wire.sendall("\r\n".join((*words, "", "")).encode())
        wire.sendfile(source)
        answer = http.client.HTTPResponse(wire)
        answer.begin()
        body = answer.read()
    seconds = time.perf_counter() - began
    if answer.status != 201:
        raise SystemExit(f"The upload was answered with {answer.status}: {body[:500]!r}")
    return seconds


def high_water(pid: int) -> float:
    """The most memory that a process ever had, in MiB."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 1024


def main() -> None:
    """Measure, one after the other, so that noise meets both alike."""
    wish = options(__doc__ or "", rounds=(5, "uploads"), size=(1024, "MiB of one upload"))
    rate: list[float] = []
    peer: list[float] = []
    hand: list[float] = []
    with jarvis() as running, folder() as place:
        running.run("up", "--detach")
        file = place / "big.bin"
        fill(file, 8 * MIB)
        uploaded(running, file)  # what is loaded once is loaded
        web = [pid for pid, name in family(running.pid()).items() if name == "web"]
        idle = {pid: high_water(pid) for pid in web}
        fill(file, wish.size * MIB)
        for _ in range(wish.rounds):
            peer.append(wish.size / hashed(file))
            hand.append(wish.size / copied(file, running.home / "by-hand"))
            rate.append(wish.size / uploaded(running, file))
        grown = sum(high_water(pid) - before for pid, before in idle.items())
    report = Report("upload", wish.json)
    report.add(f"upload of {wish.size} MiB", rate, "MiB/s", target="≥ 0.85 ×", beside=("hashlib", peer))
    report.add("… beside hash, write, sync by hand", rate, "MiB/s", beside=("by hand", hand))
    report.add("web process above idle", grown, "MiB", target="≤ 64 MiB")
    report.finish()


if __name__ == "__main__":
    main()
