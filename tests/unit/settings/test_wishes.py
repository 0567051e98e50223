"""The variables that a project says it wants."""

import json
from pathlib import Path
from typing import Any

import pytest

from jarvis.errors import InvalidInput
from jarvis.settings import foreign, toml, wishes
from jarvis.settings.wishes import Wish


def table(text: str) -> dict[str, Wish]:
    return {wish.name: wish for wish in toml.read(text.encode()).env}


def problems(text: str) -> list[dict[str, Any]]:
    with pytest.raises(InvalidInput) as caught:
        toml.read(text.encode())
    return list(caught.value.facts["problems"])


def app(tree: Path, env: Any) -> foreign.Found:
    (tree / "app.json").write_text(json.dumps({"env": env}), encoding="utf-8")
    return foreign.read(tree)


def test_it_works() -> None:
    found = table(
        '[env]\nLEVEL = "info"\nWORKERS = 4\nRATE = 0.5\nDEBUG = false\nEMPTY = ""\n'
        'API_KEY = { required = true, description = "of the shop" }\n'
        'SESSION = { generator = "secret" }\n'
        '[env.REGION]\nvalue = "eu"\n'
    )
    assert {name: wish.value for name, wish in found.items()} == {
        "LEVEL": "info",
        "WORKERS": "4",
        "RATE": "0.5",
        "DEBUG": "false",
        "EMPTY": "",
        "API_KEY": None,
        "SESSION": None,
        "REGION": "eu",
    }
    assert [name for name, wish in found.items() if wish.required] == ["API_KEY"]
    assert [name for name, wish in found.items() if wish.generated] == ["SESSION"]
    assert (found["LEVEL"].source, found["API_KEY"].about) == ("jarvis.toml, line 2", "of the shop")


def test_app_json_says_the_same_and_means_required_unless_it_says_otherwise(tmp_path: Path) -> None:
    found = app(
        tmp_path,
        {
            "LEVEL": "info",
            "ASKED": {"description": "who"},
            "FREE": {"description": "may be left out", "required": False},
            "GIVEN": {"value": "x", "required": True},
            "EMPTY": {"value": ""},
            "SECRET_KEY": {"generator": "secret", "required": True},
        },
    )
    assert [wish.name for wish in found.env if wish.required] == ["ASKED", "EMPTY"]
    assert [wish.name for wish in found.env if wish.generated] == ["SECRET_KEY"]
    assert {wish.source for wish in found.env} == {"app.json"}
    assert found.remarks == []


@pytest.mark.parametrize(
    ("text", "line", "key", "said"),
    [
        ("env = 3\n", 1, "env", "env must be a table."),
        ('[env]\nA = "1"\nPORT = 80\n', 3, "env.PORT", "PORT is set by Jarvis"),
        ("[env]\n\n1A = 'x'\n", 3, "env.1A", "cannot be the name of a variable"),
        ("[env]\nA = [1]\n", 2, "env.A", "A must be text, a number, true or false."),
        ("[env]\nA = 2026-03-02\n", 2, "env.A", "A must be text, a number, true or false."),
        ("[env]\nA = { requird = true }\n", 2, "env.A.requird", "There is no setting requird."),
        ("[env]\nA = { required = 'yes' }\n", 2, "env.A.required", "A: required must be true or false."),
        ("[env]\nA = { generator = 'uuid' }\n", 2, "env.A.generator", "A: generator must be “secret”."),
        ("[envs]\nA = 'x'\n", 1, "envs", "There is no setting envs."),
    ],
)
def test_what_is_wrong_is_told_with_its_line(text: str, line: int, key: str, said: str) -> None:
    (problem,) = problems(text)
    assert (problem["line"], problem["key"]) == (line, key)
    assert said in problem["message"]


def test_what_cannot_be_used_of_an_app_json_is_left_aside_and_said(tmp_path: Path) -> None:
    found = app(tmp_path, {"PORT": "80", "LEVEL": "info", "LIST": [1]})
    assert [wish.name for wish in found.env] == ["LEVEL"]
    assert [remark.partition(":")[0] for remark in found.remarks] == ["app.json", "app.json"]
    assert app(tmp_path, [1]).remarks == ["app.json: env must be a table. It is left aside."]


def test_a_secret_in_the_file_is_warned_of_and_its_value_not_repeated() -> None:
    said = wishes.remarks(table("[env]\nAPI_KEY = 'hunter2'\nLEVEL = 'info'\n").values())
    (line,) = said
    assert line.startswith("API_KEY looks like a secret, and stands in jarvis.toml, line 2 for all to read.")
    assert "hunter2" not in line


def test_the_projects_own_file_stands_above_others() -> None:
    own = table("[env]\nA = 'own'\n").values()
    found = wishes.merged([Wish("A", "theirs"), Wish("B", required=True)], own)
    assert {wish.name: wish.value for wish in found} == {"A": "own", "B": None}


def test_what_is_missing_is_named_and_what_to_type() -> None:
    wanted = table(
        "[env]\nAPI_KEY = { required = true, description = 'of the shop.' }\nURL = {required=true}\n"
    )
    assert wishes.missing(wanted.values(), ["API_KEY", "URL"]) == []
    lacking = wishes.missing(wanted.values(), ["OTHER"])
    error = wishes.refusal("shop", lacking)
    assert error.message == (
        "API_KEY (of the shop), URL are not set, and it does not do without: jarvis.toml, line 2 says so."
    )
    assert error.hint == "Set them, and deploy again: jarvis env set shop API_KEY URL=…"
    alone = wishes.refusal("shop", lacking[:1])
    assert alone.hint == "Set it, and deploy again: jarvis env set shop API_KEY --secret"


def test_no_more_than_so_many_are_taken() -> None:
    text = "[env]\n" + "".join(f"A{number} = 1\n" for number in range(wishes.MOST + 1))
    (problem,) = problems(text)
    assert problem["message"] == f"env has more than {wishes.MOST} entries."
