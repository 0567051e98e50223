"""The worker process: runs workflows. `python -m jarvis.worker`."""

import logging
import signal
import threading
import time
from uuid import UUID

import psycopg
from sqlalchemy.orm import Session

import config
from jarvis import log as logs
from jarvis.artifacts import analyse, fetch
from jarvis.builds import trash
from jarvis.deployments import command, deploy, deploy_git, record, remove, resume, rollback
from jarvis.deployments.addresses import certificates, dnssync
from jarvis.deployments.docker import reaper, revival
from jarvis.deployments.plans import work as plans
from jarvis.deployments.upkeep import cleanup, health, repair, schedule, usage
from jarvis.deployments.upkeep.sweep import sweep
from jarvis.engine.run import Engine
from jarvis.engine.step import KINDS
from jarvis.errors import JarvisError
from jarvis.home import Home
from jarvis.webhooks import deliver
from jarvis.workflows import feed, roll, watchdog
from jarvis.workflows.overseer import Overseer
from jarvis.workflows.request import kind_of
from models import Workflow
from services.db_service import DatabaseUnavailable, db_service

log = logging.getLogger(__name__)

WORKFLOWS = (
    deploy.deploy,
    deploy_git.deploy_git,
    rollback.rollback,
    remove.remove,
    analyse.analyse,
    fetch.fetch,
    health.health_check,
    repair.health_repair,
    dnssync.dns_sync,
    certificates.certificates,
    cleanup.cleanup,
    command.command,
    plans.plan,
    deliver.deliver,
)
"""Every kind of workflow. Importing registers it with the engine; a new one is one file and one line."""

WAIT_FOR_DATABASE = 60.0
TIDY_EVERY = 30.0
"""Seconds between two times that what was thrown away is deleted, if nothing runs."""
WATCH_EVERY = 5.0
"""Seconds between two looks for workflows that nobody owns, and for routine work that is due."""


def _wait_for_database() -> None:
    deadline = time.monotonic() + WAIT_FOR_DATABASE
    while True:
        try:
            db_service.migrate()
        except DatabaseUnavailable:
            if time.monotonic() > deadline:
                raise
            log.warning("The database does not answer yet")
            time.sleep(0.5)
        else:
            return


def _close(session: Session, workflow_id: str, error: JarvisError) -> None:
    """End a workflow that cannot go on, with the rows that follow it."""
    row = session.get_one(Workflow, UUID(workflow_id))
    close = deliver.close if kind_of(row) == deliver.KIND else record.close
    close(session, workflow_id, error)


def _watch(engine: Engine) -> None:
    """Let go on what nobody owns, and take over from workers that stand still."""
    try:
        watchdog.look(KINDS, _close)
        for other in watchdog.silent_workers(engine.executor_id):
            log.warning("Worker %s stands still; its work is taken over", other)
            engine.expel(other)
    except JarvisError as error:
        log.warning("Workflows could not be watched over: %s", error.message)
    except (DatabaseUnavailable, psycopg.Error):
        log.warning("Workflows are not watched over: the database does not answer")


def main() -> None:
    """Work until SIGTERM or SIGINT, then end what runs, or leave it to the next start."""
    settings = config.settings()
    logs.configure(settings.log_level, "worker")
    stop = threading.Event()

    def asked(*_: object) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, asked)
    _wait_for_database()
    engine = Engine()
    roll.join(engine.executor_id)
    engine.start()
    sweep()
    with db_service.get_session() as session:
        feed.mend(session)
    ready = Home(settings.home).worker_ready
    ready.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    ready.write_text(engine.executor_id, encoding="utf-8")
    log.info("Worker %s is ready with %d kinds of workflow", engine.executor_id, len(WORKFLOWS))
    overseer = Overseer(engine.executor_id, ready)
    overseer.start()
    resume.begin()
    reaper.begin(revival.revive)
    usage.begin()
    tidied = time.monotonic()
    while not stop.wait(WATCH_EVERY):
        _watch(engine)
        schedule.tick()
        if engine.idle and time.monotonic() - tidied >= TIDY_EVERY:
            tidied = time.monotonic()
            trash.empty(Home(settings.home).trash)
    log.info("Worker is stopping")
    engine.stop()
    overseer.stop()
    roll.leave(engine.executor_id)
    db_service.close()


if __name__ == "__main__":
    main()
