"""In a deploy, between looking and doing: is it what was planned, and does a person agree where one must?"""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from jarvis.deployments import settings, steps
from jarvis.deployments.plans import readable, situation
from jarvis.deployments.plans.assemble import plan
from jarvis.deployments.plans.difference import between
from jarvis.deployments.request import APPROVED, PROMISED
from jarvis.errors import Cancelled, Conflict
from jarvis.proxy.site import current_release
from jarvis.tasks import answer
from jarvis.tasks.ask import OPEN, Question, step_key
from jarvis.workflows import events, ledger
from jarvis.workflows.story import Step, Story
from models import Deployment, Service, Task, TaskType, Workflow, WorkflowStep

Json = dict[str, Any]

PLAN = "plan"
APPROVAL = "approval "
"""How the names of the steps begin that ask a person; the rest is the plan's."""
AGAIN = "Deploy it again to be asked again."
PLACES = ("build", "start", "switch")
PATIENCE = timedelta(days=14)
"""For so long a person is waited for."""


def settle(story: Story, facts: Json) -> Json:
    """Compare with the plan, and ask a person where the service wants it.

    Returns:
        The facts, with what answers now: while a person was waited for, another version may have come.

    Raises:
        Conflict: It is not what was planned any more.
        Cancelled: The person did not agree, or said nothing in time.
        Suspended: The person has not answered yet.
    """
    back = "rolled_back_to" in facts["configuration"]
    asks = settings.of(facts).approval and not back
    if not asks and PROMISED not in facts["configuration"]:
        return facts
    if asks:
        _not_refused(facts["workflow_id"])
    step = Step("Comparing with the plan", holds=_is_past)
    story.steps = _with(story.steps, PLAN, step)
    titles = [{"name": name, "title": each.title} for name, each in story.steps.items()]
    seen = story.tell(PLAN, compare, facts, titles)
    if asks:
        _agreed(story, facts, seen["plan"])
    return {**facts, **seen["now"]}


def _is_past(facts: Json, _titles: list[Json]) -> bool:
    """Do visitors get it already? What was planned was kept then, and what answered before is known."""
    return steps.is_switched(facts)


def _with(steps_: dict[str, Step], name: str, step: Step) -> dict[str, Step]:
    """`steps_` with one more, before all that changes something."""
    place = next(each for each in PLACES if each in steps_)
    made: dict[str, Step] = {}
    for key, each in steps_.items():
        if key == place:
            made[name] = step
        made[key] = each
    return made


def compare(facts: Json, titles: list[Json]) -> Json:
    """The plan as things are now, held against the one that was asked for.

    Raises:
        Conflict: It is another one.
    """
    now = ledger.patiently(lambda session: _now(session, facts, titles))
    promised = facts["configuration"].get(PROMISED)
    made = now["plan"]
    if promised and promised["hash"] != made["hash"]:
        said = between(promised, made)
        raise Conflict(
            f"It is not what was planned any more: {' '.join(said)}",
            f"Nothing was changed. The plan would now be {made['hash'][:12]}: look at it, and deploy again.",
            {"difference": said, "plan": made},
        )
    return {"said": f"{'as planned' if promised else 'the plan is'}: {made['hash'][:12]}", **now}


def _now(session: Session, facts: Json, titles: list[Json]) -> Json:
    row = session.get_one(Deployment, UUID(facts["deployment_id"]))
    new: Json = {**row.configuration, **facts["configuration"], "hosts": facts["hosts"]}
    version = int(new.get("environment") or 0)
    around = situation.look(session, facts["service"], facts["domain"], facts["hosts"], version)
    action = "rollback" if "rolled_back_to" in new else "deploy"
    made = plan(new, around, action=action, steps=titles)
    service = session.scalars(select(Service).where(Service.name == facts["service"])).one()
    before = current_release(steps.home().www, facts["service"])
    previous = str(service.deployment_id) if service.deployment_id else None
    return {"plan": made, "now": {"before": before, "previous": previous}}


def fresh(facts: Json) -> Json:
    """The facts with what answers now, for putting things back: much may have changed since the beginning."""

    def work(session: Session) -> Json:
        step = session.get(WorkflowStep, (UUID(facts["workflow_id"]), PLAN))
        kept: Json = ((step.output if step else None) or {}).get("now", {})
        query = select(Service.deployment_id).where(Service.name == facts["service"])
        previous = session.scalars(query).one_or_none()
        return {**facts, **kept, "previous": str(previous) if previous else None}

    return ledger.patiently(work)


def _agreed(story: Story, facts: Json, made: Json) -> None:
    """Wait until a person agrees to exactly this plan. Another plan is another question."""
    name = f"{APPROVAL}{made['hash'][:8]}"
    story.steps = _with(story.steps, name, Step("Waiting for a person to agree"))
    said = story.ask(name, _question(facts["service"], made))
    _heed(said, made["hash"])
    by, note = said["by"] or "Jarvis", said["note"]
    ledger.patiently(lambda session: _note(session, facts["deployment_id"], made["hash"], by, note))


def _heed(said: Json, hashed: str) -> None:
    """Go on only where the person agreed."""
    by, note = said["by"] or "Jarvis", said["note"]
    if said["status"] == "expired":
        raise Cancelled("Nobody agreed to the plan in time.", f"Nothing was changed. {AGAIN}", {PLAN: hashed})
    if said["status"] != "completed" or said["answer"].get("approved") is False:
        raise Cancelled(
            f"{by} did not agree to the plan{f': {note}' if note else '.'}",
            f"Nothing was changed. {AGAIN}",
            {PLAN: hashed, "by": by},
        )


def _not_refused(workflow_id: str) -> None:
    """Whoever did not agree did not agree, even if the plan became another one since."""

    def work(session: Session) -> tuple[Json, str] | None:
        query = select(Task).where(Task.key.startswith(step_key(workflow_id, APPROVAL)))
        task = session.scalars(query.order_by(Task.created_at.desc()).limit(1)).first()
        if task is None or task.status in OPEN:
            return None
        kept: Json = task.answer or {}
        said = {"status": task.status.value, "answer": kept.get("answer", {}), "note": kept.get("note", "")}
        return {**said, "by": task.completed_by}, str((task.instructions or {}).get(PLAN, ""))

    if found := ledger.patiently(work):
        _heed(*found)


def _question(service: str, made: Json) -> Question:
    return Question(
        TaskType.APPROVAL_REQUIRED,
        f"Agree to the deploy of {service}",
        "The service wants a person to agree before each deploy. Done lets it go on; rejected ends it. Until "
        "then nothing is changed. If what runs changes in the meantime, it is asked again.",
        {
            PLAN: made["hash"],
            "what happens": [{"on": name, "what": said} for name, said in readable.sections(made).items()],
        },
        due_at=datetime.now(UTC) + PATIENCE,
    )


def _note(session: Session, key: str, hashed: str, by: str, note: str) -> None:
    row = session.get_one(Deployment, UUID(key), with_for_update=True)
    said = {"by": by, "note": note, PLAN: hashed}
    row.configuration = {**row.configuration, APPROVED: events.storable(said)}


def supersede(facts: Json) -> None:
    """A newer version answers: older ones that wait for a person need not be asked for any more.

    Where an older one answers again, what waits may be what mends it: that is asked for anew, as it takes the
    place of something else.
    """
    if "rolled_back_to" in facts["configuration"]:
        return

    def work(session: Session) -> None:
        mine = session.get_one(Deployment, UUID(facts["deployment_id"]))
        query = (
            select(Task)
            .join(Workflow, Workflow.id == Task.workflow_id)
            .join(Deployment, Deployment.workflow_id == Workflow.id)
            .where(
                Deployment.service_name == facts["service"],
                Deployment.created_at < mine.created_at,
                Task.task_type == TaskType.APPROVAL_REQUIRED,
                Task.status.in_(OPEN),
                Task.key.startswith("step:"),
            )
        )
        for task in session.scalars(query):
            answer.reject(session, str(task.id), "jarvis", "A newer version answers in the meantime.")

    ledger.patiently(work)
