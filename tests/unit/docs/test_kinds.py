"""`docs/kinds.md` knows every kind of workflow, its steps with their deadlines, and the schedule."""

import re
import sys
from collections.abc import Callable
from typing import Any

import pages
from config import Settings
from jarvis import worker
from jarvis.deployments import deploy_git
from jarvis.deployments.addresses import certificates, dnssync
from jarvis.deployments.upkeep import cleanup, health, repair, schedule
from jarvis.workflows.story import Step

PAGE = (pages.ROOT / "docs/kinds.md").read_text(encoding="utf-8")
MINE = (
    certificates.certificates,
    cleanup.cleanup,
    deploy_git.deploy_git,
    dnssync.dns_sync,
    health.health_check,
    repair.health_repair,
)
KINDS: dict[str, Callable[..., Any]] = {one.__name__: one for one in (*worker.WORKFLOWS, *MINE)}


def rows(text: str) -> list[list[str]]:
    """The rows of the tables in `text`, without their heads."""
    lines = [line.strip("|").split("|") for line in text.splitlines() if line.startswith("| `")]
    return [[cell.strip() for cell in line] for line in lines]


def section(heading: str) -> str:
    """What stands below a heading."""
    return re.split(r"^#+ ", PAGE.split(f"{heading}\n", 1)[1], maxsplit=1, flags=re.MULTILINE)[0]


def promised(kind: str) -> dict[str, float]:
    """Step → deadline, as the code has it; `try 1`, `try 2` … are one."""
    steps: dict[str, Step] = sys.modules[KINDS[kind].__module__].STEPS
    return {re.sub(r" \d+$", " N", name): step.deadline for name, step in steps.items()}


def test_it_works() -> None:
    named = [row[0].strip("`") for row in rows(section("# Kinds of work"))]
    assert len(named) == len(set(named))
    assert set(named) == set(KINDS)
    assert all(all(row) for row in rows(section("# Kinds of work")))


def test_every_step_stands_there_with_its_deadline_in_its_order() -> None:
    for kind in KINDS:
        told = {row[0].strip("`"): row[1] for row in rows(section(f"### `{kind}`"))}
        assert told == {name: f"{deadline:g} s" for name, deadline in promised(kind).items()}, kind
        assert list(told) == list(promised(kind)), kind


def test_the_schedule_stands_there() -> None:
    told = {row[0].strip("`"): row[1] for row in rows(section("## The schedule"))}
    assert told == {one.kind: f"{one.every.total_seconds():g} s" for one in schedule.ROUTINES}


def test_the_queues_of_routine_work_stand_there() -> None:
    told = {row[0].strip("`"): row[2].strip("`") for row in rows(section("# Kinds of work"))}
    assert all(told[one.kind] == one.queue for one in schedule.ROUTINES)


def test_how_long_things_are_kept_is_told() -> None:
    assert f"{Settings().keep_events_days} days ago" in PAGE
    assert repair.AGAIN.total_seconds() == 600
    assert "after ten minutes" in PAGE
