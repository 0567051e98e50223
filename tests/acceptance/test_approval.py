"""A plan is shown, promised and kept; a person agrees or not, and what answers stays until then."""

import json
import os
import signal
from pathlib import Path
from typing import Any

from jarvis_lab import Lab, site, until
from programs import program


def wish(jarvis: Lab, name: str, **settings: Any) -> None:
    """Let the next deployments of a service have these settings."""
    kept = {"members": settings, "by": "ada", "at": "2026-03-02T09:30:00+00:00"}
    jarvis.rows(
        "UPDATE services SET settings = settings || jsonb_build_object('service', %s::jsonb)"
        " WHERE name = %s RETURNING 1",
        json.dumps(kept),
        name,
    )


def planned(jarvis: Lab, folder: Path, *words: str) -> dict[str, Any]:
    return jarvis.told("plan", str(folder), *words)


def asked(jarvis: Lab, workflow: str) -> dict[str, Any]:
    """The open task that a workflow waits for."""

    def look() -> dict[str, Any] | None:
        status, row = jarvis.api("GET", f"/api/v1/workflows/{workflow}")
        assert status == 200
        assert row["status"] != "failed", row["error_message"]
        return next((task for task in row["tasks"] if task["status"] == "pending"), None)

    return until(look, "a person is asked")


def waiting(jarvis: Lab, name: str, folder: Path) -> tuple[str, dict[str, Any]]:
    """A deploy that waits for a person: its workflow and its task."""
    begun = jarvis.told("deploy", str(folder), "--name", name, "--detach")
    return begun["workflow_id"], asked(jarvis, begun["workflow_id"])


def ended(jarvis: Lab, workflow: str) -> dict[str, Any]:
    def look() -> dict[str, Any] | None:
        row = jarvis.api("GET", f"/api/v1/workflows/{workflow}")[1]
        return row if row["status"] in ("completed", "failed") else None

    return until(look, "it ends")


def approving(jarvis: Lab, tmp_path: Path, name: str) -> None:
    """A service that answers and wants a person to agree from now on."""
    jarvis.good("deploy", str(site(tmp_path / "one", "one")), "--name", name)
    wish(jarvis, name, approval=True)


def test_it_works(jarvis: Lab, tmp_path: Path) -> None:
    plan = planned(jarvis, site(tmp_path / "ap-a", "one"), "--name", "ap-a")
    assert plan["plan"]["new"] is True
    assert jarvis.rows("SELECT 1 FROM services WHERE name = 'ap-a'") == [], "a plan takes nothing"
    told = jarvis.told("deploy", "--plan", plan["hash"][:12])
    assert told["status"] == "completed"
    assert b"one" in jarvis.get("ap-a.localhost")[1]


def test_a_plan_counts_what_differs_from_what_runs(jarvis: Lab, tmp_path: Path) -> None:
    jarvis.good("deploy", str(site(tmp_path / "one", "one")), "--name", "ap-b")
    two = site(tmp_path / "two", "two", files=2)
    (two / "new.html").write_text("new")
    plan = planned(jarvis, two, "--name", "ap-b")["plan"]
    files = plan["artifact"]["files"]
    assert (files["added"], files["changed"], files["removed"]) == (1, 2, 1)
    assert files["names"]["removed"] == ["page1.html"]
    assert plan["downtime"]["seconds"] == 0
    assert {step["name"]: step["seconds"] for step in plan["steps"]}["build"] is not None


def test_a_deploy_does_nothing_else_than_its_plan(jarvis: Lab, tmp_path: Path) -> None:
    jarvis.good("deploy", str(site(tmp_path / "one", "one")), "--name", "ap-c")
    plan = planned(jarvis, site(tmp_path / "two", "two"), "--name", "ap-c")
    jarvis.good("deploy", str(site(tmp_path / "three", "three")), "--name", "ap-c")
    said = jarvis.refused("deploy", "--plan", plan["hash"])
    assert "The version that runs now changed" in said
    status, problem = jarvis.api("POST", "/api/v1/deployments", {"plan": plan["hash"]})
    assert status == 409
    assert problem["plan"]["hash"] != plan["hash"]
    assert b"three" in jarvis.get("ap-c.localhost")[1]


def test_a_plan_knows_what_is_set_with_it(jarvis: Lab, tmp_path: Path) -> None:
    folder, key = str(site(tmp_path / "ap-env", "one")), tmp_path / "key"
    key.write_text("hunter2-of-ap-env")
    along = ("--env", "LEVEL=info", "--secret", f"API_KEY=@{key}", "--set", "health.path=/index.html")
    said = jarvis.good("plan", folder, "--name", "ap-env", *along)
    words = said.splitlines()[-1].partition("jarvis ")[2].split()
    assert words[:2] == ["deploy", "--plan"]
    assert words[3:] == ["--secret", "API_KEY", "--env", "LEVEL=…", "--set", "health.path=…"]
    assert "Environment, added: API_KEY (secret), LEVEL." in said
    assert "hunter2" not in said
    refused = jarvis.refused(*words[:3], *along[:4])
    assert "does not say the same: it was made with health.path as well." in refused
    told = jarvis.told(*words[:3], *along)
    assert told["status"] == "completed"
    status, row = jarvis.api("GET", f"/api/v1/deployments/{told['deployment_id']}")
    assert status == 200
    assert row["configuration"]["promised"]["hash"].startswith(words[2])
    assert row["configuration"]["environment"] == 1


def test_it_is_looked_again_when_its_turn_comes(jarvis: Lab, tmp_path: Path) -> None:
    jarvis.good("deploy", str(site(tmp_path / "one", "one")), "--name", "ap-d")
    plan = planned(jarvis, site(tmp_path / "two", "two"), "--name", "ap-d")
    workers = jarvis.pids("worker")
    for number in workers:
        os.kill(number, signal.SIGSTOP)
    try:
        status, row = jarvis.api("POST", "/api/v1/deployments", {"plan": plan["hash"]})
        assert status == 202
        jarvis.good("env", "set", "ap-d", "LEVEL=high")
    finally:
        for number in workers:
            os.kill(number, signal.SIGCONT)
    end = ended(jarvis, row["workflow_id"])
    assert end["status"] == "failed"
    assert "not what was planned any more: The environment changed: 0 → 1." in end["error_message"]
    assert b"one" in jarvis.get("ap-d.localhost")[1]


KEPT = (
    "artifact_sha256",
    "verdict",
    "plan",
    "plan_sha256",
    "runtime",
    "environment",
    "settings",
    "hosts",
    "release",
)
"""What a release is."""


def record(jarvis: Lab, deployment: str) -> dict[str, Any]:
    configuration = jarvis.api("GET", f"/api/v1/deployments/{deployment}")[1]["configuration"]
    return {name: configuration.get(name) for name in KEPT}


def test_a_rollback_shows_what_it_changes_and_brings_all_of_a_release_back(
    jarvis: Lab, tmp_path: Path
) -> None:
    name, more = "ap-e", "more-e.localhost"
    jarvis.good("env", "set", name, "LEVEL=one")
    first = program(tmp_path / "one", "first")
    (first / "jarvis.toml").write_text(f'domains = ["{more}"]\ndrain = 7\n')
    old = jarvis.told("deploy", str(first), "--name", name)["deployment_id"]
    before = record(jarvis, old)
    assert [key for key in KEPT if before[key] is None] == []
    assert jarvis.get(more, "/env/LEVEL") == (200, b"one")
    artifact = jarvis.api("GET", f"/api/v1/deployments/{old}")[1]["artifact_id"]

    jarvis.good("env", "set", name, "LEVEL=two")
    jarvis.good("deploy", str(site(tmp_path / "two", "two")), "--name", name)
    assert jarvis.get(more)[0] == 404, "the names of the first version are given up"
    jarvis.good("correct", name, "--start-command", "python3 other.py")
    jarvis.api("POST", f"/api/v1/artifacts/{artifact}/analysis", {"service": name})
    until(
        lambda: jarvis.api("GET", f"/api/v1/artifacts/{artifact}/analysis")[1]["plan"] != before["plan"],
        "a later analysis says otherwise",
    )
    assert record(jarvis, old) == before, "a record is not written again"

    shown = jarvis.told("rollback", name, "--plan")
    plan = shown["plan"]
    assert plan["environment"]["changed"] == ["LEVEL"]
    assert (plan["runtime"]["before"], plan["runtime"]["name"]) == ("static", "process")
    assert plan["routes"]["added"] == [more]
    assert {"name": "drain", "before": 30, "after": 7} in [
        {key: one[key] for key in ("name", "before", "after")} for one in plan["settings"]
    ]
    new = jarvis.told("rollback", name, "--hash", shown["hash"])["deployment_id"]
    assert record(jarvis, new) == before
    assert jarvis.get(more, "/env/LEVEL") == (200, b"one")
    assert jarvis.get("ap-e.localhost") == (200, b"first")
    assert "does not hold" in jarvis.refused("rollback", name, "--hash", shown["hash"])


def test_a_person_agrees(jarvis: Lab, tmp_path: Path) -> None:
    approving(jarvis, tmp_path, "ap-f")
    workflow, task = waiting(jarvis, "ap-f", site(tmp_path / "two", "two"))
    assert task["task_type"] == "approval_required"
    told = {part["on"]: part["what"] for part in task["instructions"]["what happens"]}
    assert any(line.startswith("Artifact: ") for line in told["changes"])
    assert b"one" in jarvis.get("ap-f.localhost")[1]
    jarvis.good("tasks", "done", task["id"], "--note", "looks good")
    assert ended(jarvis, workflow)["status"] == "completed"
    assert b"two" in jarvis.get("ap-f.localhost")[1]
    ((approved,),) = jarvis.rows(
        "SELECT configuration->'approved' FROM deployments WHERE workflow_id = %s", workflow
    )
    assert (approved["note"], approved["plan"]) == ("looks good", task["instructions"]["plan"])


def test_a_person_who_does_not_agree_ends_it(jarvis: Lab, tmp_path: Path) -> None:
    approving(jarvis, tmp_path, "ap-g")
    workflow, task = waiting(jarvis, "ap-g", program(tmp_path / "two", "two"))
    jarvis.good("tasks", "reject", task["id"], "--reason", "Not on a Friday")
    row = ended(jarvis, workflow)
    assert row["status"] == "failed"
    assert "Not on a Friday" in row["error_message"]
    assert b"one" in jarvis.get("ap-g.localhost")[1]
    assert not (jarvis.home / "apps" / "ap-g").exists() or not any((jarvis.home / "apps" / "ap-g").iterdir())


def test_time_that_passes_without_an_answer_ends_it(jarvis: Lab, tmp_path: Path) -> None:
    approving(jarvis, tmp_path, "ap-h")
    workflow, task = waiting(jarvis, "ap-h", site(tmp_path / "two", "two"))
    status, _ = jarvis.api("PATCH", f"/api/v1/tasks/{task['id']}", {"due_at": "2026-01-01T00:00:00Z"})
    assert status == 200
    assert "in time" in ended(jarvis, workflow)["error_message"]
    assert b"one" in jarvis.get("ap-h.localhost")[1]


def test_another_plan_is_another_question(jarvis: Lab, tmp_path: Path) -> None:
    approving(jarvis, tmp_path, "ap-i")
    first, one = waiting(jarvis, "ap-i", site(tmp_path / "two", "two"))
    wish(jarvis, "ap-i")
    second = jarvis.told("deploy", str(site(tmp_path / "three", "three")), "--name", "ap-i")
    assert second["status"] == "completed", "what waits holds up nobody"
    row = ended(jarvis, first)
    assert row["status"] == "failed"
    assert "newer version" in row["error_message"]
    wish(jarvis, "ap-i", approval=True)
    other, task = waiting(jarvis, "ap-i", site(tmp_path / "four", "four"))
    assert one["id"] != task["id"]
    jarvis.good("rollback", "ap-i")
    jarvis.good("tasks", "done", task["id"])
    again = asked(jarvis, other)
    assert again["instructions"]["plan"] != task["instructions"]["plan"]
    assert b"one" in jarvis.get("ap-i.localhost")[1], "nobody agreed to take the place of that"
    jarvis.good("tasks", "done", again["id"])
    assert ended(jarvis, other)["status"] == "completed"
    assert b"four" in jarvis.get("ap-i.localhost")[1]


def test_a_worker_that_dies_while_a_person_thinks_changes_nothing(jarvis: Lab, tmp_path: Path) -> None:
    approving(jarvis, tmp_path, "ap-j")
    workflow, task = waiting(jarvis, "ap-j", site(tmp_path / "two", "two"))
    jarvis.kill("worker")
    jarvis.good("tasks", "done", task["id"])
    assert ended(jarvis, workflow)["status"] == "completed"
    assert b"two" in jarvis.get("ap-j.localhost")[1]
    steps = jarvis.api("GET", f"/api/v1/workflows/{workflow}")[1]["steps"]
    assert [step["status"] for step in steps if step["name"].startswith("approval")] == ["done"]
