"""Declares an operation once: route, role, parameters, body, answers. The OpenAPI document reads the same."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

import msgspec
from flask import Blueprint, Response, request
from werkzeug.exceptions import UnsupportedMediaType

from jarvis.accounts.roles import Role
from jarvis.api.body import whole
from jarvis.errors import BadRequest, InvalidInput, NotFound

F = TypeVar("F", bound=Callable[..., Any])

RULES: dict[str, Role] = {}
"""Endpoint → the role it needs. A route that is not in here is refused to everybody."""


@dataclass(frozen=True)
class Parameter:
    """A parameter: its JSON schema, what it means, and whether it stands in the query or in a header."""

    name: str
    about: str
    schema: dict[str, Any] = field(default_factory=lambda: {"type": "string"})
    place: Literal["query", "header"] = "query"


@dataclass(frozen=True)
class Operation:
    """One operation of the API, as the OpenAPI document shows it."""

    method: str
    path: str
    endpoint: str
    tag: str
    summary: str
    role: Role
    answers: dict[int, Any]
    body: type[msgspec.Struct] | None
    body_type: str
    parameters: tuple[Parameter, ...]
    example: Any
    shown: Any


OPERATIONS: list[Operation] = []

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")


@blueprint.before_request
def refuse_nul() -> None:
    """PostgreSQL cannot hold the sign NUL, so there is nothing with such a name.

    Raises:
        BadRequest: It stands in the address.
    """
    values = (value for each in request.args.listvalues() for value in each)
    if "\x00" in request.path or any("\x00" in value for value in values):
        raise BadRequest("The address holds the sign NUL.", "Leave %00 out of it.")


def operation(
    method: str,
    path: str,
    *,
    tag: str,
    summary: str,
    role: Role,
    answers: dict[int, Any],
    body: type[msgspec.Struct] | None = None,
    body_type: str = "application/json",
    parameters: tuple[Parameter, ...] = (),
    example: Any = None,
    shown: Any = None,
) -> Callable[[F], F]:
    """Register a view as an operation of the API.

    Args:
        method: HTTP method.
        path: Flask path below `/api/v1`; `<uuid:id>` and `<name>` are understood.
        tag: The noun it belongs to.
        summary: One line.
        role: The least role that may call it.
        answers: Status → the struct it answers with; None for no content, a text for another media type.
        body: The struct of the request body; unknown fields and wrong types are refused.
        body_type: Media type of the request body.
        parameters: Parameters in the query and in headers.
        example: An example request body.
        shown: An example answer, where one of `jarvis.api.examples` would not do.
    """

    def register(view: F) -> F:
        name = getattr(view, "__name__", "view")
        endpoint = f"api.{name}"
        RULES[endpoint] = role
        OPERATIONS.append(
            Operation(
                *(method, path, endpoint, tag, summary, role),
                *(answers, body, body_type, parameters, example, shown),
            )
        )
        blueprint.add_url_rule(path, name, view, methods=[method])
        return view

    return register


S = TypeVar("S", bound=msgspec.Struct)
BODY_LIMIT = 1024 * 1024
"""Largest JSON body, in bytes."""


def read_body(kind: type[S]) -> S:
    """The request's JSON body as `kind`.

    Raises:
        UnsupportedMediaType: It says of itself that it is something else.
        BadRequest: It is not JSON.
        TooLarge: It has more than `BODY_LIMIT` bytes.
        Stalled: It stopped in the middle.
        InvalidInput: It has a wrong type, a missing or an unknown field; the sentence names it.
    """
    if request.mimetype and request.mimetype != "application/json":
        raise UnsupportedMediaType
    raw = whole(BODY_LIMIT)
    try:
        return msgspec.json.decode(raw or b"{}", type=kind)
    except msgspec.ValidationError as error:
        raise InvalidInput(f"The body does not fit: {error}.", "See /api/docs for the fields.") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadRequest("The body is not JSON.", "Send a JSON object in UTF-8.") from error


def answer(value: Any, status: int = 200) -> Response:
    """`value` (structs, dictionaries, lists) as a JSON response."""
    return Response(msgspec.json.encode(value), status, mimetype="application/json")


def identifier(text: str, noun: str) -> uuid.UUID:
    """`text` as an id.

    Raises:
        NotFound: It is no UUID, so there is nothing with this id.
    """
    try:
        return uuid.UUID(text)
    except ValueError as error:
        raise NotFound(
            f"There is no {noun} “{text[:60]}”.", "An id is a UUID, as the lists show it."
        ) from error


def chosen(text: str, noun: str) -> str:
    """`text` as an id, or nothing where nothing is named.

    Raises:
        NotFound: It is no UUID, so there is nothing with this id.
    """
    return str(identifier(text, noun)) if text else ""
