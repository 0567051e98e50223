"""A plan is made of two records and what is around them; its hash is of what matters."""

from typing import Any

import pytest

from jarvis.deployments.plans import assemble, members, readable
from jarvis.deployments.plans.assemble import plan
from jarvis.deployments.plans.difference import SAID, between
from jarvis.deployments.plans.situation import Situation, Variable

Json = dict[str, Any]


def release(**changed: Any) -> Json:
    """The configuration of a deployment."""
    return {
        "artifact_sha256": "a" * 64,
        "verdict": {
            "kind": "web",
            "framework": "flask",
            "language": "python",
            "confidence": 0.9,
            "environment": [{"name": "API_KEY", "required": True}],
            "findings": [],
        },
        "plan": {"uses": "generated-dockerfile", "images": [{"name": "python:3.13-slim"}], "steps": {}},
        "plan_sha256": "b" * 64,
        "runtime": "process",
        "settings": {},
        "hosts": ["shop.localhost"],
        "environment": 1,
        **changed,
    }


def around(now: Json | None = None, **changed: Any) -> Situation:
    facts: Json = {
        "service": "shop",
        "domain": "shop.localhost",
        "is_new": now is None,
        "replaces": "r1" if now else None,
        "running": now,
        "leading": frozenset({"shop.localhost"}),
        "ran": ("r1",) if now else (),
        **changed,
    }
    return Situation(**facts)


def test_it_works() -> None:
    made = plan(release(), around())
    assert made["new"] is True
    assert made["downtime"]["seconds"] == 0
    assert made["what"]["title"] == "a flask web app"
    assert len(made["hash"]) == 64
    assert made["todo"] == ["Set API_KEY: it does not do without. jarvis env set shop API_KEY=…"]


def test_the_same_facts_give_the_same_plan() -> None:
    assert plan(release(), around(release())) == plan(release(), around(release()))


def test_times_and_room_are_not_what_matters() -> None:
    step = {"name": "build", "title": "Making it", "seconds": None}
    other = {**step, "seconds": 7.5}
    about = {"disk": {"needed": 1, "free": 2}, "files": {"count": 1, "added": None}}
    one = plan(release(), around(release()), steps=[step])
    two = plan(release(), around(release(), ran=("r1", "r0")), steps=[other], about=about)
    assert one["hash"] == two["hash"]
    assert between(one, two) == []


@pytest.mark.parametrize(
    "changed",
    [
        {"artifact_sha256": "c" * 64},
        {"verdict": {**release()["verdict"], "confidence": 0.8}},
        {"plan_sha256": "c" * 64},
        {"runtime": "container"},
        {"image": "sha256:1"},
        {"hosts": ["shop.localhost", "www.shop.localhost"]},
        {"environment": 2},
        {"settings": {"drain": 5}},
        {"settings": {"volumes": [{"name": "data", "path": "data"}]}},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_what_matters_is_another_plan(changed: Json) -> None:
    one, two = plan(release(), around(release())), plan(release(**changed), around(release()))
    assert one["hash"] != two["hash"]
    assert between(one, two)
    assert between(assemble.core(one), assemble.core(two)) == between(one, two)


def test_what_runs_matters() -> None:
    one = plan(release(), around(release()))
    two = plan(release(), around(release(), replaces="r2"))
    assert between(one, two) == ["The version that runs now changed: r1 → r2."]


def test_a_name_of_somebody_else_is_seen() -> None:
    made = plan(release(), around(hosts={"shop.localhost": "other"}))
    assert made["routes"]["conflicts"] == [{"host": "shop.localhost", "service": "other"}]
    assert any("belongs to the service “other”" in line for line in made["todo"])


def test_only_names_of_the_environment_are_told() -> None:
    now = release(environment=1)
    variables = {
        1: {"GONE": Variable(1, False), "SAME": Variable(1, False), "KEY": Variable(1, True)},
        2: {"SAME": Variable(1, False), "KEY": Variable(2, True), "NEW": Variable(2, False)},
    }
    told = plan(release(environment=2), around(now, variables=variables))["environment"]
    assert (told["added"], told["changed"], told["removed"]) == (["NEW"], ["KEY"], ["GONE"])
    assert told["secrets"] == ["KEY"]


def test_settings_are_told_with_where_they_come_from_and_without_passwords() -> None:
    logins = [{"user": "ada", "password": "scrypt$very-secret"}]
    new = release(
        settings={"logins": logins, "limits": {"memory": 5}},
        settings_from={"limits.memory": "jarvis.toml, line 3"},
    )
    made = plan(new, around(release()))
    told = {one["name"]: one for one in made["settings"]}
    assert told["logins"]["after"] == ["ada"]
    assert told["limits.memory"] == {
        "name": "limits.memory",
        "before": 0,
        "after": 5,
        "source": "jarvis.toml, line 3",
    }
    assert "very-secret" not in str(made)


def test_settings_are_written_as_people_write_them() -> None:
    now = release(settings={"limits": {"memory": 0}, "health": {"patience": 30}})
    new = release(settings={"limits": {"memory": 200_000_000}, "health": {"patience": 120}})
    said = str(readable.sections(plan(new, around(now))))
    assert "Setting limits.memory: nothing → 200MB" in said
    assert "Setting health.patience: 30s → 2m" in said


def test_the_rows_of_a_table_are_written_as_they_are_typed() -> None:
    rows = {"volumes": [{"path": "data", "name": "uploads"}], "logins": [{"user": "ada", "password": "x"}]}
    said = readable.sections(plan(release(settings=rows), around(release())))["changes"]
    assert "Setting volumes: nothing → uploads=data." in said
    assert "Setting logins: nothing → ada." in said


@pytest.mark.parametrize(("runtime", "said"), [("process", []), ("container", ["python 3.12 is used"])])
def test_what_is_said_of_images_is_told_where_one_is_made(runtime: str, said: list[str]) -> None:
    built = {**release()["plan"], "warnings": ["python 3.12 is used"]}
    assert plan(release(plan=built, runtime=runtime), around())["warnings"] == said


def test_data_in_a_file_that_does_not_stay_is_warned_of() -> None:
    need = {"engine": "sqlite", "level": "embedded", "file": "app.py", "line": 3, "why": "it opens one"}
    verdict = {**release()["verdict"], "needs": [need]}
    (said,) = plan(release(verdict=verdict), around())["warnings"]
    assert "sqlite" in said
    assert said.endswith("jarvis settings set shop volumes.data=data")
    kept = {"volumes": [{"name": "data", "path": "data"}]}
    assert plan(release(verdict=verdict, settings=kept), around())["warnings"] == []
    image = release(verdict=verdict, runtime="container")
    assert plan(image, around())["warnings"] == [], "an image says itself what stays"


def test_a_volume_makes_the_old_version_stop_first() -> None:
    new = release(settings={"volumes": [{"name": "data", "path": "data"}]})
    made = plan(new, around(release()))
    assert made["downtime"]["seconds"] is None
    assert "write to data" in made["downtime"]["why"]
    assert made["volumes"] == [{"name": "data", "path": "data", "state": "new"}]
    assert plan(new, around())["downtime"]["seconds"] == 0, "nothing runs that could stop"


def test_what_is_cleaned_afterwards_is_told() -> None:
    ran = tuple(f"r{number}" for number in range(5, 0, -1))
    now = around(release(), ran=ran, kept=3, usual=3)
    assert now.removes(release()) == ["r2"]
    assert around(release(), ran=ran, kept=3, usual=3, pinned=frozenset({"r2"})).removes(release()) == []
    assert now.removes(release(settings={"keep": 1})) == ["r4", "r3", "r2"]


def test_going_back_deletes_what_goes_out_of_the_last_ones_only() -> None:
    ran = ("r3", "r2", "r1")
    now = around(release(), ran=ran, kept=2, usual=2)
    assert now.removes(release(release="r1")) == []


def test_a_rollback_needs_no_agreement() -> None:
    new = release(settings={"approval": True})
    assert plan(new, around(release()))["approval"] is True
    assert plan(new, around(release()), action="rollback")["approval"] is False


def test_files_are_counted_and_the_first_are_named() -> None:
    new, old = {"a": "1", "b": "2", "c": "3"}, {"b": "9", "c": "3", "d": "4"}
    told = members.files(new, old, 1)
    assert (told["added"], told["changed"], told["removed"]) == (1, 1, 1)
    assert told["names"] == {"added": ["a"], "changed": ["b"], "removed": ["d"]}
    assert members.files(new, None, 1)["added"] is None


def test_every_thing_that_matters_has_a_sentence() -> None:
    assert set(SAID) == set(assemble.MATTERS)


def test_words_say_what_changes() -> None:
    files = members.files({"a": "1"}, {"b": "1"}, 12)
    step = {"name": "build", "title": "Making it", "seconds": 4.0}
    about = {"files": files, "disk": {"needed": 2_000_000, "free": 3_000_000_000}}
    now = release(runtime="static", artifact_sha256="9" * 64)
    told = readable.sections(plan(release(), around(now), about=about, steps=[step]))
    assert "1 added: a." in told["changes"]
    assert any("no longer “static”" in line for line in told["changes"])
    assert "It takes about 4 s, as before." in told["while it happens"]
    assert "It needs 2.0 MB of the disk; 3.0 GB are free." in told["while it happens"]
    assert "removed afterwards" not in told


def record(domain: str, value: str = "192.0.2.1") -> Json:
    return {"domain": domain, "type": "A", "value": value, "ttl": 300, "priority": None}


def test_a_rollback_tells_the_records_that_count_again_and_no_more() -> None:
    now = release(records=[record("shop.localhost"), record("new.example.org")])
    then = release(records=[record("shop.localhost"), record("old.example.org")])
    made = plan(then, around(now), action="rollback")
    assert made["records"]["wanted"] == ["old.example.org A 192.0.2.1"]
    assert made["records"]["unwanted"] == ["new.example.org A 192.0.2.1"]
    told = readable.sections(made)["names"]
    assert "DNS record that counts again: old.example.org A 192.0.2.1." in told
    assert "DNS record that counts no more: new.example.org A 192.0.2.1." in told


def test_a_deploy_does_not_know_its_records_yet() -> None:
    made = plan(release(), around(release(records=[record("shop.localhost")])))
    assert (made["records"]["wanted"], made["records"]["unwanted"]) == ([], [])


def test_a_rollback_of_a_stack_tells_the_images_that_differ() -> None:
    now = release(runtime="compose", images={"web": "sha256:" + "b" * 64, "db": "sha256:" + "d" * 64})
    then = release(runtime="compose", images={"web": "sha256:" + "a" * 64, "db": "sha256:" + "d" * 64})
    made = plan(then, around(now), action="rollback")
    assert [one["name"] for one in made["image"]["parts"]] == ["web"]
    assert f"Image of web: {'b' * 12} → {'a' * 12}." in readable.sections(made)["changes"]


def own(mark: str, *, secret: bool = False) -> Json:
    """A variable as a project says it."""
    return {"sealed": "gAAAA", "mark": mark, "secret": secret}


def test_what_the_project_says_of_its_environment_is_told_too() -> None:
    now = release(defaults={"LEVEL": own("info"), "GONE": own("1"), "SAME": own("x"), "SET": own("1")})
    then = release(
        defaults={"LEVEL": own("debug"), "SALT": own("x", secret=True), "SAME": own("x"), "SET": own("2")}
    )
    variables = {1: {"SET": Variable(1, False)}}
    told = plan(then, around(now, variables=variables))["environment"]
    assert (told["added"], told["changed"], told["removed"]) == (["SALT"], ["LEVEL"], ["GONE"])
    assert told["secrets"] == ["SALT"]


def test_what_the_project_gives_or_does_not_do_without_is_known() -> None:
    given = plan(release(defaults={"API_KEY": own("x")}), around())
    assert given["todo"] == []
    needed = plan(release(defaults={"API_KEY": own("x")}, needs=["OTHER"]), around())
    assert needed["todo"] == ["Set OTHER: it does not do without. jarvis env set shop OTHER=…"]
