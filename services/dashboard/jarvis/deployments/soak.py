"""The step `soak`: a new version is watched with its visitors for a while before it counts as done.

The version before runs on meanwhile. What is seen that is not well takes the new one back, as every other
failure of a deploy does; who calls the deploy off goes back, too.
"""

import time
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from jarvis import control
from jarvis.deployments import look, settings, steps
from jarvis.deployments.cluster import fleet
from jarvis.deployments.upkeep import repair
from jarvis.errors import NotProven
from jarvis.proxy.visits import Figures, Log, figures
from jarvis.runtimes import process
from jarvis.runtimes.docker import state
from jarvis.workflows import ledger
from jarvis.workflows.story import Step
from models import WorkflowStep

Json = dict[str, Any]

NAME = "soak"
CONTAINERS = frozenset({"container", "compose"})
"""The runtimes whose programs Docker starts again."""
LOOK_EVERY = 1.0
"""Seconds between two looks."""
TELL_EVERY = 2.0
"""Seconds between two words about it."""
BEFORE = 900.0
"""Seconds before the switch from which the figures of the version before are taken."""
ERRORS = 5
"""Fewer errors than this may be anybody's."""
SHARE = 0.05
"""The part of answers that may be errors, where it was less before; else twice what it was."""
ENOUGH = 20
"""Fewer answers than this say nothing about how fast it is."""
SLOW = 1.0
"""Seconds within which nineteen of twenty answers may come, however fast it was before."""
SLOWER = 3.0
"""So many times slower than before is too slow."""
LAST = 20
"""Lines of the program's log that an error carries."""


def step_of(facts: Json) -> dict[str, Step]:
    """The step, where the service wants one."""
    seconds = settings.of(facts).soak
    return {NAME: Step(f"Watching it for {seconds} s", deadline=seconds + 120)} if seconds else {}


def watch(facts: Json) -> Json:
    """Watch until its time has come; after a crash only for what is left of it.

    Raises:
        NotProven: It is not as well as the version before; the sentence has the figures.
    """
    seconds = settings.of(facts).soak
    passed, since_switch = ledger.patiently(lambda session: _ages(session, facts["workflow_id"]))
    began = time.time() - passed
    switched = time.time() - since_switch
    well, told = True, 0.0
    with Log(steps.home().access_log, facts["hosts"]) as log:
        seen = log.more()
        before = figures([v for v in seen if switched - BEFORE <= v.began < switched])
        visits = [v for v in seen if v.began >= began]
        while True:
            left = began + seconds - time.time()
            now = figures(visits)
            if found := _ill(facts, began) or judge(before, now):
                raise _breach(facts, found, time.time() - began, before, now)
            well, was_well = not (wrong := _wrong(facts)), well
            if not well and not was_well:
                raise _breach(facts, wrong, time.time() - began, before, now)
            if left <= 0 and well:
                return {"said": f"{seconds} s: {now}{_compared(before)}", "figures": _plain(before, now)}
            if time.monotonic() - told >= TELL_EVERY:
                told = time.monotonic()
                _tell(facts, seconds, left, now)
            _pause(min(LOOK_EVERY, max(left, 0.1)))
            visits += log.more()


def judge(before: Figures, now: Figures) -> str:
    """What visitors get that is worse than before; empty when nothing is. Pure."""
    allowed = max(SHARE, 2 * before.share)
    if now.errors >= ERRORS and now.share > allowed:
        earlier = f"{before.share:.1%} before" if before.answers else "nobody asked before"
        return f"{now.errors:,} of {now.answers:,} answers were errors ({now.share:.1%}; {earlier})"
    enough = min(before.answers, now.answers) >= ENOUGH
    if enough and now.slow > max(SLOW, SLOWER * before.slow):
        return f"19 of 20 answers came within {now.slow:.2f} s ({before.slow:.2f} s before)"
    return ""


def _ages(session: Session, workflow_id: str) -> tuple[float, float]:
    """Seconds since it was proven, and since the switch began, both by the clock of the database."""
    query = select(
        WorkflowStep.name,
        func.extract("epoch", func.clock_timestamp() - WorkflowStep.started_at),
        func.extract("epoch", func.clock_timestamp() - WorkflowStep.ended_at),
    ).where(WorkflowStep.workflow_id == UUID(workflow_id), WorkflowStep.name.in_(("switch", "prove")))
    rows = {name: (float(begun), float(ended or 0)) for name, begun, ended in session.execute(query)}
    # A crash of the database may have lost the rows: then it is as if it began now.
    return rows.get("prove", (0.0, 0.0))[1], rows.get("switch", (0.0, 0.0))[0]


def _ill(facts: Json, began: float) -> str:
    """What its program did that it should not: it began later than the watch did."""
    if facts["configuration"].get("runtime") == "swarm":
        return fleet.restarted(facts["service"], facts["deployment_id"], began)
    if facts["configuration"].get("runtime") in CONTAINERS:
        return _restarted(facts, began)
    seen = process.status(steps.home().instances, facts["deployment_id"])
    if seen is None or not seen.since or seen.since <= began:
        return ""
    return f"its program ended by itself ({seen.last_exit or 'nobody knows how'}) and was started again"


def _restarted(facts: Json, began: float) -> str:
    for one in state.listed(facts["service"], facts["deployment_id"]):
        if one.number and one.restarts and datetime.fromisoformat(one.started_at).timestamp() > began:
            return f"its container ended by itself ({one.ending}) and was started again"
    return ""


def _wrong(facts: Json) -> str:
    release = look.release_of(steps.home().releases, facts)
    return repair.wrong({**facts, "release": release.name})


def _pause(seconds: float) -> None:
    """Wait, but no longer than until the deploy is called off."""
    current = control.current()
    if current is not None:
        current.pause(seconds)
    else:
        time.sleep(seconds)


def _tell(facts: Json, seconds: int, left: float, now: Figures) -> None:
    done = max(0, seconds - round(max(0.0, left)))
    said = f"{max(0, round(left))} s left: {now}"
    ledger.say(
        facts["workflow_id"],
        "progress",
        said,
        step=NAME,
        data={"done": done, "total": seconds, "unit": f"s: {now}"},
    )


def _compared(before: Figures) -> str:
    return f" (before: {before})" if before.answers else ""


def _plain(before: Figures, now: Figures) -> Json:
    return {
        name: {"answers": one.answers, "errors": one.errors, "slow": round(one.slow, 4)}
        for name, one in (("before", before), ("now", now))
    }


def _breach(facts: Json, found: str, seconds: float, before: Figures, now: Figures) -> NotProven:
    lines = process.logs(steps.home().instances, facts["deployment_id"], last=LAST)
    return NotProven(
        f"The new version was taken back after {max(0.0, seconds):.0f} seconds with visitors: {found}.",
        "The last lines of its log are with this error." if lines else "",
        {"figures": _plain(before, now), "output": lines},
    )
