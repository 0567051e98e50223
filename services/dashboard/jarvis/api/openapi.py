"""The OpenAPI 3.1 document, made from the declared operations."""

import re
from functools import cache
from typing import Any

import msgspec

from jarvis import __version__
from jarvis.accounts.roles import Role
from jarvis.api.operation import OPERATIONS, Operation
from jarvis.api.shapes import Problem

Json = dict[str, Any]


def _path(flask_path: str) -> str:
    return "/api/v1" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", flask_path)


def _in_path(flask_path: str) -> list[Json]:
    names = re.findall(r"<(?:\w+:)?(\w+)>", flask_path)
    return [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names]


def _media(schema: Json, kind: str = "application/json", example: Any = None) -> Json:
    content: Json = {"schema": schema}
    if example is not None:
        content["example"] = example
    return {kind: content}


def _content(shape: Any, names: dict[Any, Json]) -> Json:
    if shape is None:
        return {}
    return _media({"type": "string"}, shape) if isinstance(shape, str) else _media(names[shape])


def _responses(item: Operation, names: dict[Any, Json]) -> Json:
    good: Json = {
        str(status): {"description": item.summary, "content": _content(shape, names)}
        for status, shape in item.answers.items()
    }
    if item.endpoint == "api.workflow_events":
        good["200"]["content"]["text/event-stream"] = {"schema": {"type": "string"}}
    return {**good, "default": {"$ref": "#/components/responses/Problem"}}


def _describe(item: Operation, names: dict[Any, Json]) -> Json:
    others = [
        {"name": each.name, "in": each.place, "description": each.about, "schema": each.schema}
        for each in item.parameters
    ]
    described: Json = {
        "operationId": item.endpoint.removeprefix("api."),
        "tags": [item.tag],
        "summary": item.summary,
        "parameters": _in_path(item.path) + others,
        "responses": _responses(item, names),
        "x-jarvis-role": item.role.value,
        "security": [] if item.role is Role.ANYONE else [{"bearer": []}],
    }
    if item.body is not None:
        described["requestBody"] = {
            "required": True,
            "content": _media(names[item.body], item.body_type, item.example),
        }
    elif item.body_type != "application/json":
        described["requestBody"] = {"required": True, "content": _media({}, item.body_type)}
    return described


@cache
def document() -> Json:
    """The whole document."""
    shapes: list[Any] = [Problem]
    for item in OPERATIONS:
        shapes += [shape for shape in (*item.answers.values(), item.body) if isinstance(shape, type)]
    unique = list(dict.fromkeys(shapes))
    schemas, components = msgspec.json.schema_components(unique, ref_template="#/components/schemas/{name}")
    names = dict(zip(unique, schemas, strict=True))
    paths: Json = {}
    for item in OPERATIONS:
        paths.setdefault(_path(item.path), {})[item.method.lower()] = _describe(item, names)
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
            "responses": {
                "Problem": {
                    "description": "What was wrong and what to do next (RFC 9457)",
                    "content": _media(names[Problem], "application/problem+json"),
                }
            },
        },
    }
