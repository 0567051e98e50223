"""Tells a workflow while it happens: each step durable, announced, timed, bounded, and stopped when asked.

A workflow lives once or several times. A life ends when it waits for a person or a time, when it is paused,
and when it fails; nothing of it stays in memory then. In the next life its function runs from its top again,
and the steps told before give what they gave then. Steps are known by their names, so a new version of Jarvis
may have others between them.
"""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_, or_, select, text
from sqlalchemy.orm import Session

from jarvis.engine.step import ATTEMPTS, DEADLINE, Suspended, bounded, life, worker
from jarvis.errors import Cancelled, JarvisError, from_problem
from jarvis.tasks import ask as tasks
from jarvis.tasks.ask import Question
from jarvis.workflows import events, ledger
from jarvis.workflows.events import Began, Done
from models import StepStatus, Workflow, WorkflowStep

Json = dict[str, Any]

AGAIN = "Nothing of it stays. To begin it again: jarvis workflows retry."
BEGIN = "begin"
"""The step before all others: what the workflow is about."""


@dataclass(frozen=True)
class Step:
    """What a step promises.

    Attributes:
        title: The sentence shown while it runs.
        deadline: Seconds for all its attempts; then it is called off.
        attempts: How often it is tried while its errors are transient.
        holds: Whether what it did in an earlier life is still there, asked with its arguments before its kept
            result is taken; without it, that is taken for granted.
    """

    title: str
    deadline: float = DEADLINE
    attempts: int = ATTEMPTS
    holds: Callable[..., bool] | None = None


@dataclass(frozen=True)
class _Kept:
    """What a step came to before, in which life; an error only in the present one."""

    life: int
    output: Json
    error: Json | None


@dataclass
class Story:
    """The steps of one workflow, told one by one.

    Attributes:
        workflow_id: The id of the row.
        steps: Step name → what it promises, in order.
    """

    workflow_id: str
    steps: dict[str, Step]
    _kept: dict[str, _Kept] = field(default_factory=dict[str, _Kept], repr=False)
    _done: Done | None = field(default=None, repr=False)

    def begin(self, look: Callable[[Session, str], Json]) -> Json:
        """Mark the workflow as running and `look` at what it is about, in one transaction.

        Raises:
            Suspended: It is not to run in this life.
        """
        return bounded(BEGIN, self._begun, look)

    def _begun(self, look: Callable[[Session, str], Json]) -> Json:
        def work(session: Session) -> Json:
            number = life()
            why, new = ledger.begun(session, self.workflow_id, number, len(self.steps))
            if why:
                raise Suspended(why)
            self._kept = {} if new else _kept(session, self.workflow_id, number)
            if BEGIN in self._kept:
                return self._kept[BEGIN].output
            facts: Json = events.storable(look(session, self.workflow_id))
            _keep(session, self.workflow_id, number, facts)
            return facts

        return ledger.patiently(work)

    def tell(self, name: str, act: Callable[..., Json], *arguments: Any) -> Json:
        """Run the step `name`. What `act` returns is kept; its `said` is shown when the step is done.

        Raises:
            Cancelled: A person called the workflow off.
            Suspended: It was paused.
            JarvisError: As `act` raised it, or its deadline passed.
        """
        promise = self.steps[name]
        try:
            return bounded(
                name,
                self._told,
                name,
                act,
                *arguments,
                deadline=promise.deadline,
                attempts=promise.attempts,
            )
        except JarvisError as error:
            if name not in self._kept:
                bounded(name, ledger.step_failed, self.workflow_id, self._place(name), error, shielded=True)
            raise

    def _told(self, name: str, act: Callable[..., Json], *arguments: Any) -> Json:
        kept = self._kept.get(name)
        if kept is not None and self._holds(name, kept, *arguments):
            return kept.output
        self._began(name)
        began = time.monotonic()
        result = act(*arguments)
        for warning in result.get("warnings", ()):
            ledger.say(self.workflow_id, "warning", warning, step=name)
        said = str(result.get("said", self.steps[name].title))
        self._done = Done(self._place(name), said, round(time.monotonic() - began, 4), result)
        return result

    def _holds(self, name: str, kept: _Kept, *arguments: Any) -> bool:
        if kept.error is not None:
            raise from_problem(kept.error)
        if kept.life == life():
            return True
        holds = self.steps[name].holds
        if holds is not None and not holds(*arguments):
            del self._kept[name]
            return False
        ledger.step_holds(self.workflow_id, name, life())
        return True

    def _place(self, name: str) -> Began:
        promise = self.steps[name]
        number = list(self.steps).index(name) + 1
        return Began(name, number, len(self.steps), promise.title, life(), worker(), promise.deadline)

    def _began(self, name: str) -> None:
        wish, by = ledger.step_began(self.workflow_id, self._place(name), self._done)
        self._done = None
        if wish == "cancel":
            raise Cancelled(
                f"Cancelled by {by}.", "Nothing of it stays. jarvis workflows retry begins again."
            )
        if wish == "pause":
            ledger.paused(self.workflow_id, f"Paused by {by}", None, {"by": by})
            raise Suspended("paused")
        if wish is not None:
            raise Suspended("it has ended" if wish == "over" else "another worker carries it on")

    def ask(self, name: str, question: Question) -> Json:
        """Ask a person in the step `name`, and go on when there is an answer: it may take weeks.

        Returns:
            `status` of the task (completed, rejected, expired, cancelled), `answer`, `note`, `by`.
        """
        return bounded(name, self._asked, name, question)

    def _asked(self, name: str, question: Question) -> Json:
        if name in self._kept:
            return self._kept[name].output
        self._began(name)

        def work(session: Session) -> Json | None:
            row = _step(session, self.workflow_id, name)
            answer = tasks.answer_to(session, self.workflow_id, name)
            if answer is not None:
                said = f"{question.title}: {answer['status']}"
                events.append_done(session, self.workflow_id, Done(self._place(name), said, 0.0, answer))
                return answer
            row.status, row.deadline_at = StepStatus.WAITING, question.due_at
            task = tasks.put(session, self.workflow_id, name, question)
            ledger.pause(
                session, self.workflow_id, f"Waiting for a person: {task.title}", {"task": str(task.id)}
            )
            return None

        answer = ledger.patiently(work)
        if answer is None:
            raise Suspended(f"waits for the answer to {name}")
        return answer

    def wait(self, name: str, seconds: float) -> None:
        """Let the step `name` be nothing but time that passes; no process is held meanwhile."""
        bounded(name, self._waited, name, seconds)

    def _waited(self, name: str, seconds: float) -> None:
        if name in self._kept:
            return
        until = ledger.patiently(lambda session: _until(session, self.workflow_id, name))
        self._began(name)

        def work(session: Session) -> bool:
            now = datetime.now(UTC)
            row = _step(session, self.workflow_id, name)
            if until is not None and until <= now:
                events.append_done(
                    session, self.workflow_id, Done(self._place(name), "The time has come", 0.0, {})
                )
                return True
            row.status, row.deadline_at = StepStatus.WAITING, until or now + timedelta(seconds=seconds)
            workflow = session.get_one(Workflow, UUID(self.workflow_id), with_for_update=True)
            workflow.wake_at = row.deadline_at
            ledger.pause(
                session, self.workflow_id, f"Goes on in {seconds:g} seconds", {"until": str(row.deadline_at)}
            )
            return False

        if not ledger.patiently(work):
            raise Suspended(f"waits in {name}")

    @property
    def last_done(self) -> Done | None:
        """The last step that is done, which the end of the story tells."""
        return self._done


_KEEP = text("""
    INSERT INTO workflow_steps (workflow_id, name, number, title, status, life, worker, started_at, ended_at,
                                output)
    VALUES (CAST(CAST(:workflow AS text) AS uuid), :name, 0, 'Looking at what it is about', 'done', :life,
            :worker, now(), now(), CAST(:output AS jsonb))
    ON CONFLICT (workflow_id, name) DO UPDATE SET
        life = excluded.life, worker = excluded.worker, output = excluded.output, status = 'done',
        started_at = excluded.started_at, ended_at = excluded.ended_at
""")


def _kept(session: Session, workflow_id: str, number: int) -> dict[str, _Kept]:
    """What the steps came to: in earlier lives, and in this one before another worker took it over."""
    query = select(WorkflowStep).where(
        WorkflowStep.workflow_id == UUID(workflow_id),
        or_(
            WorkflowStep.status == StepStatus.DONE,
            and_(WorkflowStep.status == StepStatus.FAILED, WorkflowStep.life == number),
        ),
    )
    return {row.name: _Kept(row.life, row.output or {}, row.error) for row in session.scalars(query)}


def _keep(session: Session, workflow_id: str, number: int, facts: Json) -> None:
    values = {"workflow": workflow_id, "name": BEGIN, "life": number, "worker": worker()}
    session.execute(_KEEP, {**values, "output": json.dumps(facts)})


def _step(session: Session, workflow_id: str, name: str) -> WorkflowStep:
    return session.get_one(WorkflowStep, (UUID(workflow_id), name), with_for_update=True)


def _until(session: Session, workflow_id: str, name: str) -> datetime | None:
    row = session.get(WorkflowStep, (UUID(workflow_id), name))
    return row.deadline_at if row is not None and row.status == StepStatus.WAITING else None
