"""Who is told of what, in the transaction of the event."""

import pytest
from sqlalchemy import event, select
from sqlalchemy.engine import Connection

import hooks
from api_lab import V1, Api
from jarvis.errors import JarvisError
from jarvis.webhooks import about
from jarvis.webhooks.tell import KIND, tell
from jarvis.workflows.request import kind_of
from models import Webhook, Workflow
from services.db_service import db_service

URL = "http://127.0.0.1:9/hook"


def statements(act: str) -> list[str]:
    """What the database is asked for, to tell the event `act`."""
    said: list[str] = []

    def note(_: Connection, __: object, statement: str, *___: object) -> None:
        said.append(statement)

    event.listen(db_service.engine, "before_cursor_execute", note)
    try:
        with db_service.get_session() as session:
            tell(session, act, hooks.PAYLOAD)
    finally:
        event.remove(db_service.engine, "before_cursor_execute", note)
    return said


def test_it_works(api: Api) -> None:
    key = hooks.add(api, URL, name="chat", events=["workflow.failed"])
    hooks.happen("workflow.failed")
    row = hooks.one()
    assert (str(row.webhook_id), row.event, row.status, row.attempts) == (
        key,
        "workflow.failed",
        "pending",
        0,
    )
    assert row.payload["event"] == "workflow.failed"
    assert row.payload["data"] == hooks.PAYLOAD
    (workflow,) = hooks.workflows()
    assert workflow.id == row.workflow_id
    assert workflow.name == "Tell chat of workflow.failed"
    assert kind_of(workflow) == KIND


def test_without_webhooks_it_is_one_query(api: Api) -> None:
    assert len(statements("workflow.failed")) == 1


def test_who_does_not_want_it_costs_no_more(api: Api) -> None:
    hooks.add(api, URL, events=["task"])
    assert len(statements("workflow.failed")) == 1
    assert hooks.deliveries() == []


def test_only_those_are_told_who_want_it(api: Api) -> None:
    wanted = {hooks.add(api, URL), hooks.add(api, URL, events=["task"])}
    hooks.add(api, URL, events=["workflow", "task.closed"])
    off = hooks.add(api, URL)
    assert api.ask("PATCH", f"{V1}/webhooks/{off}", json={"active": False}).status_code == 200
    hooks.happen("task.opened")
    rows = hooks.deliveries()
    assert {str(row.webhook_id) for row in rows} == wanted
    assert len({row.payload["id"] for row in rows}) == 1
    assert len({row.workflow_id for row in rows}) == 2


def test_what_is_rolled_back_is_not_told(api: Api) -> None:
    hooks.add(api, URL)
    with pytest.raises(JarvisError), db_service.get_session() as session:  # noqa: PT012 - what is tested is the end of the transaction
        tell(session, "workflow.failed", hooks.PAYLOAD)
        raise JarvisError("Something else went wrong.")
    assert hooks.deliveries() == []
    assert hooks.workflows() == []


def test_what_becomes_of_a_delivery_is_never_told(api: Api) -> None:
    hooks.add(api, URL)
    hooks.happen()
    (workflow,) = hooks.workflows()
    with db_service.get_session() as session:
        for word in ("completed", "failed", "paused"):
            tell(session, f"workflow.{word}", about.workflow(workflow))
    assert len(hooks.deliveries()) == 1


def test_signs_that_the_database_cannot_hold_are_replaced(api: Api) -> None:
    hooks.add(api, URL)
    hooks.happen(title="a\x00b\ud800")
    assert hooks.one().payload["data"]["title"] == "a�b�"


def test_the_row_of_a_workflow_can_be_told(api: Api) -> None:
    hooks.add(api, URL)
    with db_service.get_session() as session:
        row = Workflow(name="Deploy shop", workflow_type="deployment", service="shop")
        session.add(row)
        session.flush()
        tell(session, "workflow.completed", about.workflow(row))
    data = hooks.one().payload["data"]
    assert (data["type"], data["service"], data["status"]) == ("deployment", "shop", "pending")
    with db_service.get_session() as session:
        assert session.scalar(select(Workflow.name).where(Workflow.workflow_type != KIND)) == data["title"]


def test_no_secret_is_in_what_is_kept(api: Api) -> None:
    hooks.add(api, URL)
    hooks.happen()
    with db_service.get_session() as session:
        (hook,) = session.scalars(select(Webhook))
        assert hooks.SECRET.encode() not in hook.secret
        assert "secret" not in hook.to_dict()
