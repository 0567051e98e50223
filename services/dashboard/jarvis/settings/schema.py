"""The shape of `jarvis.toml` as a JSON Schema, for editors. Pure."""

from typing import Any

from jarvis.analysis.corrected import CHECKS, KINDS
from jarvis.settings import check, keys, toml, wishes
from jarvis.settings.keys import Key, Table

Json = dict[str, Any]

_BUILD: Json = {"port": {"type": "integer", "minimum": 1, "maximum": 65535}, "spa": {"type": "boolean"}}
"""Members of `[build]` that are no text."""


def schema() -> Json:
    """JSON Schema (2020-12) of the file. What it cannot say (a schedule that never comes) `read` refuses."""
    top: Json = {}
    for key in keys.KEYS:
        name, _, inner = key.name.partition(".")
        if inner:
            table = top.setdefault(name, _object({}))
            table["properties"][inner] = _value(key)
        else:
            top[name] = _value(key)
    for table in keys.TABLES:
        if table.name != toml.PRIVATE:
            top[table.name] = _entries(table)
    build = {name: _member(name, said) for name, (_, said) in CHECKS.items()}
    top[toml.BUILD] = _object({**{name.replace("_", "-"): one for name, one in build.items()}, **build})
    top[wishes.KEY] = _variables()
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": toml.FILE,
        "description": "What a project says of itself to Jarvis.",
        **_object(top),
    }


def _object(properties: Json) -> Json:
    return {"type": "object", "additionalProperties": False, "properties": properties}


def _value(key: Key) -> Json:
    made: Json = {"title": key.title, "description": key.help}
    match key.kind:
        case "choice":
            return {**made, "enum": list(key.words)}
        case "flag":
            return {**made, "type": "boolean"}
        case "number" | "share":
            kind = "integer" if key.kind == "number" else "number"
            return {**made, "type": kind, "minimum": 0 if key.off else key.low, "maximum": key.high}
        case "seconds" | "bytes":
            return {**made, "type": ["integer", "string"]}
        case "path":
            return {**made, "type": "string", "pattern": "^/"}
        case "hosts" | "rules":
            return {**made, "type": "array", "items": {"type": "string"}}
        case "command":
            return {**made, "type": "string", "minLength": 1}


def _entries(table: Table) -> Json:
    members = {table.by: True, **table.members}
    kinds = {name: {"type": "boolean" if name == "strip" else "string"} for name in members}
    one = {**_object(kinds), "required": [name for name, needed in members.items() if needed]}
    about = {"title": table.title, "description": table.help}
    return {**about, "type": "array", "maxItems": check.MOST, "items": one}


def _variables() -> Json:
    plain: list[Json] = [{"type": ["string", "number", "boolean"]}]
    said = {"description": {"type": "string"}, "required": {"type": "boolean"}}
    more = _object({"value": plain[0], **said, "generator": {"enum": [wishes.SECRET]}})
    return {
        "title": "Variables",
        "description": "What the programs find in their environment where nobody sets another value.",
        "type": "object",
        "maxProperties": wishes.MOST,
        "propertyNames": {"pattern": "^[A-Za-z_][A-Za-z0-9_]*$"},
        "additionalProperties": {"anyOf": [*plain, more]},
    }


def _member(name: str, said: str) -> Json:
    about = {"description": f"Instead of what the analysis finds: {said}."}
    if name == "kind":
        return {**about, "enum": list(KINDS)}
    return {**about, **_BUILD.get(name, {"type": "string"})}
