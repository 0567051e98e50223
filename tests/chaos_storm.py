"""Kill the parts of a running Jarvis at random moments while it deploys, and count what came of it."""

import os
import random
import signal
import time
from collections import Counter
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path

from jarvis_lab import Lab, Visitor, site, until

SERVICES = ("one", "two", "three")
BLOWS = ("worker", "worker", "worker", "web", "database", "frozen worker")
"""What may happen; the worker is met most often, since it does the work."""


@dataclass
class Storm:
    """What was done, and what came of it.

    Attributes:
        blows: Part → how often it was killed.
        asked: Deployments that were asked for.
        ended: Status → workflows.
        twice: Workflows whose story ends more than once.
        visits: Requests of visitors.
        failed: Those that were not answered as they should have been.
        left: Files that stayed in the staging folder.
        wrong: Services that do not answer with what was asked for last.
    """

    blows: Counter[str] = field(default_factory=Counter[str])
    asked: int = 0
    ended: Counter[str] = field(default_factory=Counter[str])
    twice: int = 0
    visits: int = 0
    failed: int = 0
    left: int = 0
    wrong: list[str] = field(default_factory=list[str])

    def table(self) -> str:
        """For people."""
        kinds = ", ".join(f"{count} × {name}" for name, count in sorted(self.blows.items()))
        ends = ", ".join(f"{count} {name}" for name, count in sorted(self.ended.items()))
        return "\n".join(
            (
                "| What | Count |",
                "| --- | --- |",
                f"| Kills | {sum(self.blows.values()):,} ({kinds}) |",
                f"| Deploys asked for | {self.asked:,} |",
                f"| Workflows that ended | {ends} |",
                f"| Stories with two ends | {self.twice} |",
                f"| Requests of visitors | {self.visits:,} |",
                f"| … not answered, or wrongly | {self.failed} |",
                f"| Files left in the staging folder | {self.left} |",
                f"| Services without their last version | {len(self.wrong)} |",
            )
        )


def strike(jarvis: Lab, blow: str) -> bool:
    """Do it; False when there was nothing to kill at this moment."""
    if blow == "frozen worker":
        numbers = jarvis.pids("worker")
        for number in numbers:
            with suppress(ProcessLookupError):
                os.kill(number, signal.SIGSTOP)
        time.sleep(0.5)
        for number in numbers:
            with suppress(ProcessLookupError):
                os.kill(number, signal.SIGCONT)
        return bool(numbers)
    if not jarvis.pids(blow):
        return False
    jarvis.kill(blow)
    return True


def upload(jarvis: Lab, folder: Path, text: str) -> str:
    """The id of an artifact that says `text`."""
    page = site(folder, text) / "index.html"
    address = "/api/v1/artifacts?filename=index.html&analyse=false"
    return str(until(lambda: answered(jarvis, address, page.read_bytes()), "an upload")["id"])


def answered(jarvis: Lab, path: str, body: object) -> dict[str, object] | None:
    """The API's answer, if it is there and well."""
    with suppress(OSError, ValueError):
        status, row = jarvis.api("POST", path, body)
        if status in (201, 202):
            return row
    return None


def rage(jarvis: Lab, place: Path, kills: int, seed: int) -> Storm:
    """Deploy and kill, `kills` times; then wait until everything has ended, and look."""
    dice, storm = random.Random(seed), Storm()
    pages: dict[str, list[str]] = {name: [f"{name} {version}" for version in range(3)] for name in SERVICES}
    artifacts = {
        text: upload(jarvis, place / text.replace(" ", "-"), text)
        for texts in pages.values()
        for text in texts
    }
    last: dict[str, str] = {}

    def deploy(name: str) -> None:
        text = dice.choice(pages[name])
        body = {"artifact_id": artifacts[text], "domain": f"{name}.localhost"}
        row = answered(jarvis, "/api/v1/deployments", body)
        if row is not None:
            storm.asked += 1
            last[name] = text

    for name in SERVICES:
        until(lambda name=name: deploy(name) or name in last, "the first deploys")
    quiet(jarvis)
    with ExitStack() as stack:
        visitors = [
            stack.enter_context(Visitor(jarvis, f"{name}.localhost", texts)) for name, texts in pages.items()
        ]
        while sum(storm.blows.values()) < kills:
            for name in dice.sample(SERVICES, dice.randint(1, 3)):
                deploy(name)
            time.sleep(dice.uniform(0, 0.6))
            blow = dice.choice(BLOWS)
            storm.blows[blow] += strike(jarvis, blow)
        quiet(jarvis)
    storm.visits = sum(visitor.asked for visitor in visitors)
    storm.failed = sum(len(visitor.wrong) for visitor in visitors)
    storm.ended = Counter(dict(jarvis.rows("SELECT status::text, count(*) FROM workflows GROUP BY 1")))
    ends = "SELECT 1 FROM workflow_events WHERE kind = 'end' GROUP BY workflow_id HAVING count(*) > 1"
    storm.twice = len(jarvis.rows(ends))
    storm.wrong = [
        name for name, text in newest(jarvis, artifacts) if text.encode() not in shown(jarvis, name)
    ]
    staging = jarvis.home / "staging"
    storm.left = sum(1 for file in staging.rglob("*") if file.is_file()) if staging.is_dir() else 0
    return storm


def quiet(jarvis: Lab) -> None:
    """Wait until no workflow goes on."""

    def ended() -> bool:
        with suppress(Exception):  # the database may be away right now
            return not jarvis.rows("SELECT 1 FROM workflows WHERE status NOT IN ('completed', 'failed')")
        return False

    until(lambda: jarvis.ready() and ended(), "all workflows have ended", 300)


def newest(jarvis: Lab, artifacts: dict[str, str]) -> list[tuple[str, str]]:
    """Service → what its newest deployment says. An answer that was lost by a kill may have been a deploy."""
    texts = {key: text for text, key in artifacts.items()}
    query = """SELECT DISTINCT ON (service_name) service_name, artifact_id::text FROM deployments
               ORDER BY service_name, created_at DESC"""
    return [(name, texts[key]) for name, key in jarvis.rows(query)]


def shown(jarvis: Lab, name: str) -> bytes:
    """What visitors of a service get."""
    return jarvis.get(f"{name}.localhost")[1]
