"""Settings as people type them, and as they are shown again."""

from typing import Any

import pytest

from jarvis.errors import InvalidInput
from jarvis.settings import check, keys, table, typed


def understood(**texts: str) -> dict[str, Any]:
    names = {name.replace("__", "."): text for name, text in texts.items()}
    found, problems = check.checked(typed.members(names, {}))
    assert problems == []
    return found


def test_it_works() -> None:
    assert understood(limits__memory="512MB", health__path=" /up ", clean="no", replicas="3") == {
        "limits": {"memory": 512_000_000},
        "health": {"path": "/up"},
        "clean": False,
        "replicas": 3,
    }
    assert understood(domains="a.example.org, b.example.org")["domains"] == ["a.example.org", "b.example.org"]


def test_rules_of_a_swarm_are_a_list_without_blanks() -> None:
    made = understood(placement="node.role==worker, node.labels.disk!=hdd")
    assert made["placement"] == ["node.role==worker", "node.labels.disk!=hdd"]
    spaced, problems = check.checked({"placement": ["node.role != manager", "node.role!=manager"]})
    assert (spaced, problems) == ({"placement": ["node.role!=manager"]}, [])
    for wrong in (["node.role=worker"], "node.role==worker", [1]):
        (problem,) = check.checked({"placement": wrong})[1]
        assert "placement" in problem.said


def test_an_entry_is_put_beside_the_others() -> None:
    before = {"volumes": [{"name": "data", "path": "data"}]}
    made = typed.members({"volumes.logs": "logs", "volumes.more": "more"}, before)
    assert [one["name"] for one in made["volumes"]] == ["data", "logs", "more"]
    assert typed.members({"volumes.data": "new"}, before) == {"volumes": [{"name": "data", "path": "new"}]}
    assert before == {"volumes": [{"name": "data", "path": "data"}]}


@pytest.mark.parametrize(
    ("name", "text", "entry"),
    [
        ("cron.a", "30 3 * * 1-5 sh -c 'x y'", {"schedule": "30 3 * * 1-5", "command": "sh -c 'x y'"}),
        ("cron.a", "@daily tidy", {"schedule": "@daily", "command": "tidy"}),
        ("routes./api", "shop-api", {"service": "shop-api"}),
        ("routes./api", "shop-api strip", {"service": "shop-api", "strip": True}),
        ("logins.anna", " a word ", {"password": " a word "}),
    ],
)
def test_an_entry_is_read_as_its_table_has_it(name: str, text: str, entry: dict[str, Any]) -> None:
    (found,) = typed.members({name: text}, {})[name.partition(".")[0]]
    (by,) = found.keys() - entry.keys()
    assert found == {by: name.partition(".")[2], **entry}


@pytest.mark.parametrize("name", ["limts.memory", "volume.data", "", "limits", "volumes"])
def test_what_is_no_setting_is_refused_with_its_name(name: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        typed.members({name: "1"}, {})
    assert caught.value.facts["field"] == name


def test_what_is_shown_can_be_typed_again_whatever_the_order_of_its_members() -> None:
    kept = {
        "cron": [{"name": "tidy", "command": "a b", "schedule": "@daily"}],
        "routes": [{"strip": True, "service": "api", "path": "/api"}],
        "volumes": [{"path": "data", "name": "data"}],
    }
    for name, rows in kept.items():
        label, _, text = table.shown(name, rows).partition("=")
        assert typed.members({f"{name}.{label}": text}, {})[name] == rows


def test_every_setting_has_a_row_with_its_source() -> None:
    sources = {"drain": "jarvis.toml, line 3", "health.path": "set by anna, 2026-03-02"}
    rows = table.rows({"replicas": 2}, "set by ben, today", {"drain": 5, "health": {"path": "/x"}}, sources)
    found = {row["name"]: row for row in rows}
    assert list(found) == list(keys.NAMES)
    told = {name: (found[name]["shown"], found[name]["source"], found[name]["pending"]) for name in found}
    assert told["drain"] == ("5s", "jarvis.toml, line 3", False)
    assert told["replicas"] == ("2", "set by ben, today", True)
    assert told["health.path"] == ("", "default", True), "what a person took back since counts no more"
    assert told["health.patience"] == ("2m", "default", False)
