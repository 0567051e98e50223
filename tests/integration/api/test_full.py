"""A database whose disk is full: what is there is shown, and what cannot be written says why."""

import pytest
from sqlalchemy import text

from api_lab import V1, Api
from services.db_service import db_service

FULL = """
    CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        RAISE EXCEPTION 'could not extend file "base/5/16384": No space left on device' USING ERRCODE = '{}';
    END $$;
    CREATE TRIGGER full_disk BEFORE INSERT ON {} EXECUTE FUNCTION refuse();
"""


def fill(table: str, state: str = "53100") -> None:
    """Let the database refuse new rows of this table, as one without room does."""
    with db_service.get_session() as session:
        session.execute(text(FULL.format(state, table)))


@pytest.mark.parametrize("table", ["artifacts", "workflows", "workflow_events", "idempotency_keys"])
def test_it_works(large: Api, table: str) -> None:
    large.deploy(name="before", domain="before.localhost")
    fill(table)
    headers = {"Idempotency-Key": "again"}
    answer = large.ask("POST", f"{V1}/artifacts?filename=index.html", data=b"<p>2", headers=headers)
    assert answer.status_code == 507, answer.text
    body = answer.json or {}
    assert (body["code"], body["status"]) == ("storage_full", 507)
    assert body["detail"] == "The disk of the database is full, so nothing can be written."
    assert "Free some space" in body["hint"]
    assert "base/5" not in answer.text
    assert answer.headers["Retry-After"]
    assert len(large.get("/artifacts")["items"]) == 1
    with db_service.get_session() as session:
        session.execute(text("DROP FUNCTION refuse() CASCADE"))
    answer = large.ask("POST", f"{V1}/artifacts?filename=index.html", data=b"<p>2", headers=headers)
    assert answer.status_code == 201, "the same request goes well once there is room"


def test_too_little_memory_is_told_as_a_database_that_is_away(large: Api) -> None:
    fill("artifacts", "53200")
    body = large.refused("POST", f"{V1}/artifacts?filename=index.html", 503, data=b"<p>2")
    assert body["code"] == "unavailable"
