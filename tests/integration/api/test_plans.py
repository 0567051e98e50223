"""Plans over HTTP: made by the worker, shown, promised by their hash; and the releases that are kept."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from api_lab import NOBODY, V1, Api
from jarvis.accounts.roles import Role
from jarvis.deployments import needs, record
from jarvis.deployments.plans import work
from models import Deployment
from planned import finish, seen
from seed import MORNING
from services.db_service import db_service

Json = dict[str, Any]


def finished(row: Json) -> Json:
    """What the worker leaves behind of a plan."""
    with db_service.get_session() as session:
        return finish(session, row["id"])


def ask(api: Api, content: bytes = b"<p>1", **body: Any) -> Json:
    answer = api.ask("POST", f"{V1}/plans", json={"artifact_id": api.upload(content)["id"], **body})
    assert answer.status_code == 202, answer.text
    return answer.json or {}


def planned(api: Api, name: str, content: bytes = b"<p>1") -> tuple[Json, Json]:
    row = ask(api, content, name=name)
    return row, finished(row)


def deploy(api: Api, **body: Any) -> Any:
    return api.ask("POST", f"{V1}/deployments", json=body)


def told(api: Api, method: str, path: str, **options: Any) -> Any:
    """The JSON of a request that went well."""
    answer = api.ask(method, V1 + path, **options)
    assert answer.status_code < 300, answer.text
    return answer.json


def test_it_works(api: Api) -> None:
    row = ask(api, domain="plan-a.localhost")
    assert (row["status"], row["service"], row["plan"], row["holds"]) == ("pending", "plan-a", None, None)
    made = finished(row)
    shown = api.get(f"/plans/{row['id']}", role=Role.VIEWER)
    assert (shown["hash"], shown["holds"], shown["difference"]) == (made["hash"], True, [])
    assert "“plan-a” is new." in shown["words"]["changes"]
    api.refused("GET", f"{V1}/services/plan-a", 404)


@pytest.mark.parametrize("length", [64, 12])
def test_a_plan_is_deployed_by_its_hash_or_by_how_it_begins(api: Api, length: int) -> None:
    row, made = planned(api, f"plan-b{length}")
    answer = deploy(api, plan=made["hash"][:length].upper())
    assert answer.status_code == 202, answer.text
    assert answer.json["service_name"] == f"plan-b{length}"
    assert answer.json["artifact_id"] == row["artifact_id"]
    promised = answer.json["configuration"]["promised"]
    assert promised["hash"] == made["hash"]
    assert promised["artifact"] == {"sha256": made["artifact"]["sha256"]}


def test_what_changed_since_is_told_and_nothing_is_done(api: Api) -> None:
    row, made = planned(api, "plan-c")
    api.ask("PATCH", f"{V1}/services/plan-c/environment", json={"set": {"LEVEL": {"value": "high"}}})
    shown = api.get(f"/plans/{row['id']}")
    assert (shown["holds"], shown["hash"]) == (False, made["hash"])
    problem = api.refused("POST", f"{V1}/deployments", 409, json={"plan": made["hash"]})
    assert problem["difference"] == shown["difference"] == ["The environment changed: 0 → 1."]
    assert problem["plan"]["environment"]["added"] == ["LEVEL"]
    assert api.get("/deployments?service=plan-c")["items"] == []


def test_the_same_bytes_may_come_again_and_others_may_not(api: Api) -> None:
    _, made = planned(api, "plan-d", b"<p>d")
    other = api.upload(b"<p>other")["id"]
    assert (
        "another artifact"
        in api.refused("POST", f"{V1}/deployments", 409, json={"plan": made["hash"], "artifact_id": other})[
            "detail"
        ]
    )
    again = api.upload(b"<p>d")["id"]
    answer = deploy(api, plan=made["hash"], artifact_id=again)
    assert (answer.status_code, answer.json["artifact_id"]) == (202, again)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"plan": "abc"}, 422),
        ({"plan": "g" * 64}, 422),
        ({"plan": "0" * 65}, 422),
        ({"plan": "0" * 64}, 404),
    ],
)
def test_what_is_no_plan_is_refused(api: Api, body: Json, status: int) -> None:
    api.refused("POST", f"{V1}/deployments", status, json=body)


@pytest.mark.parametrize(
    "more",
    [
        {"name": "x"},
        {"domain": "x.localhost"},
        {"correction": {"kind": "web"}},
        {"git": {"url": "https://git.example.org/x.git"}},
    ],
    ids=lambda more: next(iter(more)),
)
def test_a_plan_says_all_of_it(api: Api, more: Json) -> None:
    problem = api.refused("POST", f"{V1}/deployments", 422, json={"plan": "0" * 64, **more})
    assert problem["field"] == next(iter(more))


def test_a_plan_needs_an_artifact(api: Api) -> None:
    api.refused("POST", f"{V1}/plans", 404, json={"artifact_id": NOBODY})
    api.refused("GET", f"{V1}/plans/{NOBODY}", 404)


def live(api: Api, name: str, count: int) -> list[str]:
    """A service with so many releases, the last of which answers."""
    return [api.seed.live(name, at=MORNING + timedelta(hours=number)) for number in range(count)]


def test_a_rollback_is_shown_first(api: Api) -> None:
    first, second = live(api, "plan-e", 2)
    shown = told(api, "POST", "/services/plan-e/rollback/plan", json={})
    assert shown["deployment_id"] == first
    assert shown["plan"]["action"] == "rollback"
    assert shown["plan"]["replaces"] == second
    problem = api.refused("POST", f"{V1}/services/plan-e/rollback", 409, json={"plan": "0" * 64})
    assert problem["plan"]["hash"] == shown["hash"]
    row = told(api, "POST", "/services/plan-e/rollback", json={"plan": shown["hash"]})
    assert row["configuration"]["promised"]["hash"] == shown["hash"]


def test_nothing_is_written_by_looking_at_a_rollback(api: Api) -> None:
    live(api, "plan-f", 2)
    before = len(api.get("/workflows?service=plan-f")["items"])
    api.ask("POST", f"{V1}/services/plan-f/rollback/plan", json={})
    assert len(api.get("/workflows?service=plan-f")["items"]) == before
    api.refused("POST", f"{V1}/services/nobody/rollback/plan", 404, json={})


def test_what_was_asked_of_one_deploy_does_not_come_back(api: Api) -> None:
    first, _ = live(api, "plan-g", 2)
    with db_service.get_session() as session:
        row = session.get_one(Deployment, UUID(first))
        row.configuration = {**row.configuration, "promised": {"hash": "x"}, "approved": {"by": "ada"}}
    row = told(api, "POST", "/services/plan-g/rollback", json={})
    assert not {"promised", "approved"} & row["configuration"].keys()


def releases(api: Api, name: str) -> list[Json]:
    return api.get(f"/services/{name}/releases", role=Role.VIEWER)["items"]


def test_the_releases_that_are_kept_are_listed(api: Api) -> None:
    keys = live(api, "plan-h", 8)
    found = releases(api, "plan-h")
    assert [row["deployment_id"] for row in found] == keys[:1:-1], "the last and five before it"
    assert [row["current"] for row in found] == [True] + [False] * 5


def test_what_is_pinned_stays_however_many_come_after(api: Api) -> None:
    keys = live(api, "plan-i", 6)
    pin = f"/services/plan-i/releases/{keys[0]}/pin"
    assert told(api, "PUT", pin)["items"][-1] == {
        **releases(api, "plan-i")[-1],
        "pinned": True,
        "pinned_by": "admin",
    }
    later = [api.seed.live("plan-i", at=MORNING + timedelta(days=1 + number)) for number in range(8)]
    assert record.releases_to_keep("plan-i") == [*later[:1:-1], keys[0]]
    with db_service.get_session() as session:
        artifact = session.get_one(Deployment, UUID(keys[0])).artifact_id
        assert artifact is not None
        assert [str(row.id) for row in needs.who_needs(session, artifact)] == [keys[0]]
    told(api, "DELETE", pin)
    assert record.releases_to_keep("plan-i") == later[:1:-1]
    with db_service.get_session() as session:
        assert needs.who_needs(session, artifact) == []


def test_only_what_is_there_can_be_pinned(api: Api) -> None:
    keys = live(api, "plan-j", 8)
    other = api.seed.live("plan-k")
    gone = api.refused("PUT", f"{V1}/services/plan-j/releases/{keys[0]}/pin", 409)
    assert "not kept any more" in gone["detail"]
    for key in (other, NOBODY):
        api.refused("PUT", f"{V1}/services/plan-j/releases/{key}/pin", 404)
        api.refused("DELETE", f"{V1}/services/plan-j/releases/{key}/pin", 404)
    api.refused("GET", f"{V1}/services/nobody/releases", 404)


def test_a_service_says_itself_how_many_are_kept(api: Api) -> None:
    keys = live(api, "plan-l", 5)
    with db_service.get_session() as session:
        row = session.get_one(Deployment, UUID(keys[-1]))
        row.configuration = {**row.configuration, "settings": {"keep": 2}}
    assert record.releases_to_keep("plan-l") == keys[:1:-1]


def test_a_secret_that_the_deploy_makes_first_is_planned(api: Api) -> None:
    row = ask(api, name="makes")
    with db_service.get_session() as session:
        before = seen(session, row, generates=["SESSION_KEY"])
        made = work.assembled(session, "makes", row["domain"], before)
    assert made["environment"]["version"] == 1
    body = {"set": {"SESSION_KEY": {"value": "x", "secret": True}}}
    assert api.ask("PATCH", f"{V1}/services/makes/environment", json=body).status_code == 200
    with db_service.get_session() as session:
        again = work.assembled(session, "makes", row["domain"], before)
    assert again["environment"]["version"] == 1
    assert again["hash"] == made["hash"], "once it is made, the plan holds"
