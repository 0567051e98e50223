"""The workflow `cleanup`: remove what nobody needs any more, on the disk, in the store and in the tables."""

from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

import config
from jarvis import control
from jarvis.artifacts import collect
from jarvis.builds import trash
from jarvis.deployments import record, steps
from jarvis.deployments.upkeep import keep, routine
from jarvis.deployments.upkeep.sweep import sweep
from jarvis.engine.state import purge
from jarvis.engine.step import bounded, workflow
from jarvis.errors import JarvisError, problem
from jarvis.proxy.site import current_release
from jarvis.runtimes import static
from jarvis.settings import versions
from jarvis.workflows import events, ledger, retention
from jarvis.workflows.story import Step, Story
from models import Deployment, Service, Workflow, WorkflowStatus

Json = dict[str, Any]

STEPS = {
    "staging": Step("Throwing away half-made releases", deadline=300),
    "releases": Step("Throwing away old releases", deadline=600),
    "trash": Step("Deleting what was thrown away", deadline=1800),
    "history": Step("Deleting old history", deadline=1800),
    "artifacts": Step("Removing bytes that no artifact has", deadline=1800),
}
ENGINE = 7
"""Days for which the engine keeps what it knows of work that has ended. Our own rows say it, too."""
BATCH = 500
QUEUE = "jarvis:cleanup"
"""No service has such a name."""


@workflow("cleanup")
def cleanup(workflow_id: str) -> Json:
    """Run one clean-up. Nothing is to be undone: what was removed was not needed."""
    story = Story(workflow_id, STEPS)
    try:
        story.begin(_about)
        found = [
            story.tell("staging", _staging),
            story.tell("releases", releases),
            story.tell("trash", _trash),
            story.tell("history", history),
            story.tell("artifacts", _artifacts),
        ]
    except JarvisError as error:
        bounded("record failure", _failed, workflow_id, error, shielded=True)
        return {"status": "failed", "error": error.message}
    counts = dict(zip(STEPS, (one["count"] for one in found), strict=True))
    bounded("record", _recorded, workflow_id, counts, story.last_done, shielded=True)
    return {"status": "completed"}


def ask(session: Session, by: str = routine.BY) -> tuple[Workflow, list[str]]:
    """Ask for a clean-up; as `routine.ask`."""
    return routine.ask(session, "cleanup", title="Clean up", queue=QUEUE, by=by)


def _about(_session: Session, _workflow_id: str) -> Json:
    return {}


def _counted(count: int, noun: str) -> Json:
    return {"said": f"{count:,} {noun}{'' if count == 1 else 's'}", "count": count}


def _staging() -> Json:
    return _counted(sweep(), "folder")


def _trash() -> Json:
    return _counted(trash.empty(steps.home().trash), "folder")


def _artifacts() -> Json:
    with routine.patient():
        done = collect.collect()
    return _counted(done.blobs + done.files + done.uploads, "file")


def history() -> Json:
    """Rows that are older than they are kept."""
    with routine.patient():
        done = retention.purge(config.settings().keep_events_days)
        count = done.events + done.keys + done.deliveries
        while (gone := purge(ENGINE, BATCH)) == BATCH:
            control.check()
            count += gone
    names = ledger.patiently(lambda session: list(session.scalars(select(Service.name))))
    for name in names:
        control.check()
        count += ledger.patiently(lambda session, name=name: _old_values(session, name))
    return _counted(count + gone, "row")


def _old_values(session: Session, name: str) -> int:
    return versions.purge(session, name, keep.kept(session, name, keep.count(session, name)))


def releases() -> Json:
    """Releases that are neither answering nor kept to go back to, such as a crash left them.

    A deploy tidies up after itself; this is for what it could not.
    """
    place = steps.home().releases
    names = [entry.name for entry in place.iterdir() if entry.is_dir()] if place.is_dir() else []
    return _counted(sum(_old_releases(place / name) for name in sorted(names)), "release")


def _old_releases(folder: Path) -> int:
    # Listed first: a release that is made from now on is not in the list.
    found = [entry for entry in folder.iterdir() if entry.is_dir()]
    return ledger.patiently(lambda session: _throw(session, folder.name, found))


def _throw(session: Session, name: str, found: list[Path]) -> int:
    """With the service's row locked, nobody can ask for work on it; if none is open, what is old goes."""
    service = session.scalars(select(Service.id).where(Service.name == name).with_for_update()).first()
    open_work = select(Workflow.id).where(Workflow.queue == name, Workflow.status.not_in(ledger.FINAL))
    if session.scalars(open_work.limit(1)).first() is not None:
        return 0
    needed = {current_release(steps.home().www, name)}
    if service is not None:
        needed |= set(record.releases_to_keep(name))
    waiting = select(Deployment.id).where(
        Deployment.service_name == name, Deployment.status.not_in(record.ENDED)
    )
    needed |= {str(key) for key in session.scalars(waiting)}
    old = [entry for entry in found if entry.name not in needed and _is_release(entry.name)]
    for entry in old:
        static.remove(entry, lambda one: trash.throw(one, steps.home().trash))
    return len(old)


def _is_release(name: str) -> bool:
    """Only what is named as releases are: a person may have put something else there."""
    try:
        return str(UUID(name)) == name
    except ValueError:
        return False


def _recorded(workflow_id: str, counts: dict[str, int], done: events.Done | None) -> None:
    total = sum(counts.values())
    said = f"Removed {total:,} thing{'' if total == 1 else 's'}" if total else "There was nothing to remove"
    routine.ended(workflow_id, said, {"removed": counts}, done, quiet=not total)


def _failed(workflow_id: str, error: JarvisError) -> None:
    def work(session: Session) -> None:
        ledger.ended(session, workflow_id, WorkflowStatus.FAILED, error.message, {"error": problem(error)})

    ledger.patiently(work)
