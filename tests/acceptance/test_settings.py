"""How a service runs: said by its project, by a person, and seen to be so."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from jarvis import limits
from jarvis_lab import ROOT, Lab, Visitor, until
from programs import program

with_groups = pytest.mark.skipif(
    os.geteuid() != 0 or "memory" not in limits.available(),
    reason="this machine does not let us limit what programs take (control groups)",
)


def test_it_works(jarvis: Lab, tmp_path: Path) -> None:
    source = program(tmp_path / "se", "hello")
    (source / "jarvis.toml").write_text('release = "sh -c \'echo from $GREETING\'"\n[health]\npath = "/up"\n')
    jarvis.good("env", "set", "se", "GREETING=Moin")
    said = jarvis.good("deploy", str(source), "--domain", "se.localhost")
    assert "from Moin" in said
    listed = jarvis.told("settings", "list", "se")
    rows = {row["name"]: row for row in listed["items"]}
    assert (rows["health.path"]["value"], rows["health.path"]["source"]) == ("/up", "jarvis.toml, line 3")
    assert rows["drain"]["shown"] == "30s"
    jarvis.good("settings", "set", "se", "health.path=/other", "drain=1s", "--redeploy")
    rows = {row["name"]: row for row in jarvis.told("settings", "list", "se")["items"]}
    assert rows["health.path"]["source"].startswith("set by ")
    assert not any(row["pending"] for row in rows.values())
    jarvis.good("rollback", "se")
    ((settings,),) = jarvis.rows(
        "SELECT configuration->'settings' FROM deployments d JOIN services s ON s.deployment_id = d.id "
        "WHERE s.name = 'se'"
    )
    assert settings["health"] == {"path": "/up"}, "going back brings back the settings of then"


def test_a_wrong_file_fails_with_its_lines_and_the_old_version_answers(jarvis: Lab, tmp_path: Path) -> None:
    source = program(tmp_path / "wrong", "old")
    jarvis.good("deploy", str(source), "--domain", "wrong.localhost")
    (source / "jarvis.toml").write_text("replicas = 'many'\n\n[helth]\npath = '/'\n")
    said = jarvis.refused("deploy", str(source), "--domain", "wrong.localhost")
    assert "jarvis.toml, line 1: replicas must be a whole number" in said
    assert "Also wrong: line 3" in said
    assert jarvis.get("wrong.localhost") == (200, b"old")


def test_a_failing_release_command_switches_nothing(jarvis: Lab, tmp_path: Path) -> None:
    source = program(tmp_path / "mig", "old")
    jarvis.good("deploy", str(source), "--domain", "mig.localhost")
    jarvis.good("settings", "set", "mig", "release=sh -c 'echo no such table; exit 4'")
    said = jarvis.refused("deploy", str(program(tmp_path / "mig2", "new")), "--domain", "mig.localhost")
    assert "ended with code 4: no such table" in said
    assert jarvis.get("mig.localhost") == (200, b"old")
    assert len(list((jarvis.home / "apps" / "mig").iterdir())) == 1, "nothing of it is left"


def test_a_wrong_health_status_is_not_well(jarvis: Lab, tmp_path: Path) -> None:
    source = program(tmp_path / "ill", "old")
    jarvis.good("deploy", str(source), "--domain", "ill.localhost")
    jarvis.good("settings", "set", "ill", "health.path=/", "health.status=204", "health.patience=2s")
    said = jarvis.refused("redeploy", "ill")
    assert "answers 200 at /" in said
    assert jarvis.get("ill.localhost") == (200, b"old")


def test_what_lies_in_a_volume_outlives_deploys_and_visitors_wait(jarvis: Lab, tmp_path: Path) -> None:
    source = program(tmp_path / "vol", "one")
    (source / "data").mkdir()
    (source / "data" / "first.txt").write_text("seed")
    (source / "jarvis.toml").write_text('[[volumes]]\nname = "data"\npath = "data"\n')
    jarvis.good("deploy", str(source), "--domain", "vol.localhost")
    jarvis.good("run", "vol", "--", "sh", "-c", "echo kept > data/second.txt")
    with Visitor(jarvis, "vol.localhost", ["one", "two"]) as visitor:
        (source / "server.py").write_text((source / "server.py").read_text().replace("one", "two"))
        jarvis.good("deploy", str(source), "--domain", "vol.localhost")
    assert visitor.wrong == [], "they wait for the new version"
    assert jarvis.get("vol.localhost") == (200, b"two")
    done = jarvis.run("run", "vol", "--", "cat", "data/first.txt", "data/second.txt")
    assert "seed" in done.stdout + done.stderr
    assert "kept" in done.stdout + done.stderr
    jarvis.good("remove", "vol", "--yes")
    assert (jarvis.home / "volumes" / "vol" / "data" / "second.txt").read_text() == "kept\n"


def test_a_program_with_a_port_of_its_own_is_deployed_again(jarvis: Lab, tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    source = program(tmp_path / "own", "one", before=f"os.environ['PORT'] = '{port}'")
    (source / "jarvis.toml").write_text(f"port = {port}\n")
    jarvis.good("deploy", str(source), "--domain", "own.localhost")
    (source / "server.py").write_text((source / "server.py").read_text().replace("one", "two"))
    jarvis.good("deploy", str(source), "--domain", "own.localhost")
    assert jarvis.get("own.localhost") == (200, b"two")
    (source / "server.py").write_text("raise SystemExit('no')")
    said = jarvis.refused("deploy", str(source), "--domain", "own.localhost")
    assert "ended with code 1" in said
    assert jarvis.get("own.localhost") == (200, b"two"), "the old version was started again"


@with_groups
def test_a_program_that_takes_too_much_memory_says_so(jarvis: Lab, tmp_path: Path) -> None:
    source = program(tmp_path / "fat", "old")
    jarvis.good("deploy", str(source), "--domain", "fat.localhost")
    jarvis.good("settings", "set", "fat", "limits.memory=64MB")
    greedy = program(tmp_path / "fat2", "new", before="hoard = b'x' * (300 * 1024 * 1024)")
    said = jarvis.refused("deploy", str(greedy), "--domain", "fat.localhost")
    assert "out of memory" in said
    assert jarvis.get("fat.localhost") == (200, b"old")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("helth.path=/",), "There is no setting helth.path."),
        (("replicas=0",), "replicas must be from 1 to 100"),
        (("limits.memory=3 bananas",), "limits.memory must be a size"),
        (("volumes.data=../x",), "must be a folder of its own"),
        (("cron.tidy=99 * * * * ls",), "“99” is no minute"),
        (("domains=not a name!",), "holds a wrong name"),
    ],
)
def test_what_cannot_be_set_is_refused_and_nothing_changes(
    jarvis: Lab, tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    if jarvis.run("settings", "list", "bad").returncode:
        jarvis.good("deploy", str(program(tmp_path / "bad", "bad")), "--domain", "bad.localhost")
    assert said in jarvis.refused("settings", "set", "bad", "drain=5s", *words)
    assert jarvis.told("settings", "list", "bad")["version"] == 0


def test_a_password_is_never_shown(jarvis: Lab, tmp_path: Path) -> None:
    jarvis.good("deploy", str(program(tmp_path / "login", "in")), "--domain", "login.localhost")
    status, body = jarvis.api(
        "PATCH", "/api/v1/services/login/settings", {"text": {"logins.anna": "Xq7-secret"}}
    )
    assert status == 200
    assert body["members"] == {"logins": [{"user": "anna"}]}
    jarvis.good("redeploy", "login")
    assert jarvis.get("login.localhost")[0] == 401
    ((kept,),) = jarvis.rows("SELECT settings::text FROM services WHERE name = 'login'")
    assert "Xq7-secret" not in kept
    assert "scrypt$" in kept
    assert "scrypt$" not in str(jarvis.told("settings", "list", "login"))


def test_a_project_says_what_it_wants_and_a_missing_secret_stops_the_deploy_before_the_build(
    jarvis: Lab, tmp_path: Path
) -> None:
    source = program(tmp_path / "wishes", "one")
    (source / "jarvis.toml").write_text(
        "[env]\nLEVEL = 'info'\nSESSION_KEY = { generator = 'secret' }\nAPI_KEY = { required = true }\n"
    )
    host = "wishes.localhost"

    def env(name: str) -> str:
        return jarvis.get(host, f"/env/{name}")[1].decode()

    said = jarvis.refused("deploy", str(source), "--domain", host)
    assert "API_KEY is not set, and it does not do without: jarvis.toml, line 4 says so." in said
    assert "jarvis env set wishes API_KEY --secret" in said
    assert "Making the release" not in said
    assert not (jarvis.home / "apps" / "wishes").exists()
    assert "wishes" not in [row["name"] for row in jarvis.told("status")["items"]], "nothing of it is left"
    (tmp_path / "key").write_text("of-the-shop\n")
    said = jarvis.good("deploy", str(source), "--domain", host, "--secret", f"API_KEY=@{tmp_path / 'key'}")
    assert "SESSION_KEY: a secret was made for it, as jarvis.toml, line 3 wants." in said
    first = env("SESSION_KEY")
    assert (env("LEVEL"), env("API_KEY"), len(first)) == ("info", "of-the-shop", 64)
    jarvis.good("deploy", str(source), "--domain", host, "--env", "LEVEL=debug")
    assert (env("LEVEL"), env("SESSION_KEY")) == ("debug", first), "a secret is made once"
    jarvis.good("rollback", "wishes")
    assert env("LEVEL") == "info"
    assert first not in str(jarvis.rows("SELECT configuration::text FROM deployments"))


def test_a_service_is_set_up_before_its_first_deploy_and_may_be_removed(jarvis: Lab, tmp_path: Path) -> None:
    said = jarvis.good("settings", "set", "early", "health.path=/up")
    assert "“early” is not deployed yet: this is kept for its first deploy" in said
    assert "not deployed yet" in jarvis.good("status")
    said = jarvis.good("env", "set", "earyl", "A=1")
    assert "If you meant “early”: jarvis remove earyl" in said
    jarvis.good("remove", "earyl", "--yes")
    assert [row["name"] for row in jarvis.told("status")["items"] if row["name"].startswith("ear")] == [
        "early"
    ]
    jarvis.good("deploy", str(program(tmp_path / "early", "one")), "--name", "early")
    rows = {row["name"]: row for row in jarvis.told("settings", "list", "early")["items"]}
    assert rows["health.path"]["runs"] == "/up"


DUE = """\
import sys
from datetime import datetime
from jarvis.deployments.upkeep import cron
from services.db_service import db_service
with db_service.get_session() as session:
    cron.due(session, datetime.fromisoformat(sys.argv[1]))
"""


def test_a_job_runs_once_at_its_time(jarvis: Lab, tmp_path: Path) -> None:
    source = program(tmp_path / "job", "one")
    (source / "jarvis.toml").write_text(
        "[[volumes]]\nname = 'data'\npath = 'data'\n"
        "[[cron]]\nname = 'tidy'\nschedule = '0 4 29 2 *'\ncommand = \"sh -c 'echo ran >> data/log'\"\n"
    )
    jarvis.good("deploy", str(source), "--domain", "job.localhost")
    url = (jarvis.home / "secrets" / "database_url").read_text().strip()
    env = {**jarvis.env, "PYTHONPATH": str(ROOT / "services" / "dashboard"), "JARVIS_DATABASE_URL": url}
    runs = "SELECT status FROM workflows WHERE workflow_type = 'command' AND service = 'job'"
    for second in ("04:00:00", "04:00:20", "04:00:40"):
        subprocess.run([sys.executable, "-c", DUE, f"2996-02-29T{second}+00:00"], env=env, check=True)
        until(lambda: jarvis.rows(runs) == [("completed",)], "the job ended, and there is only one")
    log = jarvis.home / "volumes" / "job" / "data" / "log"
    assert log.read_text() == "ran\n"
