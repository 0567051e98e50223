"""How often the analysis is right, how sure it says it is, and how long it takes, over labelled apps."""

import argparse
import contextlib
import csv
import json
import statistics
import sys
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SERVICES = Path(__file__).resolve().parent.parent / "services" / "dashboard"
sys.path.insert(0, str(SERVICES))

from report import Report  # noqa: E402 - beside this file

from jarvis.analysis.analyse import analyse  # noqa: E402 - found by the line above, without an installation

Row = dict[str, str]
Verdict = dict[str, Any]

TARGETS = {
    "language": 98.0, "framework": 92.0, "package manager": 98.0, "static folder": 92.0, "database": 92.0,
    "any start command": 90.0,
}  # fmt: skip
"""Percent that have to be right."""
FALSE_FRAMEWORKS = 1.0
"""Percent of the apps without a framework for which one may be claimed."""
MEDIAN, SLOWEST = 10.0, 50.0
"""Milliseconds an app: the median, and 95 of 100."""
INSIDE = frozenset({"compose", "dockerfile", "none"})
"""Languages of rows whose label does not look into the containers."""
NONE = "no framework claimed"
BUCKETS = ((0.0, 0.5), (0.5, 0.7), (0.7, 0.8), (0.8, 0.9), (0.9, 0.95), (0.95, 1.01))


@dataclass
class Score:
    """What was right, name by name."""

    right: Counter[str] = field(default_factory=Counter[str])
    total: Counter[str] = field(default_factory=Counter[str])
    missed: list[str] = field(default_factory=list[str])
    sure: defaultdict[tuple[float, float], list[tuple[float, bool]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    times: list[float] = field(default_factory=list[float])
    changed: int = 0

    def note(self, name: str, row: Row, label: str, ours: str) -> bool:
        """Count one comparison; an empty label means unknown and is left out."""
        if not label:
            return True
        same = words(label) == words(ours)
        self.total[name] += 1
        self.right[name] += same
        if not same:
            self.missed.append(f"{row['id']}: {name} is {label!r}, found {ours!r}")
        return same

    def percent(self, name: str) -> float:
        """How many of a hundred were right."""
        return 100 * self.right[name] / self.total[name] if self.total[name] else 100.0


def words(text: str) -> str:
    """A command without what does not change it: quotes, blanks, and the JSON of a Dockerfile."""
    if text.startswith("["):
        with contextlib.suppress(ValueError, TypeError):
            text = " ".join(json.loads(text))
    return " ".join(text.replace('"', "").replace("'", "").split())


def compare(score: Score, row: Row, verdict: Verdict) -> None:
    """One app: what the label says against what was found."""
    inside = row["language"] in INSIDE
    same = True
    if not inside and row["kind"] != "unsupported":
        same &= score.note("language", row, row["language"], verdict["language"])
    score.note("kind", row, row["kind"], verdict["kind"])
    if row["framework"] != "none":
        same &= score.note("framework", row, row["framework"], verdict["framework"])
    elif not inside:
        same &= score.note(NONE, row, "none", verdict["framework"])
    score.note("package manager", row, row["package_manager"], verdict["package_manager"])
    score.note("static folder", row, row["static_dir"], verdict["static_dir"] or "")
    score.note("port", row, row["port"], str(verdict["port"] or ""))
    score.note("database", row, row["needs_db"], ",".join(verdict["databases"]) or "none")
    if row["kind"] in {"web", "static"}:
        score.note("any start command", row, "yes", "yes" if verdict["start_command"] else "no")
    origin = row["start_from"].split(" ")[0]
    score.note(f"start command of {origin}", row, row["start_command"], verdict["start_command"])
    sure = float(verdict["confidence"])
    bucket = next(item for item in BUCKETS if item[0] <= sure < item[1])
    score.sure[bucket].append((sure, same))


def tell(score: Score, report: Report) -> list[str]:
    """Put the figures into the report; the names of those that miss their target."""
    missed: list[str] = []

    def add(name: str, value: float, unit: str, limit: float | None, *, most: bool = False) -> None:
        good = limit is None or (value <= limit if most else value >= limit)
        report.add(
            name, value, unit, target="" if limit is None else f"{'≤' if most else '≥'} {limit:g} {unit}"
        )
        missed.extend([] if good else [name])

    for name in sorted(score.total, key=lambda name: (name not in TARGETS, name)):
        if name != NONE:
            counts = f"{name}: {score.right[name]} of {score.total[name]}"
            add(counts, score.percent(name), "%", TARGETS.get(name))
    wrong = score.total[NONE] - score.right[NONE]
    share = 100.0 - score.percent(NONE)
    add(f"framework falsely claimed: {wrong} of {score.total[NONE]}", share, "%", FALSE_FRAMEWORKS, most=True)
    times = sorted(score.times)
    add("an app, median", statistics.median(times), "ms", MEDIAN, most=True)
    add("an app, 95 of 100", times[min(len(times) - 1, int(0.95 * len(times)))], "ms", SLOWEST, most=True)
    add("verdicts that differ when asked twice", score.changed, "", 0, most=True)
    for low, high in BUCKETS:
        if items := score.sure[low, high]:
            said = 100 * statistics.fmean(sure for sure, _ in items)
            right = 100 * statistics.fmean(good for _, good in items)
            name = f"right where {low:.2f} to {min(high, 1):.2f} sure: {len(items)} apps"
            report.add(name, right, "%", beside=("said", said))
    return missed


def main() -> int:
    """Look at every labelled app that is there; 1 when a target is missed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument(
        "apps", type=Path, metavar="APPS", help="a folder with one folder an app, named by its id"
    )
    parser.add_argument("labels", type=Path, metavar="LABELS", help="a table with tabs, one row an app")
    parser.add_argument("--only", default="", metavar="TEXT", help="ids with this text, or language=NAME")
    parser.add_argument("--misses", action="store_true", help="print what is not as labelled, too")
    parser.add_argument("--json", type=Path, metavar="FILE", help="add the numbers to this file")
    wish = parser.parse_args()
    key, _, value = wish.only.rpartition("=")
    with wish.labels.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file, delimiter="\t") if value in row[key or "id"]]
    score = Score()
    for row in rows:
        folder = wish.apps / row["id"]
        if folder.is_dir():
            began = time.perf_counter()
            verdict = analyse(folder)
            between = time.perf_counter()
            score.changed += analyse(folder) != verdict
            # the faster of the two: what else the machine was doing is not meant
            score.times.append(1000 * min(between - began, time.perf_counter() - between))
            compare(score, row, verdict.to_dict())
    if not score.times:
        sys.exit(f"None of {len(rows)} labelled apps is in {wish.apps}.")
    report = Report(f"analysis: {len(score.times)} of {len(rows)} labelled apps", wish.json)
    missed = tell(score, report)
    report.finish()
    if wish.misses:
        print("", *score.missed, sep="\n  ")
    print(f"\n  missed: {'; '.join(missed)}" if missed else "\n  every target is met")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
