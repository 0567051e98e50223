"""Whether a visitor notices a redeploy: requests that fail while releases are switched, and the speed."""

import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from lab import Jarvis, change, jarvis, need, site
from report import Report, options

DOMAIN = "switch.localhost"
CONNECTIONS = 64


@dataclass(frozen=True)
class Load:
    """What wrk says of a run."""

    requests: int
    seconds: float
    refused: int
    broken: int

    @property
    def rate(self) -> float:
        """Requests a second."""
        return self.requests / self.seconds


def read(said: str) -> Load:
    """The numbers in wrk's own words."""
    total = re.search(r"(\d+) requests in", said)
    rate = re.search(r"Requests/sec:\s+([\d.]+)", said)
    if total is None or rate is None or not float(rate[1]):
        sys.exit(f"wrk did not measure:\n{said}")
    refused = re.search(r"Non-2xx or 3xx responses: (\d+)", said)
    broken = re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", said)
    return Load(
        int(total[1]),
        int(total[1]) / float(rate[1]),
        int(refused[1]) if refused else 0,
        sum(map(int, broken.groups())) if broken else 0,
    )


def under_load(running: Jarvis, wrk: str, work: Callable[[], None], *, closing: bool) -> Load:
    """Run `work` while wrk asks; wrk is ended, and reports, when `work` is done."""
    words = [wrk, "-t", "2", "-c", str(CONNECTIONS), "-d", "600s", "-H", f"Host: {DOMAIN}"]
    words += ["-H", "Connection: close"] if closing else []
    words.append(f"http://127.0.0.1:{running.http_port}/about")
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as load:
        try:
            time.sleep(0.5)
            work()
        finally:
            load.send_signal(signal.SIGINT)
        said, _ = load.communicate(timeout=30)
    return read(said)


def redeploys(running: Jarvis, source: Path, count: int) -> Callable[[], None]:
    """Deploy `count` times, each time something new."""

    def work() -> None:
        for number in range(count):
            change(source, number)
            running.deploy(source, DOMAIN)

    return work


def main() -> None:
    """Measure kept and closed connections, each without and with redeploys."""
    wish = options(__doc__ or "", redeploys=(20, "redeploys a pass"), quiet=(8, "seconds without redeploys"))
    wrk = need("wrk")
    report = Report("switch", wish.json)
    requests = 0
    with jarvis() as running, site() as source:
        running.run("up", "--detach")
        running.deploy(source, DOMAIN)
        for name, closing in (("kept connections", False), ("Connection: close", True)):
            before = under_load(running, wrk, lambda: time.sleep(wish.quiet), closing=closing)
            during = under_load(running, wrk, redeploys(running, source, wish.redeploys), closing=closing)
            after = under_load(running, wrk, lambda: time.sleep(wish.quiet), closing=closing)
            requests += during.requests
            quiet = [before.rate, after.rate]
            report.add(f"{name}: requests while redeploying", during.requests, "")
            report.add("  answered other than 2xx", during.refused, "", target="0")
            report.add("  socket errors", during.broken, "", target="0")
            report.add(
                "  the same two without redeploys",
                before.refused + before.broken + after.refused + after.broken,
                "",
            )
            report.add("  requests", during.rate, "/s", beside=("without redeploys", quiet))
            report.add("  one redeploy under load", during.seconds / wish.redeploys, "s")
    report.add("requests while redeploying, in all", requests, "", target="≥ 50,000")
    report.finish()


if __name__ == "__main__":
    main()
