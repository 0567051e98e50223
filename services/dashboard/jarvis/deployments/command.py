"""The workflow `command`: a command runs to its end beside the program of a service, with all that it has.

People ask for it (`jarvis run`), and so does the schedule of the service. It runs once: where Jarvis died in
the middle of it, nobody knows how far it came, so it is not begun again by itself.
"""

import shlex
from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from jarvis.deployments import way
from jarvis.deployments.upkeep import repair
from jarvis.deployments.variables import secrets_of
from jarvis.engine.step import bounded, life, workflow
from jarvis.errors import Conflict, DeployFailed, InvalidInput, JarvisError, problem
from jarvis.workflows import events, ledger
from jarvis.workflows.redact import Redactor
from jarvis.workflows.request import ask as enqueue
from jarvis.workflows.segments import Lines
from jarvis.workflows.story import Step, Story
from models import Workflow, WorkflowStatus

Json = dict[str, Any]

KIND = "command"
LONGEST = 24 * 3600
"""Seconds that a command may take, at most."""
USUAL = 3600
"""Seconds that it may take if nobody says otherwise."""
WORDS = 200
LENGTH = 32 * 1024
"""Most words, and most bytes of all of them."""
STEPS = {"run": Step("Running it", deadline=LONGEST + 60, attempts=1)}


@workflow(KIND)
def command(workflow_id: str) -> Json:
    """Run one command."""
    story = Story(workflow_id, STEPS)
    facts: Json = {}
    try:
        facts = story.begin(_look)
        story.tell("run", run, facts)
    except JarvisError as error:
        bounded("record failure", _failed, workflow_id, error, shielded=True)
        return {"status": "failed", "error": error.message}
    bounded("record", _ended, workflow_id, facts, story.last_done, shielded=True)
    return {"status": "completed"}


def checked(words: Sequence[str]) -> list[str]:
    """The words of a command that a person gave.

    Raises:
        InvalidInput: They are none, too many, or hold what no program can be given.
    """
    wrong = ""
    if not words or not words[0].strip():
        wrong = "there are no words in it"
    elif len(words) > WORDS or sum(len(word.encode()) for word in words) > LENGTH:
        wrong = f"it has more than {WORDS} words or {LENGTH:,} bytes"
    elif any("\x00" in word for word in words):
        wrong = "it holds the sign NUL"
    if wrong:
        raise InvalidInput(
            f"This command cannot be run: {wrong}.",
            'Give it as a list of words: ["python3", "manage.py", "migrate"].',
            {"field": "command"},
        )
    return list(words)


def ask(
    session: Session,
    name: str,
    words: Sequence[str],
    *,
    by: str,
    seconds: int = USUAL,
    cron: str = "",
) -> Workflow:
    """Ask for a command to be run beside the program of the service.

    Args:
        session: The caller's transaction.
        name: Of the service.
        words: The command.
        by: Who asks.
        seconds: How long it may take.
        cron: The name of the job whose time has come; empty when a person asks.

    Raises:
        InvalidInput: Such a command cannot be run.
        NotFound: There is no such service.
        Conflict: No program of it runs.
    """
    words = checked(words)
    repair.service_that_runs(session, name)
    facts = {"service": name, "command": words, "seconds": seconds, **({"cron": cron} if cron else {})}
    said = shlex.join(words)
    title = f"{cron} of {name}" if cron else f"Run {said if len(said) <= 60 else said[:59] + '…'} in {name}"
    # A queue of its own: a command neither waits for a deploy nor keeps one from running.
    queue = f"{name}:cron:{cron}" if cron else f"{name}:run:{uuid4()}"
    return enqueue(session, KIND, type=KIND, title=title, queue=queue, by=by, facts=facts, service=name)


def _look(session: Session, workflow_id: str) -> Json:
    row = session.get_one(Workflow, UUID(workflow_id))
    name = str(row.workflow_metadata["service"])
    found = repair.running(session, name)
    if not found or not way.runs(found[0]):
        raise Conflict(
            f"No program of “{name}” runs, so there is nothing to run a command in.",
            f"Deploy a program first; see jarvis status {name}.",
        )
    told = {key: row.workflow_metadata[key] for key in ("command", "seconds")}
    return {**found[0], **told, "workflow_id": workflow_id}


def _once(session: Session, workflow_id: str) -> None:
    row = session.get_one(Workflow, UUID(workflow_id), with_for_update=True)
    if row.workflow_metadata.get("began") == life():
        raise DeployFailed(
            "Jarvis was restarted while the command ran. What it did until then is done.",
            "See what it said, then run it again if it may run twice.",
        )
    row.workflow_metadata = {**row.workflow_metadata, "began": life()}


def run(facts: Json) -> Json:
    """Run it, told in the story."""
    ledger.patiently(lambda session: _once(session, facts["workflow_id"]))
    redactor = Redactor(secrets_of(facts))
    with Lines(facts["workflow_id"], "run", redactor) as lines:
        try:
            way.of(facts).run(
                facts, facts["command"], say=lines.add, seconds=facts["seconds"], hide=redactor.text
            )
        except DeployFailed as error:
            error.hint = f"See all that it said: jarvis workflows watch {facts['workflow_id']}"
            raise
    return {"said": "it ended well"}


def _failed(workflow_id: str, error: JarvisError) -> None:
    def work(session: Session) -> None:
        ledger.ended(session, workflow_id, WorkflowStatus.FAILED, error.message, {"error": problem(error)})

    ledger.patiently(work)


def _ended(workflow_id: str, facts: Json, done: events.Done | None) -> None:
    def work(session: Session) -> None:
        said = f"{shlex.join(facts['command'])[:100]} ended well"
        ledger.ended(
            session, workflow_id, WorkflowStatus.COMPLETED, said, {"service": facts["service"]}, done
        )

    ledger.patiently(work)
