"""What many sites cost: publishing one and asking for one beside 10 and beside 5,000; and what rules cost."""

import base64
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

from lab import folder, need
from report import Report, options
from switch import read

from gate_lab import GateLab
from jarvis.proxy import password, site

FEW = 10
CONNECTIONS = 32
PAGES = {"index.html": "<h1>hello</h1>\n" * 40, "about.html": "<p>about</p>\n" * 40}
RULES = "".join(f"/old{number}/* /new{number}/:splat 301\n" for number in range(20))
HEADERS = "/*\n  X-Frame-Options: DENY\n  Referrer-Policy: no-referrer\n"
LOGIN = "Authorization: Basic " + base64.b64encode(b"me:word").decode()


def more(lab: GateLab, first: int, last: int) -> None:
    """Add sites of one name each, as a deploy would; they share one folder of pages."""
    for number in range(first, last):
        link = lab.www / "services" / f"s{number}"
        link.mkdir(parents=True)
        (link / "current").symlink_to("../../../releases/plain/r1")
        (link / "hosts").write_text(f"s{number}.example")
        (lab.www / "sites" / f"s{number}.example").symlink_to(f"../services/s{number}")


def publishing(lab: GateLab, count: int) -> list[float]:
    """Milliseconds of each of `count` switches between two releases."""
    times: list[float] = []
    for number in range(count):
        release = lab.home / "releases" / "plain" / f"r{number % 2 + 1}"
        began = time.perf_counter()
        site.publish(lab.www, service="plain", hosts=["plain.localhost"], release=release)
        times.append((time.perf_counter() - began) * 1000)
    return times


def rate(lab: GateLab, host: str, path: str, seconds: int, *more_headers: str) -> float:
    """Requests a second."""
    words = [need("wrk"), "-t", "1", "-c", str(CONNECTIONS), "-d", f"{seconds}s", "-H", f"Host: {host}"]
    words += [word for header in more_headers for word in ("-H", header)]
    done = subprocess.run(
        [*words, f"http://127.0.0.1:{lab.port}{path}"], capture_output=True, text=True, check=True
    )
    load = read(done.stdout)
    if load.refused or load.broken:
        sys.exit(f"{host}{path}: {load.refused} refused, {load.broken} broken")
    return load.rate


def in_turns(rounds: int, *measured: Callable[[], float]) -> list[list[float]]:
    """Each in turn, and again, so that a busy moment of the machine hits all of them."""
    found: list[list[float]] = [[] for _ in measured]
    for _ in range(rounds):
        for numbers, measure in zip(found, measured, strict=True):
            numbers.append(measure())
    return found


def without_gate(config: dict[str, Any]) -> None:
    """Take the route to the gate out of the configuration."""
    routes: list[Any] = config["apps"]["http"]["servers"]["sites"]["routes"]
    routes[:] = [one for one in routes if ".jarvis-rules" not in str(one.get("match"))]


def main() -> None:
    """Measure beside few and beside many sites, then with rules."""
    wish = options(
        __doc__ or "", sites=(5000, "many sites"), seconds=(3, "of each load"), rounds=(5, "of all loads")
    )
    report = Report("sites", wish.json)
    with folder() as place, GateLab(place / "few") as few, GateLab(place / "many") as many:
        bare = GateLab(place / "bare")
        without_gate(bare.config)
        with bare:
            _measure(report, wish.rounds, wish.seconds, wish.sites, few, many, bare)
    report.finish()


def _measure(
    report: Report, rounds: int, seconds: int, count: int, few: GateLab, many: GateLab, bare: GateLab
) -> None:
    for lab, last in ((few, FEW), (many, count), (bare, FEW)):
        for name in ("r2", "r1"):
            lab.pages("plain", PAGES, name=name)
        more(lab, 1, last)
    publishing(few, 20)
    pairs = [(publishing(few, 20), publishing(many, 20)) for _ in range(rounds)]
    slow = [number for _, numbers in pairs for number in numbers]
    quick = [number for numbers, _ in pairs for number in numbers]
    report.add(
        f"publish beside {count:,} sites", slow, "ms", target="≤ 1.2 ×", beside=(f"beside {FEW}", quick)
    )
    for lab in (few, many):
        publishing(lab, 1)
    few.pages("ruled", {**PAGES, "_redirects": RULES, "_headers": HEADERS})
    few.pages("closed", PAGES, logins={"me": password.hash("word")})
    plain, beside, old, clean, ruled, moved, closed = in_turns(
        rounds,
        lambda: rate(few, "plain.localhost", "/", seconds),
        lambda: rate(many, "plain.localhost", "/", seconds),
        lambda: rate(bare, "plain.localhost", "/", seconds),
        lambda: rate(few, "plain.localhost", "/about", seconds),
        lambda: rate(few, "ruled.localhost", "/", seconds),
        lambda: rate(few, "ruled.localhost", "/old7/x", seconds),
        lambda: rate(few, "closed.localhost", "/", seconds, LOGIN),
    )
    report.add(
        f"requests beside {count:,} sites", beside, "/s", target="≥ 0.83 ×", beside=(f"beside {FEW}", plain)
    )
    report.add("requests, a site without rules", plain, "/s", beside=("without the gate's route", old))
    report.add("  a page without its .html", clean, "/s", beside=("first page", plain))
    report.add("  a site with headers and 20 redirects", ruled, "/s", beside=("without rules", plain))
    report.add("  a redirect", moved, "/s", beside=("without rules", plain))
    report.add("  a site with logins", closed, "/s", beside=("without rules", plain))


if __name__ == "__main__":
    main()
