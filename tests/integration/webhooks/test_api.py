"""Webhooks over the API."""

from typing import Any

import pytest

import hooks
from api_lab import NOBODY, V1, Api
from jarvis import vault
from jarvis.accounts.roles import Role
from jarvis.webhooks import record

URL = "https://example.org/jarvis"


def create(api: Api, **body: Any) -> dict[str, Any]:
    answer = api.ask("POST", f"{V1}/webhooks", json={"url": URL, **body})
    assert answer.status_code == 201, answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.json
    return answer.json


def test_it_works(api: Api) -> None:
    made = create(api, name="chat", events=["task", "workflow.failed"])
    assert made["secret"].startswith("whsec_")
    shown = {name: value for name, value in made.items() if name != "secret"}
    assert shown["url"] == URL
    assert shown["events"] == ["task", "workflow.failed"]
    assert shown["active"] is True
    assert shown["created_by"] == "admin"
    assert api.get(f"/webhooks/{made['id']}") == shown
    assert api.get("/webhooks") == {"items": [shown], "next": None}
    assert vault.unseal(hooks.hook(made["id"]).secret) == made["secret"]
    assert api.ask("DELETE", f"{V1}/webhooks/{made['id']}").status_code == 204
    api.refused("GET", f"{V1}/webhooks/{made['id']}", 404)


def test_a_given_secret_is_taken_and_the_name_is_that_of_the_address(api: Api) -> None:
    made = create(api, secret=hooks.SECRET)
    assert made["secret"] == hooks.SECRET
    assert made["name"] == "example.org"
    assert made["events"] == []


def test_the_secret_is_shown_once(api: Api) -> None:
    made = create(api)
    answers = [
        api.ask("GET", f"{V1}/webhooks"),
        api.ask("GET", f"{V1}/webhooks/{made['id']}"),
        api.ask("PATCH", f"{V1}/webhooks/{made['id']}", json={"secret": "another-secret-012345"}),
        api.ask("POST", f"{V1}/webhooks/{made['id']}/test"),
        api.ask("GET", f"{V1}/webhooks/{made['id']}/deliveries"),
    ]
    for answer in answers:
        assert answer.status_code < 300
        assert made["secret"] not in answer.text
        assert "another-secret" not in answer.text
    assert vault.unseal(hooks.hook(made["id"]).secret) == "another-secret-012345"


def test_what_is_named_is_changed_and_nothing_else(api: Api) -> None:
    key = create(api, name="chat", events=["task"])["id"]
    before = hooks.hook(key).secret
    changes: dict[str, Any] = {
        "active": False,
        "name": "room",
        "url": "http://192.168.1.2/x",
        "events": [],
    }
    for name, value in changes.items():
        shown = api.get(f"/webhooks/{key}")
        answer = api.ask("PATCH", f"{V1}/webhooks/{key}", json={name: value})
        assert answer.json
        times = ("updated_at", "created_at")
        assert {k: v for k, v in answer.json.items() if k not in times} == {
            k: v for k, v in {**shown, name: value}.items() if k not in times
        }
    assert hooks.hook(key).secret == before


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"url": "ftp://example.org/"}, "http"),
        ({"url": "https://anna:word@example.org/"}, "password"),
        ({"url": "http://169.254.169.254/"}, "link-local"),
        ({"url": "https://example.org/" + "a" * 2000}, "2000"),
        ({"url": ""}, "http"),
        ({"url": 5}, "url"),
        ({"url": "http://\x00/"}, "signs"),
        ({"secret": "short"}, "16 to 200"),
        ({"secret": "x" * 201}, "16 to 200"),
        ({"events": ["nonsense"]}, "no event"),
        ({"events": "task"}, "events"),
        ({"name": "x" * 256}, "name"),
        ({"name": "a\x00b"}, "name"),
        ({"name": " "}, "name"),
        ({"active": "no"}, "active"),
        ({"nonsense": 1}, "nonsense"),
    ],
)
def test_what_cannot_be_used_is_refused_in_words(api: Api, body: dict[str, Any], words: str) -> None:
    key = create(api)["id"]
    changed = api.refused("PATCH", f"{V1}/webhooks/{key}", 422, json=body)
    assert words in changed["detail"]
    refused = api.refused("POST", f"{V1}/webhooks", 422, json={"url": URL, **body})
    assert "active" in body or words in refused["detail"]
    assert "anna:word" not in f"{changed}{refused}"
    assert len(api.get("/webhooks")["items"]) == 1


def test_a_webhook_needs_an_address(api: Api) -> None:
    assert "url" in api.refused("POST", f"{V1}/webhooks", 422, json={})["detail"]


def test_there_are_not_too_many(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(record, "MOST", 2)
    create(api)
    create(api)
    assert "2 webhooks already" in api.refused("POST", f"{V1}/webhooks", 409, json={"url": URL})["detail"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", ""),
        ("POST", ""),
        ("GET", "/<id>"),
        ("PATCH", "/<id>"),
        ("DELETE", "/<id>"),
        ("POST", "/<id>/test"),
        ("GET", "/<id>/deliveries"),
        ("GET", "/<id>/deliveries/<delivery>"),
        ("POST", "/<id>/deliveries/<delivery>/redeliver"),
    ],
)
def test_only_an_administrator_may(api: Api, method: str, path: str) -> None:
    key = create(api)["id"]
    api.ask("POST", f"{V1}/webhooks/{key}/test")
    place = f"{V1}/webhooks{path}".replace("<id>", key).replace("<delivery>", str(hooks.one().id))
    for role, status in ((Role.ANYONE, 401), (Role.VIEWER, 403)):
        api.refused(method, place, status, role=role, json={"url": URL})
    options: dict[str, Any] = {"json": {"url": URL}} if not path or method == "PATCH" else {}
    assert api.ask(method, place, **options).status_code < 300


@pytest.mark.parametrize("key", [NOBODY, "x"])
def test_what_is_not_there_is_not_found(api: Api, key: str) -> None:
    real = create(api)["id"]
    for method, path in (
        ("GET", f"/{key}"),
        ("PATCH", f"/{key}"),
        ("DELETE", f"/{key}"),
        ("POST", f"/{key}/test"),
        ("GET", f"/{key}/deliveries"),
        ("GET", f"/{real}/deliveries/{key}"),
        ("POST", f"/{real}/deliveries/{key}/redeliver"),
    ):
        api.refused(method, f"{V1}/webhooks{path}", 404, json={})


def test_a_delivery_is_found_at_its_own_webhook_only(api: Api) -> None:
    own, other = create(api)["id"], create(api)["id"]
    made = api.ask("POST", f"{V1}/webhooks/{own}/test").json
    assert made
    assert api.get(f"/webhooks/{own}/deliveries/{made['id']}") == made
    api.refused("GET", f"{V1}/webhooks/{other}/deliveries/{made['id']}", 404)
    api.refused("POST", f"{V1}/webhooks/{other}/deliveries/{made['id']}/redeliver", 404)


def test_a_test_is_sent_whatever_the_webhook_wants(api: Api) -> None:
    key = create(api, events=["task"])["id"]
    api.ask("PATCH", f"{V1}/webhooks/{key}", json={"active": False})
    answer = api.ask("POST", f"{V1}/webhooks/{key}/test")
    assert answer.status_code == 202
    assert answer.json
    assert answer.json["event"] == answer.json["payload"]["event"] == "webhook.test"
    assert answer.json["payload"]["data"]["url"] == f"/api/v1/webhooks/{key}"


def test_the_log_has_pages_and_a_filter(api: Api) -> None:
    key = create(api)["id"]
    for _ in range(3):
        hooks.happen()
    first = api.get(f"/webhooks/{key}/deliveries?limit=2&status=pending")
    second = api.get(f"/webhooks/{key}/deliveries?limit=2&status=pending&cursor={first['next']}")
    assert len({row["id"] for row in first["items"] + second["items"]}) == 3
    assert second["next"] is None
    assert api.get(f"/webhooks/{key}/deliveries?status=failed") == {"items": [], "next": None}
    words = api.refused("GET", f"{V1}/webhooks/{key}/deliveries?status=lost", 422)["detail"]
    assert "pending, delivered, failed" in words


def test_a_redelivery_has_the_same_message(api: Api) -> None:
    key = create(api)["id"]
    hooks.happen()
    row = hooks.one()
    answer = api.ask("POST", f"{V1}/webhooks/{key}/deliveries/{row.id}/redeliver")
    assert answer.status_code == 202
    assert answer.json
    assert answer.json["payload"] == row.payload
    assert answer.json["id"] != str(row.id)
    assert answer.json["workflow_id"] != str(row.workflow_id)
    assert [row.created_by for row in hooks.workflows() if str(row.id) == answer.json["workflow_id"]] == [
        "admin"
    ]


def test_without_the_key_a_webhook_can_still_be_seen_and_removed(api: Api) -> None:
    key = create(api)["id"]
    vault.key_file().unlink()
    assert api.get(f"/webhooks/{key}")["id"] == key
    assert api.ask("DELETE", f"{V1}/webhooks/{key}").status_code == 204


def test_its_deliveries_go_with_a_webhook_and_their_workflows_stay(api: Api) -> None:
    key = create(api)["id"]
    hooks.happen()
    api.ask("DELETE", f"{V1}/webhooks/{key}")
    assert hooks.deliveries() == []
    assert len(hooks.workflows()) == 1
