"""What a message says of its subject: the same members for every kind, null where there is none.

`docs/webhooks.md` shows the shape; a test keeps the two the same.
"""

from datetime import datetime
from typing import Any

from models import Deployment, Task, Workflow
from models.base import plain

Json = dict[str, Any]

LONGEST_ERROR = 2000


def workflow(row: Workflow, error: Json | None = None) -> Json:
    """A workflow; `error` is the problem object that it ended with."""
    problem = error or ({"detail": row.error_message} if row.error_message else None)
    return _data(
        id=row.id,
        workflow_id=row.id,
        type=row.workflow_type,
        title=row.name,
        service=row.service,
        status=row.status,
        by=row.created_by,
        created_at=row.created_at,
        started_at=row.started_at,
        ended_at=row.completed_at,
        url=f"/api/v1/workflows/{row.id}",
        error=problem,
    )


def deployment(row: Deployment, site: str = "", error: Json | None = None) -> Json:
    """A deployment; `site` is the address that it answers at, `error` the problem object why it does not."""
    return _data(
        id=row.id,
        workflow_id=row.workflow_id,
        type=row.service_type,
        title=row.domain,
        service=row.service_name,
        status=row.status,
        created_at=row.created_at,
        started_at=row.deployed_at,
        ended_at=row.stopped_at,
        url=f"/api/v1/deployments/{row.id}",
        site=site or None,
        error=error or row.configuration.get("error"),
    )


def service(row: Deployment, status: str, why: str) -> Json:
    """How a service is, whose deployment runs; `why` is what is wrong with it."""
    return _data(
        id=row.id,
        workflow_id=row.workflow_id,
        type=row.service_type,
        title=row.domain,
        service=row.service_name,
        status=status,
        started_at=row.deployed_at,
        url=f"/api/v1/services/{row.service_name}",
        error={"code": status, "detail": why} if why else None,
    )


def certificate(row: Task, name: str, by: str, ends: datetime, error: Json) -> Json:
    """A certificate that ends soon; `row` is the task that asks for a new one, `error` says it in words."""
    return _data(
        id=row.id,
        workflow_id=row.workflow_id,
        type=by,
        title=name,
        service=None,
        status="expiring",
        created_at=row.created_at,
        due_at=ends,
        url="/api/v1/certificates",
        error=error,
    )


def task(row: Task, service: str | None = None) -> Json:
    """A task. Its instructions and the answer are not told: whoever may see them asks for them."""
    return _data(
        id=row.id,
        workflow_id=row.workflow_id,
        type=row.task_type,
        title=row.title,
        service=service,
        status=row.status,
        by=row.completed_by,
        created_at=row.created_at,
        ended_at=row.completed_at,
        due_at=row.due_at,
        url=f"/api/v1/tasks/{row.id}",
    )


def _data(
    *,
    id: object,  # noqa: A002 - the member's name
    workflow_id: object,
    type: object,  # noqa: A002 - the member's name
    title: object,
    service: object,
    status: object,
    url: str,
    by: object = None,
    created_at: object = None,
    started_at: object = None,
    ended_at: object = None,
    due_at: object = None,
    site: str | None = None,
    error: Json | None = None,
) -> Json:
    members: Json = {
        "id": id,
        "workflow_id": workflow_id,
        "type": type,
        "title": title,
        "service": service,
        "status": status,
        "by": by,
        "created_at": created_at,
        "started_at": started_at,
        "ended_at": ended_at,
        "due_at": due_at,
        "url": url,
        "site": site,
        "error": _error(error) if error else None,
    }
    return {name: plain(value) for name, value in members.items()}


def _error(problem: Json) -> Json:
    """The three words of a problem object that a person reads; its facts stay here."""
    return {
        "code": str(problem.get("code") or "error"),
        "message": str(problem.get("detail") or "")[:LONGEST_ERROR],
        "hint": str(problem.get("hint") or "")[:LONGEST_ERROR],
    }
