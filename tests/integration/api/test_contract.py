"""The application keeps what its OpenAPI document promises, whatever schemathesis thinks of."""

import itertools
import zlib
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from schemathesis import Case, GenerationMode, SerializationContext, openapi, serializer
from schemathesis.specs.openapi.checks import (
    allow_header_conformance,
    negative_data_rejection,
    positive_data_acceptance,
)

import api_lab
import postgres_lab
from api_lab import V1, Api
from jarvis.accounts.roles import Role
from jarvis.api.openapi import document

NOT_MEANT = [positive_data_acceptance, negative_data_rejection, allow_header_conformance]
"""A schema cannot say all that makes a value good (a name that is taken, a header that is but a text).

And POST /artifacts/git stands where GET /artifacts/{id} does.
"""

NUMBERS = itertools.count()


@serializer("application/offset+octet-stream")
def bytes_of(_: SerializationContext, value: Any) -> bytes:
    """Pieces of an upload as they are sent."""
    return value if isinstance(value, bytes) else str(value).encode(errors="surrogatepass")


schema = openapi.from_dict(document())


@pytest.fixture(scope="module")
def api(
    postgres: postgres_lab.Server, engine_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Api]:
    """The application with something of every kind, without a limit on requests."""
    name = postgres.create(engine_template)
    with api_lab.serve(postgres.url(name), tmp_path_factory.mktemp("home"), upload_limit=10_000) as made:
        made.app.extensions["jarvis.rate"]._on = False
        yield made
    postgres.drop(name)


@pytest.fixture(scope="module")
def known(api: Api) -> dict[str, str]:
    """By the noun in the address: the id or name of one that is there."""
    key = api.seed.live("shop")
    return {
        "deployments": key,
        "services": "shop",
        "workflows": api.get(f"/deployments/{key}")["workflow_id"],
        "artifacts": api.upload()["id"],
    }


def aim(case: Case, known: dict[str, str]) -> None:
    """Let two of three good requests be about something that is there."""
    noun = case.path.removeprefix(V1).split("/")[1]
    chance = zlib.crc32(repr((case.path_parameters, case.query, case.body)).encode()) % 3
    is_good = case.meta is not None and case.meta.generation.mode is GenerationMode.POSITIVE
    if is_good and case.path_parameters and noun in known and chance:
        case.path_parameters[next(iter(case.path_parameters))] = known[noun]
    key = (case.headers or {}).get("Idempotency-Key", "")
    if 0 < len(key) < 200 and chance:  # else one key would stand for most requests, and nothing be done
        case.headers["Idempotency-Key"] = f"{key}{next(NUMBERS)}"


@schema.parametrize()  # pyright: ignore[reportUntypedFunctionDecorator] - schemathesis does not say its type
@settings(
    max_examples=5,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_it_works(case: Case, api: Api, known: dict[str, str]) -> None:
    case.operation.app = case.operation.schema.app = api.app  # not the one that the tests were collected for
    aim(case, known)
    headers = {"Authorization": f"Bearer {api.tokens[Role.ADMIN]}", "Accept": "application/json"}
    case.call_and_validate(headers=headers, excluded_checks=NOT_MEANT)


def test_all_operations_are_asked() -> None:
    assert schema.statistic.operations.total == sum(len(each) for each in document()["paths"].values())
