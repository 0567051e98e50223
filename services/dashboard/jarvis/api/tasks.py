"""Operations on tasks."""

from flask import Response, g, request
from msgspec import UNSET
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from jarvis.accounts.roles import Role
from jarvis.api import bounded, etag
from jarvis.api.operation import Parameter, answer, identifier, operation
from jarvis.api.page import PAGE, newest_first, one_of
from jarvis.api.shapes import TaskRow, Tasks
from jarvis.api.task_shapes import DoneRequest, RejectRequest, TaskChange, TaskRequest
from jarvis.errors import Conflict, NotFound
from jarvis.tasks import answer as answers
from jarvis.tasks.ask import OPEN, told
from models import Task, TaskPriority, TaskStatus, TaskType, Workflow
from services.db_service import db_service


def filtered() -> Select[Task]:
    """The tasks that the parameters `status`, `type`, `priority`, `service` and `assigned_to` mean."""
    query = select(Task)
    conditions = (
        one_of("status", TaskStatus, Task.status),
        one_of("type", TaskType, Task.task_type),
        one_of("priority", TaskPriority, Task.priority),
    )
    for condition in conditions:
        if condition is not None:
            query = query.where(condition)
    if service := request.args.get("service"):
        query = query.where(Task.workflow_id.in_(select(Workflow.id).where(Workflow.service == service)))
    if person := request.args.get("assigned_to"):
        query = query.where(Task.assigned_to == person)
    return query


@operation(
    "GET",
    "/tasks",
    tag="tasks",
    summary="List tasks, newest first",
    role=Role.VIEWER,
    parameters=(
        *PAGE,
        Parameter("status", "Only with this status."),
        Parameter("type", "Only of this type."),
        Parameter("priority", "Only with this priority."),
        Parameter("service", "Only of the workflows of this service."),
        Parameter("assigned_to", "Only those that are meant for this one."),
    ),
    answers={200: Tasks},
)
def list_tasks() -> Response:
    """A page of tasks."""
    query = filtered()
    with db_service.get_session() as session:
        page = newest_first(session, query, Task.created_at, Task.id, Task.to_dict)
    return answer(page)


@operation(
    "POST",
    "/tasks",
    tag="tasks",
    summary="Open a task by hand",
    role=Role.ADMIN,
    body=TaskRequest,
    example={
        "type": "verification",
        "title": "Look at the new start page",
        "priority": "high",
        "instructions": {"steps": ["Open https://mysite.example.org", "Compare the prices"]},
        "assigned_to": "anna",
    },
    answers={201: TaskRow},
)
def create_task() -> Response:
    """A task that no workflow waits for."""
    body = bounded.read(TaskRequest)
    with db_service.get_session() as session:
        task = Task(
            title=body.title,
            description=body.description or None,
            task_type=TaskType(body.type),
            priority=TaskPriority(body.priority),
            instructions=body.instructions,
            assigned_to=body.assigned_to,
            due_at=body.due_at,
            task_metadata={"opened_by": g.caller.name},
        )
        session.add(task)
        session.flush()
        told(session, "task.opened", task)
        shown = task.to_dict()
    return answer(shown, 201)


def found(session: Session, id: str, *, lock: bool = False) -> Task:  # noqa: A002 - the name in the address
    """The task of an address.

    Raises:
        NotFound: There is none.
    """
    row = session.get(Task, identifier(id, "task"), with_for_update=lock or None)
    if row is None:
        raise NotFound(f"There is no task {id}.", "See jarvis tasks list, or GET /api/v1/tasks.")
    return row


@operation("GET", "/tasks/<id>", tag="tasks", summary="Show a task", role=Role.VIEWER, answers={200: TaskRow})
def show_task(id: str) -> Response:  # noqa: A002 - the name in the address
    """One task."""
    with db_service.get_session() as session:
        return answer(found(session, id).to_dict())


@operation(
    "PATCH",
    "/tasks/<id>",
    tag="tasks",
    summary="Change who is meant, how urgent it is, or until when",
    role=Role.ADMIN,
    body=TaskChange,
    example={"assigned_to": "ben", "priority": "urgent"},
    answers={200: TaskRow},
)
def change_task(id: str) -> Response:  # noqa: A002 - the name in the address
    """Change an open task."""
    body = bounded.read(TaskChange)
    with db_service.get_session() as session:
        task = found(session, id, lock=True)
        etag.check(task.to_dict())
        if task.status not in OPEN:
            raise Conflict(
                f"The task is closed: {task.status.value}.",
                "Only an open task can be changed.",
                {"status": task.status.value},
            )
        if body.priority is not UNSET:
            task.priority = TaskPriority(body.priority)
        if body.assigned_to is not UNSET:
            task.assigned_to = body.assigned_to
        if body.due_at is not UNSET:
            task.due_at = body.due_at
        session.flush()
        shown = task.to_dict()
    return answer(shown)


@operation(
    "POST",
    "/tasks/<id>/done",
    tag="tasks",
    summary="Say that a task is done; what waits for it goes on",
    role=Role.ADMIN,
    body=DoneRequest,
    example={"answer": {"approved": True}, "note": "Looked at it with Ben."},
    answers={202: TaskRow},
)
def finish_task(id: str) -> Response:  # noqa: A002 - the name in the address
    """Close it with an answer."""
    body = bounded.read(DoneRequest)
    with db_service.get_session() as session:
        task = found(session, id, lock=True)
        etag.check(task.to_dict())
        shown = answers.done(session, str(task.id), g.caller.name, body.answer, body.note).to_dict()
    return answer(shown, 202)


@operation(
    "POST",
    "/tasks/<id>/reject",
    tag="tasks",
    summary="Say that a task will not be done, and why",
    role=Role.ADMIN,
    body=RejectRequest,
    example={"reason": "The domain is not ours."},
    answers={202: TaskRow},
)
def reject_task(id: str) -> Response:  # noqa: A002 - the name in the address
    """Close it without one."""
    body = bounded.read(RejectRequest)
    with db_service.get_session() as session:
        task = found(session, id, lock=True)
        etag.check(task.to_dict())
        shown = answers.reject(session, str(task.id), g.caller.name, body.reason).to_dict()
    return answer(shown, 202)
