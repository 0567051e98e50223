"""What a bench prints: each figure, its target, and what was measured beside it in the same run."""

import argparse
import json
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Figure:
    """One measured thing.

    Attributes:
        name: What it is.
        value: The median.
        unit: s, ms, MB, % ...
        low: The smallest of all runs.
        high: The largest of all runs.
        runs: How many there were.
        target: What was promised; empty when nothing was.
        peer: What was measured beside it.
        beside: The peer's median, in the same unit.
        ratio: `value` divided by `beside`.
    """

    name: str
    value: float
    unit: str
    low: float
    high: float
    runs: int
    target: str = ""
    peer: str = ""
    beside: float | None = None
    ratio: float | None = None

    def cells(self) -> tuple[str, ...]:
        """The figure as a row of the table."""
        spread = f"{_short(self.low)}–{_short(self.high)} ({self.runs})" if self.runs > 1 else ""
        beside = f"{self.peer} {_short(self.beside)} {self.unit}" if self.beside is not None else ""
        ratio = f"{self.ratio:.2f} ×" if self.ratio is not None else ""
        return (self.name, f"{_short(self.value)} {self.unit}", spread, self.target, beside, ratio)


def _short(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 or value == int(value) else f"{value:.3g}"


@dataclass
class Report:
    """The figures of one bench."""

    name: str
    file: Path | None
    figures: list[Figure] = field(default_factory=list[Figure])

    def add(
        self,
        name: str,
        values: float | Sequence[float],
        unit: str,
        *,
        target: str = "",
        beside: tuple[str, float | Sequence[float]] | None = None,
    ) -> None:
        """Add a figure, or the median of several; `beside` is a peer's name and its numbers."""
        runs = list(values) if isinstance(values, Sequence) else [values]
        middle = statistics.median(runs)
        peer, other, ratio = "", None, None
        if beside is not None:
            peer = beside[0]
            other = statistics.median(beside[1]) if isinstance(beside[1], Sequence) else beside[1]
            ratio = middle / other if other else None
        self.figures.append(
            Figure(name, middle, unit, min(runs), max(runs), len(runs), target, peer, other, ratio)
        )

    def finish(self) -> None:
        """Print the table, and write the numbers where they are wanted."""
        head = ("what", "median", "lowest–highest (runs)", "target", "beside it", "ratio")
        rows = [head, *(figure.cells() for figure in self.figures)]
        widths = [max(len(row[i]) for row in rows) for i in range(len(head))]
        print(f"\n{self.name}")
        for row in rows:
            print(
                "  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
            )
        if self.file is not None:
            known: dict[str, Any] = json.loads(self.file.read_text()) if self.file.is_file() else {}
            known[self.name] = [asdict(figure) for figure in self.figures]
            self.file.write_text(json.dumps(known, indent=2, ensure_ascii=False) + "\n")


def options(about: str, **numbers: tuple[int | str, str]) -> argparse.Namespace:
    """The words of the command line: `--json`, and an option for each of `numbers` (default, help)."""
    parser = argparse.ArgumentParser(description=about.partition("\n")[0])
    parser.add_argument("--json", type=Path, metavar="FILE", help="add the numbers to this file")
    for name, (default, help_) in numbers.items():
        parser.add_argument(f"--{name}", type=type(default), default=default, help=f"{help_} ({default})")
    return parser.parse_args()
