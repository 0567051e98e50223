"""What the compose file of a service may do to the machine, said by an administrator."""

from typing import Any

import pytest

from api_lab import V1, Api
from jarvis.accounts.roles import Role
from jarvis.deployments import record
from jarvis.deployments.compose import allowed
from services.db_service import db_service


def change(api: Api, name: str, **body: Any) -> Any:
    return api.ask("PATCH", f"{V1}/services/{name}/permissions", json=body)


def test_it_works(api: Api) -> None:
    api.seed.live("shop")
    assert change(api, "shop").json == {"service": "shop", "allowed": []}
    assert change(api, "shop", allow=["ports", "devices"]).json["allowed"] == ["devices", "ports"]
    assert change(api, "shop", forbid=["devices"]).json["allowed"] == ["ports"]
    assert allowed.now("shop") == ["ports"]


def test_it_can_be_said_before_the_first_deploy_and_stays_when_that_fails(api: Api) -> None:
    assert change(api, "coming", allow=["ports"]).status_code == 200
    with db_service.get_session() as session:
        record.forget_if_unused(session, "coming")
    assert allowed.now("coming") == ["ports"]


@pytest.mark.parametrize("body", [{"allow": ["everything"]}, {"allow": "ports"}, {"grant": []}])
def test_what_there_is_not_cannot_be_allowed(api: Api, body: dict[str, Any]) -> None:
    api.seed.live("shop2")
    assert change(api, "shop2", **body).status_code == 422
    assert allowed.now("shop2") == []


def test_a_service_that_is_not_there_has_nothing_to_show(api: Api) -> None:
    assert change(api, "nobody-knows-it").status_code == 404
    assert allowed.now("nobody-knows-it") == []


def test_only_administrators_may(api: Api) -> None:
    api.seed.live("shop3")
    for role in (Role.VIEWER,):
        answer = api.ask("PATCH", f"{V1}/services/shop3/permissions", json={"allow": ["ports"]}, role=role)
        assert answer.status_code == 403
    assert allowed.now("shop3") == []
