"""The OpenAPI document says what is there."""

import re
from typing import Any

import pytest
from openapi_spec_validator import validate

from api_lab import Api
from jarvis.accounts.roles import Role
from jarvis.api.openapi import document
from jarvis.api.operation import OPERATIONS, RULES

ALL = [
    (path, method, item) for path, methods in document()["paths"].items() for method, item in methods.items()
]

BARE = {"create_upload"}
"""Operations that need no body although their method may have one."""


def test_it_works(api: Api) -> None:
    answer = api.ask("GET", "/api/openapi.json", Role.ANYONE)
    assert answer.json == document()
    validate(answer.json)  # pyright: ignore[reportArgumentType] - JSON


@pytest.mark.parametrize(("path", "method", "item"), ALL, ids=lambda part: part if type(part) is str else "")
def test_every_operation_says_what_it_does_and_who_may(path: str, method: str, item: dict[str, Any]) -> None:
    assert len(item["summary"]) > 8
    assert item["tags"]
    assert item["x-jarvis-role"] == RULES[f"api.{item['operationId']}"].value
    assert any(status.startswith("2") for status in item["responses"])
    assert item["responses"]["default"] == {"$ref": "#/components/responses/Problem"}
    assert ("requestBody" in item) == (method in {"post", "put", "patch"} and item["operationId"] not in BARE)
    named = {part["name"] for part in item["parameters"] if part["in"] == "path"}
    assert named == set(re.findall(r"{(\w+)}", path))
    assert all(part["description"] for part in item["parameters"] if part["in"] in {"query", "header"})


def test_every_route_of_the_api_is_in_it(api: Api) -> None:
    routes = {
        (method, re.sub(r"<(\w+)>", r"{\1}", rule.rule))
        for rule in api.app.url_map.iter_rules()
        if rule.endpoint.startswith("api.")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert routes == {(method.upper(), path) for path, method, _ in ALL}
    assert len(OPERATIONS) == len(ALL)


def test_operations_are_named_once() -> None:
    names = [item["operationId"] for _, _, item in ALL]
    assert len(names) == len(set(names))
