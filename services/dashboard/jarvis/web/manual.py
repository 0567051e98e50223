"""The OpenAPI document as a person reads it: groups of operations, fields, shapes, examples. Pure."""

import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Json = Mapping[str, Any]


@dataclass(frozen=True)
class Field:
    """One parameter or one member of a shape; `shape` names the shape of its value, if it has one."""

    name: str
    kind: str
    shape: str
    required: bool
    about: str = ""


@dataclass(frozen=True)
class Shape:
    """A named JSON object."""

    name: str
    about: str
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class Operation:
    """One operation, ready to be read."""

    anchor: str
    method: str
    path: str
    summary: str
    role: str
    parameters: tuple[Field, ...]
    body: Shape | None
    body_type: str
    answers: tuple[tuple[str, Shape | None, str], ...]
    curl: str


@dataclass(frozen=True)
class Manual:
    """The whole page."""

    base: str
    groups: tuple[tuple[str, tuple[Operation, ...]], ...]
    shapes: tuple[Shape, ...]


COMMON = {"Idempotency-Key", "If-Match", "If-None-Match"}
"""Headers that all operations of a method take: told once, in docs/api.md, and not a hundred times."""

_WORDS = {
    "string": "text",
    "integer": "number",
    "number": "number",
    "boolean": "true or false",
    "null": "null",
}


def _word(kind: Any) -> str:
    return _WORDS.get(str(kind), str(kind))


def _kind(schema: Json) -> tuple[str, str]:
    """The words for a schema, and the name of the shape in it."""
    if "$ref" in schema:
        name = str(schema["$ref"]).rsplit("/", 1)[-1]
        return "", name
    if "enum" in schema:
        return "one of " + ", ".join(str(item) for item in schema["enum"]), ""
    for several in ("anyOf", "oneOf"):
        if several in schema:
            kinds = [_kind(item) for item in schema[several]]
            return " or ".join(words or shape for words, shape in kinds), ""
    if isinstance(schema.get("type"), list):
        return " or ".join(_word(item) for item in schema["type"]), ""
    if schema.get("type") == "array":
        words, shape = _kind(schema.get("items", {}))
        return f"list of {words}".rstrip(), shape
    word = _word(schema.get("type", "any JSON"))
    if "minimum" in schema and "maximum" in schema:
        word += f" from {schema['minimum']} to {schema['maximum']}"
    return word, ""


def _default(schema: Json) -> str:
    value = schema.get("default")
    return f"Default: {value}." if value not in (None, "") else ""


def _shape(name: str, schema: Json) -> Shape:
    needed = schema.get("required", ())
    fields: list[Field] = []
    for key, member in schema.get("properties", {}).items():
        words, shape = _kind(member)
        fields.append(Field(key, words, shape, key in needed, _default(member)))
    return Shape(name, str(schema.get("description", "")), tuple(fields))


def _parameter(item: Json) -> Field:
    words, shape = _kind(item["schema"])
    about = str(item.get("description", "Part of the address." if item["in"] == "path" else ""))
    required = bool(item.get("required", False))
    return Field(item["name"], words, shape, required, f"{about} {_default(item['schema'])}".strip())


def _curl(base: str, method: str, path: str, operation: Json) -> str:
    """A command that can be pasted, once the words in capitals are replaced."""
    words = ["curl"]
    address = base + path.replace("{", "").replace("}", "")
    for item in operation["parameters"]:
        if item["in"] == "path":
            address = base + path.replace("{" + item["name"] + "}", str(item["name"]).upper())
    if operation["security"]:
        words.append('-H "Authorization: Bearer $JARVIS_TOKEN"')
    content = operation.get("requestBody", {}).get("content", {})
    answers = operation["responses"].get("200", {}).get("content", {})
    if "text/event-stream" in answers:
        words.append("-N -H 'Accept: text/event-stream'")
    if "application/json" in content:
        example = json.dumps(content["application/json"].get("example", {}))
        words += [f"-X {method}"] if method != "POST" else []
        words.append(f"--json {shlex.quote(example)}")
    elif content:
        words.append(f"-X {method} -T site.zip")
        address += "?filename=site.zip"
    elif method != "GET":
        words.append(f"-X {method}")
    return " \\\n  ".join([*words, shlex.quote(address)])


def _operation(base: str, path: str, method: str, item: Json, shapes: Mapping[str, Shape]) -> Operation:
    body_type, body = "", None
    for kind, media in item.get("requestBody", {}).get("content", {}).items():
        body_type, body = kind, shapes.get(_kind(media["schema"])[1])
    answers: list[tuple[str, Shape | None, str]] = []
    for status, answer in item["responses"].items():
        if not status.startswith("2"):
            continue  # refusals have one form, which the page explains once
        for kind, media in answer["content"].items():
            answers.append((status, shapes.get(_kind(media["schema"])[1]), kind))
    return Operation(
        anchor=item["operationId"],
        method=method.upper(),
        path=path,
        summary=item["summary"],
        role=item["x-jarvis-role"],
        parameters=tuple(_parameter(each) for each in item["parameters"] if each["name"] not in COMMON),
        body=body,
        body_type=body_type,
        answers=tuple(answers),
        curl=_curl(base, method.upper(), path, item),
    )


def read(document: Json, base: str) -> Manual:
    """What a person reads of `document`; examples call the Jarvis at `base`."""
    schemas = document["components"]["schemas"]
    shapes = {name: _shape(name, schema) for name, schema in schemas.items()}
    groups: dict[str, list[Operation]] = {tag["name"]: [] for tag in document["tags"]}
    for path, methods in document["paths"].items():
        for method, item in methods.items():
            groups[item["tags"][0]].append(_operation(base, path, method, item, shapes))
    return Manual(base, tuple((tag, tuple(items)) for tag, items in groups.items()), tuple(shapes.values()))
