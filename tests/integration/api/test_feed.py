"""What all workflows say, as pages and as one live stream."""

import json
import threading
from uuid import UUID

import pytest
from sqlalchemy import update

from api_lab import NOBODY, V1, Api
from jarvis.accounts.roles import Role
from models import Workflow
from services.db_service import db_service

STREAM = {"Accept": "text/event-stream"}


def story(api: Api, name: str, *lines: str) -> str:
    """A workflow about the service `name`; returns its id."""
    _, workflow = api.seed.deployment(name)
    with db_service.get_session() as session:
        session.execute(update(Workflow).where(Workflow.id == UUID(workflow)).values(service=name))
    for line in lines:
        api.seed.say(workflow, "line", line, "build")
    return workflow


def latest(api: Api) -> str:
    """The cursor after all that happened so far."""
    return str(api.get("/events?after=latest")["next"])


def test_it_works(api: Api) -> None:
    begin = latest(api)
    shop, blog = story(api, "shop", "one"), story(api, "blog", "two")
    page = api.get(f"/events?after={begin}")
    assert [(row["workflow_id"], row["service"], row["message"]) for row in page["items"] if row["step"]] == [
        (shop, "shop", "one"),
        (blog, "blog", "two"),
    ]
    assert [row["sequence"] for row in page["items"]] == [1, 2, 1, 2]
    assert api.get(f"/events?after={page['next']}")["items"] == []
    own = api.get(f"/workflows/{shop}/events")["items"]
    fields = own[0].keys()
    assert [{name: row[name] for name in fields} for row in page["items"][:2]] == own


def test_pages_join_without_a_gap(api: Api) -> None:
    begin = after = latest(api)
    story(api, "pages", *map(str, range(20)))
    found: list[str] = []
    while items := (page := api.get(f"/events?limit=4&after={after}"))["items"]:
        found += [row["message"] for row in items]
        after = page["next"]
    assert found[1:] == [str(number) for number in range(20)]
    middle = api.get(f"/events?after={begin}")["items"][9]["cursor"]
    assert [row["message"] for row in api.get(f"/events?after={middle}")["items"]] == found[10:]


def test_filters(api: Api) -> None:
    begin = latest(api)
    one, two = story(api, "one", "a"), story(api, "two", "b")

    def found(query: str) -> list[str]:
        return [row["message"] for row in api.get(f"/events?after={begin}&kind=line&{query}")["items"]]

    assert found("") == ["a", "b"]
    assert found(f"workflow={one}") == found("service=one") == ["a"]
    assert found(f"workflow={two}&service=one") == found("service=none") == found(f"workflow={NOBODY}") == []


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("after=x", "after"),
        ("after=1-2-3", "after"),
        ("after=99999999999999999999-1", "after"),
        ("after=9000000000000000000-1", "after"),
        ("workflow=shop", "workflow"),
        ("limit=0", "limit"),
        ("limit=201", "limit"),
    ],
)
def test_a_wrong_parameter_is_named(api: Api, query: str, field: str) -> None:
    assert api.refused("GET", f"{V1}/events?{query}", 422)["field"] == field


def test_it_needs_a_token(api: Api) -> None:
    api.refused("GET", f"{V1}/events", 401, role=Role.ANYONE)
    assert api.ask("GET", f"{V1}/events", Role.VIEWER).status_code == 200


@pytest.mark.parametrize("by_header", [True, False])
def test_a_stream_goes_on_where_it_broke_off_and_tells_what_comes(api: Api, *, by_header: bool) -> None:
    begin = latest(api)
    key = story(api, "live", "before")
    headers = STREAM | {"Authorization": f"Bearer {api.tokens[Role.VIEWER]}"}
    headers |= {"Last-Event-ID": begin} if by_header else {}
    query = f"?workflow={key}" + ("" if by_header else f"&after={begin}")
    with api.app.test_client() as client:
        answer = client.get(f"{V1}/events{query}", headers=headers)
        assert answer.mimetype == "text/event-stream"
        parts = answer.iter_encoded()
        heard = [next(parts).decode() for _ in range(3)]
        teller = threading.Thread(target=lambda: api.seed.say(key, "end", "after", status="completed"))
        teller.start()
        heard.append(next(parts).decode())
        teller.join()
        answer.close()
    assert heard[0] == "retry: 1000\n\n"
    rows = [json.loads(part.partition("data: ")[2]) for part in heard[1:]]
    assert [row["message"] for row in rows[1:]] == ["before", "after"]
    assert heard[3].startswith(f"id: {rows[2]['cursor']}\nevent: end\n")
    assert api.get(f"/events?after={begin}&workflow={key}")["items"] == rows
