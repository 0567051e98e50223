"""Operations on tasks."""

from flask import Response
from sqlalchemy import select

from jarvis.accounts.roles import Role
from jarvis.api.operation import Parameter, answer, identifier, operation
from jarvis.api.page import PAGE, newest_first, one_of
from jarvis.api.shapes import TaskRow, Tasks
from jarvis.errors import NotFound
from models import Task, TaskStatus, TaskType
from services.db_service import db_service


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
    ),
    answers={200: Tasks},
)
def list_tasks() -> Response:
    """A page of tasks."""
    query = select(Task)
    for condition in (one_of("status", TaskStatus, Task.status), one_of("type", TaskType, Task.task_type)):
        if condition is not None:
            query = query.where(condition)
    with db_service.get_session() as session:
        page = newest_first(session, query, Task.created_at, Task.id, Task.to_dict)
    return answer(page)


@operation("GET", "/tasks/<id>", tag="tasks", summary="Show a task", role=Role.VIEWER, answers={200: TaskRow})
def show_task(id: str) -> Response:  # noqa: A002 - the name in the address
    """One task."""
    with db_service.get_session() as session:
        row = session.get(Task, identifier(id, "task"))
        if row is None:
            raise NotFound(f"There is no task {id}.", "See GET /api/v1/tasks.")
        return answer(row.to_dict())
