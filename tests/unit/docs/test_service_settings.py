"""What docs say of the settings of services is what Jarvis takes."""

import json
import re
import tomllib

import jsonschema
import pytest

import pages
from jarvis.errors import InvalidInput
from jarvis.proxy import password
from jarvis.settings import check, keys, toml, typed, values

DOCS = pages.ROOT / "docs"
SCHEMA = json.loads((DOCS / "reference" / "jarvis.toml.schema.json").read_text(encoding="utf-8"))
EXAMPLE = re.findall(
    r"^```toml\n(.*?)^```", (DOCS / "settings.md").read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
)
WRONG = (
    'runtime = "docker"',
    "replicas = 0",
    "[limits]\nmemoy = 1",
    "[health]\npath = 'up'",
    "[[cron]]\nname = 'a'",
    "[build]\nstart = 'x'",
    "[[logins]]\nuser = 'a'",
)


def fits(text: str) -> bool:
    return jsonschema.Draft202012Validator(SCHEMA).is_valid(tomllib.loads(text))


def test_it_works() -> None:
    (text,) = EXAMPLE
    said = toml.read(text.encode())
    assert said.settings["limits"] == {"memory": 512_000_000, "cpus": 0.5}
    assert said.build == {"start_command": "gunicorn shop:app"}
    assert fits(text)


@pytest.mark.parametrize("key", keys.KEYS, ids=lambda key: key.name)
def test_the_example_of_each_key_can_be_used(key: keys.Key) -> None:
    value = values.typed(key, key.example)
    assert values.kept(key, value) is not None
    name, _, inner = key.name.partition(".")
    jsonschema.validate({name: {inner: value}} if inner else {name: value}, SCHEMA)


@pytest.mark.parametrize("table", keys.TABLES, ids=lambda table: table.name)
def test_the_example_of_each_table_can_be_typed(table: keys.Table) -> None:
    name, _, value = table.example.partition("=")
    made = typed.members({name: value.strip("'") or password.hash("word")}, {})
    found, problems = check.checked(made)
    assert problems == []
    assert found[table.name][0][table.by] == name.partition(".")[2]


@pytest.mark.parametrize("text", WRONG)
def test_the_schema_refuses_what_the_reader_refuses(text: str) -> None:
    assert not fits(text)
    with pytest.raises(InvalidInput):
        toml.read(text.encode())


def test_the_schema_knows_all_that_may_stand_in_the_file() -> None:
    told = SCHEMA["properties"]
    for name in toml.names():
        top, _, inner = name.partition(".")
        assert top in told
        assert not inner or inner in told[top]["properties"]
