"""After a failure: what answered before is asked for again, as a visitor would, and that is told."""

import logging
import time
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from jarvis import control
from jarvis.deployments.upkeep import repair, routine
from jarvis.errors import JarvisError
from jarvis.workflows import ledger
from models import Workflow, WorkflowStep

log = logging.getLogger(__name__)

Json = dict[str, Any]

PATIENCE = 10.0
"""Seconds for which what answered before may take to answer again."""
LOOK_EVERY = 0.25
DEADLINE = 300.0
"""Seconds for all of it: a program that was stopped for the new one has to be started again."""


def again(facts: Json) -> Json:
    """See that the version before answers, and bring it back where it does not.

    Args:
        facts: Of the deployment that failed, after it was undone.

    Returns:
        `said`, for people; empty when nothing answered before. `answers`, whether it does now.
    """
    rows = ledger.patiently(lambda session: repair.running(session, facts["service"]))
    if not rows or not rows[0]["hosts"]:
        return {"said": "", "answers": False}
    old = rows[0]
    began = time.monotonic()
    wrong = repair.wrong(old)
    while wrong and time.monotonic() - began < PATIENCE:
        try:
            repair.mend(old)
        except JarvisError as error:
            wrong = error.message.rstrip(".")
            break
        control.check()
        time.sleep(LOOK_EVERY)
        wrong = repair.wrong(old)
    if wrong:
        _ask_for_repair(facts["service"])
        said = f"What answered before does not answer as it should: {wrong}. A repair of it was asked for."
    else:
        how = "answers again" if _switched(facts["workflow_id"]) else "still answers"
        said = f"What answered before {how}: seen at {old['hosts'][0]}, {datetime.now(UTC):%H:%M:%S} UTC."
    ledger.say(facts["workflow_id"], "warning" if wrong else "line", said)
    return {"said": said, "answers": not wrong}


def _switched(workflow_id: str) -> bool:
    """Had visitors been sent to the new version?"""

    def work(session: Session) -> bool:
        query = select(WorkflowStep.life).join(Workflow, Workflow.id == WorkflowStep.workflow_id)
        query = query.where(Workflow.id == UUID(workflow_id), WorkflowStep.name == "switch")
        return session.scalars(query.where(WorkflowStep.life == Workflow.life)).first() is not None

    return ledger.patiently(work)


def _ask_for_repair(service: str) -> None:
    """It stands in the line of the service: it begins when this work has ended."""
    gone = ledger.patiently(lambda session: repair.ask(session, service)[1])
    with routine.patient():
        routine.forget(gone)


def told(error: JarvisError, back: Json) -> JarvisError:
    """The error, whose hint says what visitors get now."""
    if back.get("said"):
        error.hint = f"{back['said']} {error.hint}".strip()
        error.facts = {**error.facts, "back": back["answers"]}
    return error
