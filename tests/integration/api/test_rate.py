"""Who sends too much is told to slow down; nobody else is."""

import http.client
import threading
from collections import Counter
from collections.abc import Iterator

import pytest

import postgres_lab
import web_lab
from api_lab import V1, Api
from jarvis.accounts.roles import Role
from jarvis.api import rate


@pytest.fixture
def few_calls(monkeypatch: pytest.MonkeyPatch, api: Api) -> Iterator[Api]:
    """The application with little patience."""
    limits = rate.Limits(5)
    before = api.app.before_request_funcs[None][:]
    after = api.app.after_request_funcs[None][:]
    mine = api.app.extensions["jarvis.rate"]
    api.app.before_request_funcs[None] = [limits.spend, *(each for each in before if each != mine.spend)]
    api.app.after_request_funcs[None] = [limits.tell, *(each for each in after if each != mine.tell)]
    yield api
    api.app.before_request_funcs[None] = before
    api.app.after_request_funcs[None] = after


def test_it_works(few_calls: Api) -> None:
    found = [few_calls.ask("GET", f"{V1}/tasks") for _ in range(5)]
    assert [answer.status_code for answer in found] == [200] * 5
    assert [answer.headers["RateLimit-Remaining"] for answer in found] == ["4", "3", "2", "1", "0"]
    assert found[0].headers["RateLimit-Limit"] == "5"
    assert 0 < int(found[-1].headers["RateLimit-Reset"]) <= 60
    said = few_calls.ask("GET", f"{V1}/tasks")
    assert said.status_code == 429
    assert 1 <= int(said.headers["Retry-After"]) <= 12
    assert said.headers["RateLimit-Remaining"] == "0"
    assert few_calls.refused("GET", f"{V1}/tasks", 429)["code"] == "too_many_requests"


def test_another_caller_is_not_slowed_down(few_calls: Api) -> None:
    for _ in range(7):
        few_calls.ask("GET", f"{V1}/tasks")
    assert few_calls.ask("GET", f"{V1}/tasks", Role.VIEWER).status_code == 200
    assert few_calls.ask("GET", "/login", Role.ANYONE).status_code == 200


def test_probes_and_the_pages_own_files_are_never_limited(few_calls: Api) -> None:
    for path in ("/healthz", "/readyz", "/static/style.css"):
        for _ in range(8):
            answer = few_calls.ask("GET", path, Role.ANYONE)
            assert answer.status_code == 200
            assert "RateLimit-Limit" not in answer.headers


def test_an_address_that_tries_tokens_is_slowed_down_but_known_callers_are_not(few_calls: Api) -> None:
    assert few_calls.ask("GET", f"{V1}/tasks").status_code == 200
    tried = [
        few_calls.ask("GET", f"{V1}/tasks", headers={"Authorization": f"Bearer jarvis_{number}"}).status_code
        for number in range(8)
    ]
    assert tried == [401] * 5 + [429] * 3
    assert few_calls.ask("GET", f"{V1}/tasks").status_code == 200
    assert few_calls.ask("POST", "/login", Role.ANYONE, data={"token": "x"}).status_code == 429


def test_a_page_that_is_open_to_anyone_makes_no_token_known(few_calls: Api) -> None:
    header = {"Authorization": "Bearer jarvis_unknown"}
    assert few_calls.ask("GET", "/api/openapi.json", headers=header).status_code == 200
    wrong = {"Authorization": "Bearer jarvis_no"}
    tried = [few_calls.ask("GET", f"{V1}/tasks", headers=wrong).status_code for _ in range(8)]
    assert tried[-1] == 429
    assert few_calls.ask("GET", f"{V1}/tasks", headers=header).status_code == 429


def test_zero_is_no_limit(api: Api) -> None:
    limits = rate.Limits(0)
    with api.app.test_request_context("/api/v1/tasks"):
        for _ in range(20_000):
            limits.spend()


def test_many_at_once_are_all_answered(
    postgres: postgres_lab.Server, engine_template: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with web_lab.fresh(postgres, engine_template, tmp_path_factory.mktemp("crowd")) as site:
        token = site.seed.token()
        found: Counter[int] = Counter()
        lock = threading.Lock()

        def call(number: int) -> None:
            wire = http.client.HTTPConnection("127.0.0.1", site.port, timeout=60)
            paths = ("tasks", "services", "artifacts/x", "workflows?limit=0")
            headers = {"Authorization": f"Bearer {token}"} if number % 5 else {}
            wire.request("GET", f"{V1}/{paths[number % 4]}", headers=headers)
            answer = wire.getresponse()
            answer.read()
            wire.close()
            with lock:
                found[answer.status] += 1

        crowd = [threading.Thread(target=call, args=(number,)) for number in range(400)]
        for each in crowd:
            each.start()
        for each in crowd:
            each.join(90)
        assert sum(found.values()) == 400
        assert set(found) == {200, 401, 404, 422}
