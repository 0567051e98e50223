"""What is over, of what runs in Docker: what is unknown is not, as the database may be an older one."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from jarvis.deployments.record import ENDED
from jarvis.workflows import ledger
from models import Deployment, Workflow


def deployments(keys: set[str]) -> set[str]:
    """Those that are known and over."""

    def work(session: Session) -> set[str]:
        query = select(Deployment.id).where(
            Deployment.id.in_([UUID(key) for key in keys]), Deployment.status.in_(ENDED)
        )
        return {str(key) for key in session.scalars(query)}

    return ledger.patiently(work) if keys else set()


def workflows(keys: set[str]) -> set[str]:
    """The workflows among them that have ended: whoever ran a command for them was killed."""

    def work(session: Session) -> set[str]:
        query = select(Workflow.id).where(
            Workflow.id.in_([UUID(key) for key in keys]), Workflow.status.in_(ledger.FINAL)
        )
        return {str(key) for key in session.scalars(query)}

    return ledger.patiently(work) if keys else set()
