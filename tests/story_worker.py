"""A real worker process that also knows the workflows of the tests: `python -m story_worker`."""

import base64
import os
import time
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from jarvis import control, shell, worker
from jarvis.engine.step import bounded, workflow
from jarvis.errors import InvalidInput, JarvisError, problem
from jarvis.tasks.ask import Question
from jarvis.workflows import ledger, overseer, watchdog
from jarvis.workflows.story import Step, Story
from models import TaskType, Workflow, WorkflowStatus

Json = dict[str, Any]
HOME = Path(os.environ["JARVIS_HOME"])


def note(facts: Json, word: str) -> None:
    with (HOME / "notes").open("a") as file:
        file.write(f"{facts['id']} {word}\n")


def look(session: Session, workflow_id: str) -> Json:
    row = session.get_one(Workflow, UUID(workflow_id))
    return {"id": workflow_id, **row.workflow_metadata}


def finish(workflow_id: str, work: Any, story: Story) -> Json:
    try:
        facts = story.begin(look)
        work(facts)
    except JarvisError as error:
        body, words = problem(error), error.message
        bounded("undo", undone, workflow_id, shielded=True)
        bounded(
            "failed", closed, workflow_id, WorkflowStatus.FAILED, words, body, story.last_done, shielded=True
        )
        return {"status": "failed"}
    bounded(
        "record", closed, workflow_id, WorkflowStatus.COMPLETED, "Done", None, story.last_done, shielded=True
    )
    return {"status": "completed"}


def undone(workflow_id: str) -> None:
    while (HOME / "hold undo").exists():
        note({"id": workflow_id}, "undoing")
        time.sleep(0.05)
    note({"id": workflow_id}, "undone")


def closed(workflow_id: str, status: WorkflowStatus, words: str, body: Any, done: Any) -> None:
    data = {"error": body} if body else {}
    ledger.patiently(lambda session: ledger.ended(session, workflow_id, status, words, data, done))


NEWER = ("step 1", "new", "step 3", "step 4", "step 5")
"""As a newer Jarvis has it: one step more, and one fewer."""
OLDER = tuple(f"step {number}" for number in range(1, 6))
FIVE = {name: Step(name.capitalize()) for name in (NEWER if "LAB_NEWER" in os.environ else OLDER)}


def short(facts: Json, name: str) -> Json:
    note(facts, name)
    if facts.get("gate") == name:
        while not (HOME / "go").exists():
            control.check()
            time.sleep(0.01)
    if facts.get("fails") == name and not (HOME / "mended").exists():
        raise InvalidInput("It cannot be used.", "Mend it.")
    time.sleep(facts.get("seconds", 0))
    note(facts, f"{name} ended")
    return {"said": f"{name} said", "bulk": base64.b64encode(os.urandom(facts.get("bulk", 0))).decode()}


@workflow("five")
def five(workflow_id: str) -> Json:
    story = Story(workflow_id, FIVE)

    def work(facts: Json) -> None:
        for name in FIVE:
            story.tell(name, short, facts, name)

    return finish(workflow_id, work, story)


@workflow("noop")
def noop(workflow_id: str) -> Json:
    story = Story(workflow_id, FIVE)

    def work(_: Json) -> None:
        for name in FIVE:
            story.tell(name, dict)

    return finish(workflow_id, work, story)


@workflow("asks")
def asks(workflow_id: str) -> Json:
    story = Story(workflow_id, {"one": Step("One"), "ask": Step("Asking"), "two": Step("Two")})

    def work(facts: Json) -> None:
        story.tell("one", short, facts, "one")
        question = Question(TaskType.APPROVAL_REQUIRED, "May it?", instructions={"steps": ["Look", "Say"]})
        answer = story.ask("ask", question)
        if answer["status"] != "completed":
            raise InvalidInput(f"Nobody allowed it: {answer['status']}.", answer["note"])
        story.tell("two", short, {**facts, "gate": answer["answer"].get("gate", "")}, "two")

    return finish(workflow_id, work, story)


@workflow("waits")
def waits(workflow_id: str) -> Json:
    story = Story(workflow_id, {"one": Step("One"), "wait": Step("Waiting"), "two": Step("Two")})

    def work(facts: Json) -> None:
        story.tell("one", short, facts, "one")
        story.wait("wait", float(facts["wait"]))
        story.tell("two", short, facts, "two")

    return finish(workflow_id, work, story)


def program(facts: Json) -> Json:
    script = f"echo $$ > {HOME / 'program'}; sleep 1000 & echo $! > {HOME / 'grandchild'}; wait"
    shell.run(["sh", "-c", script], timeout=1000)
    return {}


@workflow("program")
def long_program(workflow_id: str) -> Json:
    story = Story(
        workflow_id, {"program": Step("Running", deadline=float(os.environ.get("LAB_DEADLINE", 500)))}
    )
    return finish(workflow_id, lambda facts: story.tell("program", program, facts), story)


def stubborn(facts: Json) -> Json:
    note(facts, "stubborn")
    while not (HOME / "go").exists():
        time.sleep(0.01)
    return {}


@workflow("stubborn")
def cannot_be_ended(workflow_id: str) -> Json:
    story = Story(workflow_id, {"stubborn": Step("Not listening", deadline=0.2)})
    return finish(workflow_id, lambda facts: story.tell("stubborn", stubborn, facts), story)


@workflow("bug")
def bug(workflow_id: str) -> Json:
    story = Story(workflow_id, {"one": Step("One")})
    facts = story.begin(look)
    story.tell("one", short, facts, "one")
    if (HOME / "mended").exists():
        return finish(workflow_id, lambda _: None, story)
    raise KeyError("a bug outside of all steps")


if __name__ == "__main__":
    from datetime import timedelta

    if "LAB_AS_IN_EARNEST" in os.environ:
        worker.main()
        raise SystemExit
    watchdog.SETTLED = timedelta(seconds=0.3)
    watchdog.SILENT = timedelta(seconds=float(os.environ.get("LAB_SILENT", 40)))
    watchdog.LIVES = int(os.environ.get("LAB_LIVES", "3"))
    worker.WATCH_EVERY = 0.2
    overseer.LOOK_EVERY = 0.1
    overseer.SAY_EVERY = 0.3
    overseer.GRACE = 0.5
    worker.main()
