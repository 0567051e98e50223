"""The OpenAPI 3.1 document, made from the declared operations."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

import msgspec

from jarvis import __version__
from jarvis.accounts.roles import Role
from jarvis.api import examples
from jarvis.api.etag import IF_MATCH, IF_NONE_MATCH
from jarvis.api.idempotency import KEY
from jarvis.api.operation import OPERATIONS, Operation, Parameter
from jarvis.api.shapes import Problem

Json = dict[str, Any]

WRONG = {
    "BadRequest": (400, "The request could not be read"),
    "NotAuthenticated": (401, "There is no access token, or an unknown one"),
    "Forbidden": (403, "The access token may not do this"),
    "NotFound": (404, "There is no such thing"),
    "TooSlow": (408, "No more of the body came"),
    "Conflict": (409, "It contradicts what is there, or what its Idempotency-Key stands for"),
    "LengthRequired": (411, "The body does not say how long it is"),
    "PreconditionFailed": (412, "It has changed since: If-Match does not fit"),
    "TooLarge": (413, "It is larger than is taken"),
    "UnsupportedMediaType": (415, "The body is of a type that is not taken"),
    "InvalidInput": (422, "A value cannot be used; the sentence names it"),
    "TooMany": (429, "The caller sends too much; Retry-After tells when to come again"),
    "Unavailable": (503, "A part that is needed does not answer; Retry-After tells when to come again"),
    "StorageFull": (507, "The disk is full"),
}
"""Names of the refusals that the document tells of, each with its status and its meaning."""

_WHOLE = {"type": "integer", "minimum": 0}
HEADERS: dict[str, tuple[str, Json]] = {
    "ETag": ("What the resource looks like now", {"type": "string"}),
    "Location": ("The address of what was made", {"type": "string"}),
    "Idempotent-Replayed": ("`true` when this is the kept answer of the first request", {"const": "true"}),
    "RateLimit-Limit": ("Requests a minute that the caller may send", _WHOLE),
    "RateLimit-Remaining": ("How many of them are left now", _WHOLE),
    "RateLimit-Reset": ("Seconds until all of them are there again", _WHOLE),
    "Retry-After": ("Seconds to wait before trying again", _WHOLE),
}
_RATE = ("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset")
_STREAM = (
    'id: 7\nevent: done\ndata: {"sequence":7,"kind":"done","step":"unpack","message":"14 files, 1.2 MiB",'
    '"data":{},"time":"2026-03-02T09:30:00+00:00"}\n\n'
)
_STREAMED = ("api.workflow_events", "api.list_events")
"""Operations that also answer as a stream of events."""


def _path(flask_path: str) -> str:
    return "/api/v1" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", flask_path)


def _in_path(flask_path: str) -> list[Json]:
    names = re.findall(r"<(?:\w+:)?(\w+)>", flask_path)
    return [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": {"type": "string"},
            "example": examples.MEMBERS.get(name, examples.MEMBERS["id"]),
        }
        for name in names
    ]


def _media(schema: Json, kind: str = "application/json", example: Any = None) -> Json:
    content: Json = {"schema": schema}
    if example is not None:
        content["example"] = example
    return {kind: content}


def _headers(*names: str) -> Json:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


class _Writer:
    """Describes operations by the shapes of the document.

    Args:
        names: The schema of every shape.
        components: What those schemas refer to.
    """

    def __init__(self, names: Mapping[Any, Json], components: Mapping[str, Json]) -> None:
        self._names = names
        self._components = components

    def describe(self, item: Operation) -> Json:
        """One operation."""
        described: Json = {
            "operationId": item.endpoint.removeprefix("api."),
            "tags": [item.tag],
            "summary": item.summary,
            "parameters": _in_path(item.path) + [_parameter(each) for each in _parameters(item)],
            "responses": self._responses(item),
            "x-jarvis-role": item.role.value,
            "security": [] if item.role is Role.ANYONE else [{"bearer": []}],
        }
        if item.body is not None:
            content = _media(self._names[item.body], item.body_type, item.example)
            described["requestBody"] = {"required": _has_needed(item.body), "content": content}
        elif item.body_type != "application/json":
            content = _media({}, item.body_type, item.example or "(the bytes of the file)")
            described["requestBody"] = {"required": True, "content": content}
        return described

    def _responses(self, item: Operation) -> Json:
        found: Json = {str(status): self._good(item, shape) for status, shape in item.answers.items()}
        if item.endpoint in _STREAMED:
            found["200"]["content"] |= _media({"type": "string"}, "text/event-stream", _STREAM)
        if item.method == "GET":
            found["304"] = {"description": "It still has the ETag of If-None-Match", "content": {}}
        for name in _refusals(item):
            found[str(WRONG[name][0])] = {"$ref": f"#/components/responses/{name}"}
        return {**found, "default": {"$ref": "#/components/responses/Problem"}}

    def _good(self, item: Operation, shape: Any) -> Json:
        headers: list[str] = list(_RATE)
        if item.method == "GET":
            headers.insert(0, "ETag")
        if item.method == "POST":
            headers.insert(0, "Idempotent-Replayed")
        if item.endpoint == "api.create_upload":
            headers.insert(0, "Location")
        return {
            "description": item.summary,
            "headers": _headers(*headers),
            "content": self._content(item, shape),
        }

    def _content(self, item: Operation, shape: Any) -> Json:
        if shape is None:
            return {}
        if isinstance(shape, str):
            return _media({"type": "string"}, shape, "(the bytes of the file)")
        schema = self._names[shape]
        name = str(schema["$ref"]).rsplit("/", 1)[-1]
        return _media(schema, example=item.shown or examples.of(name, self._components))


def _has_needed(body: type[msgspec.Struct]) -> bool:
    """Whether a request without a body must be refused."""
    return any(each.required for each in msgspec.structs.fields(body))


def _parameters(item: Operation) -> tuple[Parameter, ...]:
    """Those of its own, and those of its method."""
    common = {"POST": (KEY,), "GET": (IF_NONE_MATCH,)}.get(item.method, (IF_MATCH,))
    return (*item.parameters, *common)


def _parameter(each: Parameter) -> Json:
    return {"name": each.name, "in": each.place, "description": each.about, "schema": each.schema}


def _refusals(item: Operation) -> list[str]:
    """The names of what an operation may be refused for."""
    found = {"BadRequest", "TooMany", "Unavailable"}
    takes_bytes = item.body is None and item.body_type != "application/json"
    if item.role is not Role.ANYONE:
        found |= {"NotAuthenticated", "Forbidden"}
    if "<" in item.path or item.body is not None:
        found.add("NotFound")
    if item.method != "GET":
        found.add("Conflict")
    if item.method in {"PUT", "PATCH", "DELETE"} or item.tag == "uploads":
        found.add("PreconditionFailed")
    if item.body is not None or takes_bytes:
        found |= {"TooSlow", "TooLarge", "UnsupportedMediaType", "InvalidInput"}
    if takes_bytes:
        found |= {"LengthRequired", "StorageFull"}
    if item.parameters:
        found.add("InvalidInput")
    return sorted(found, key=lambda name: WRONG[name][0])


def _problems(schema: Json) -> Json:
    found: Json = {}
    for name, (status, about) in WRONG.items():
        code = re.sub(r"(?<!^)([A-Z])", r"_\1", name).lower()
        code = {"too_slow": "request_timeout", "too_many": "too_many_requests"}.get(code, code)
        shown = {
            "type": f"urn:jarvis:error:{code}",
            "title": code.replace("_", " ").capitalize(),
            "status": status,
            "code": code,
            "detail": f"{about.partition(';')[0]}.",
            "hint": "The hint says what to do next.",
        }
        found[name] = {
            "description": about,
            "headers": _headers(*(("Retry-After",) if status in {408, 429, 503, 507} else ())),
            "content": _media(schema, "application/problem+json", shown),
        }
    about = "What was wrong and what to do next (RFC 9457)"
    usual = found["NotFound"]["content"]
    return {"Problem": {"description": about, "content": usual}, **found}


@cache
def document() -> Json:
    """The whole document."""
    shapes: list[Any] = [Problem]
    for item in OPERATIONS:
        shapes += [shape for shape in (*item.answers.values(), item.body) if isinstance(shape, type)]
    unique = list(dict.fromkeys(shapes))
    schemas, components = msgspec.json.schema_components(unique, ref_template="#/components/schemas/{name}")
    names = dict(zip(unique, schemas, strict=True))
    writer = _Writer(names, components)
    paths: Json = {}
    for item in OPERATIONS:
        paths.setdefault(_path(item.path), {})[item.method.lower()] = writer.describe(item)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Jarvis",
            "version": __version__,
            "description": "Hand in an artifact, deploy it, watch it, go back.",
        },
        "servers": [{"url": "/"}],
        "tags": [{"name": name} for name in dict.fromkeys(item.tag for item in OPERATIONS)],
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
            "headers": {
                name: {"description": about, "schema": kind} for name, (about, kind) in HEADERS.items()
            },
            "responses": _problems(names[Problem]),
        },
    }
