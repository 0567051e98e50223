"""The plan's shape: its schema, its page, and plans that were stored."""

import json
import re
from typing import Any

import pytest
from jsonschema import Draft202012Validator

import pages
from jarvis.builds.plan import SCHEMA, checksum, plan
from jarvis.builds.schema import load, schema
from jarvis.errors import InvalidInput
from plan_cases import CASES, verdict

PAGE = (pages.ROOT / "docs/build-plan.md").read_text(encoding="utf-8")
VALIDATOR = Draft202012Validator(schema())


def block(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    assert found is not None
    return found[1]


def test_it_works() -> None:
    VALIDATOR.check_schema(schema())
    VALIDATOR.validate(json.loads(plan(CASES["go"]).to_json()))
    assert schema()["$ref"] == "#/$defs/BuildPlan"


@pytest.mark.parametrize("name", CASES)
def test_every_plan_is_of_the_schema_and_can_be_read_back(name: str) -> None:
    made = plan(CASES[name])
    VALIDATOR.validate(json.loads(made.to_json()))
    assert load(made.to_json()) == made


@pytest.mark.parametrize("uses", ["own-dockerfile", "compose", "nothing"])
def test_so_is_one_without_a_dockerfile(uses: str) -> None:
    kind = {"own-dockerfile": "dockerfile", "nothing": "empty"}.get(uses, uses)
    made = plan(verdict(kind=kind, dockerfile="Dockerfile" if kind == "dockerfile" else "", compose="c.yaml"))
    assert made.uses == uses
    VALIDATOR.validate(json.loads(made.to_json()))
    assert load(made.to_json()) == made


def changed(**members: Any) -> str:
    return json.dumps({**json.loads(plan(CASES["go"]).to_json()), **members})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "not a build plan"),
        ("[]", "not a build plan"),
        (changed(uses="magic"), "not a build plan"),
        (changed(why="because"), "was changed after it was made"),
        (changed(sha256="0" * 64), "was changed after it was made"),
        (changed(schema=SCHEMA + 1), f"has schema {SCHEMA + 1}; this Jarvis knows {SCHEMA}"),
    ],
)
def test_what_is_no_plan_is_refused(text: str, said: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        load(text)
    assert said in caught.value.message
    assert caught.value.hint


def test_a_checksum_does_not_depend_on_the_order_of_members() -> None:
    members = json.loads(plan(CASES["go"]).to_json())
    assert checksum(dict(reversed(members.items()))) == checksum(members)


@pytest.mark.parametrize("name", schema()["$defs"])
def test_every_member_stands_on_the_page(name: str) -> None:
    heading = "## Members" if name == "BuildPlan" else f"### {name}"
    section = re.split(r"^##+ ", PAGE.split(f"{heading}\n")[1], flags=re.MULTILINE)[0]
    told = re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)
    assert sorted(told) == sorted(schema()["$defs"][name]["properties"])


def test_every_way_stands_on_the_page() -> None:
    section = PAGE.split("## Which way it goes")[1].split("## Members")[0]
    told = re.findall(r"^\| `([\w-]+)` \| [^|]", section, re.MULTILINE)
    uses = schema()["$defs"]["BuildPlan"]["properties"]["uses"]["enum"]
    assert sorted(name for name in told if name != "uses") == sorted(uses)


def test_the_example_is_what_the_code_makes() -> None:
    made = json.loads(plan(CASES["python-pip"]).to_json())
    assert block("dockerfile") == made["dockerfile"]["text"]
    for member in ("text", "ignore"):
        made["dockerfile"][member] = made["dockerfile"][member].split("\n")[0] + " …"
    assert json.loads(block("json")) == made
