"""The OpenAPI document says what is there."""

import re
from typing import Any

import msgspec
import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from api_lab import Api
from jarvis.accounts.roles import Role
from jarvis.api import examples
from jarvis.api.openapi import document
from jarvis.api.operation import OPERATIONS, RULES

ALL = [
    (path, method, item) for path, methods in document()["paths"].items() for method, item in methods.items()
]


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
    assert "requestBody" not in item or method in {"post", "put", "patch"}
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


def check(schema: dict[str, Any], example: Any) -> None:
    """The example fits its schema, and nothing in it is left open."""
    whole = {**schema, "components": document()["components"]}
    Draft202012Validator(whole).validate(example)
    text = msgspec.json.encode(example).decode()
    place = text.partition(f'":"{examples.UNKNOWN}"')[0].rpartition('"')[2]
    assert examples.UNKNOWN not in text, f"jarvis.api.examples lacks the member {place}"


@pytest.mark.parametrize(("path", "method", "item"), ALL, ids=lambda part: part if type(part) is str else "")
def test_every_operation_has_examples(path: str, method: str, item: dict[str, Any]) -> None:
    for parameter in item["parameters"]:
        assert parameter["in"] != "path" or parameter["example"]
    for media in item.get("requestBody", {}).get("content", {}).values():
        assert "example" in media, "operation(…, example=…)"
        check(media["schema"], media["example"])
    shown = [media for answer in item["responses"].values() for media in answer.get("content", {}).values()]
    for media in shown:
        assert "example" in media
        check(media["schema"], media["example"])
    assert shown or "204" in item["responses"]


@pytest.mark.parametrize(("path", "method", "item"), ALL, ids=lambda part: part if type(part) is str else "")
def test_every_operation_declares_its_refusals_and_headers(
    path: str, method: str, item: dict[str, Any]
) -> None:
    answers = item["responses"]
    assert {"400", "401", "403", "429", "503"} <= set(answers)
    assert ("404" in answers) or "{" not in path
    sent = {part["name"] for part in item["parameters"] if part["in"] == "header"}
    assert ("Idempotency-Key" in sent) == (method == "post")
    assert ("If-None-Match" in sent) == (method == "get")
    assert ("If-Match" in sent) == (method in {"put", "patch", "delete"})
    assert ("412" in answers) or method not in {"put", "patch", "delete"}
    good = next(answer for status, answer in answers.items() if status.startswith("2"))
    assert "RateLimit-Remaining" in good["headers"]
    assert ("ETag" in good["headers"]) == (method == "get")
    assert ("Idempotent-Replayed" in good["headers"]) == (method == "post")


def test_every_refusal_is_told_with_an_example() -> None:
    for answer in document()["components"]["responses"].values():
        media = answer["content"]["application/problem+json"]
        check(media["schema"], media["example"])
