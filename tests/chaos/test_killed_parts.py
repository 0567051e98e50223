"""kill -9 of any part is noticed and mended; kill -9 of all of it loses nothing."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from jarvis_lab import Lab, Visitor, lab, site, until


@pytest.fixture(scope="module")
def jarvis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with lab() as made:
        made.good("deploy", str(site(tmp_path_factory.mktemp("s"), "here I am")), "--domain", "up.localhost")
        yield made


@pytest.mark.parametrize("part", ["web", "worker", "database"])
def test_a_killed_part_is_mended_while_sites_go_on(jarvis: Lab, tmp_path: Path, part: str) -> None:
    before = jarvis.pids(part)
    with Visitor(jarvis, "up.localhost", ["here I am"]) as visitor:
        jarvis.kill(part)
        until(lambda: not set(jarvis.pids(part)) & set(before) and jarvis.pids(part), f"a new {part}")
        until(jarvis.ready, "the API works again")
        host = f"after-{part}.localhost"
        jarvis.good("deploy", str(site(tmp_path / "s", f"after {part}")), "--domain", host)
    assert visitor.wrong == []
    assert f"after {part}".encode() in jarvis.get(host)[1]


def test_a_killed_proxy_is_mended(jarvis: Lab) -> None:
    before = jarvis.pids("proxy")
    jarvis.kill("proxy")
    until(lambda: jarvis.pids("proxy") not in ([], before), "a new proxy")

    def answers() -> bool:
        try:
            return b"here I am" in jarvis.get("up.localhost")[1]
        except OSError:
            return False

    until(answers, "the site answers again")


def test_sites_go_on_when_the_supervisor_is_killed_and_the_next_one_adopts_the_proxy(jarvis: Lab) -> None:
    proxy = jarvis.pids("proxy")
    with Visitor(jarvis, "up.localhost", ["here I am"]) as visitor:
        jarvis.kill("up")
        until(lambda: not jarvis.pids("web") and not jarvis.pids("worker"), "the others end with it")
        jarvis.good("up", "--detach")
        assert jarvis.pids("proxy") == proxy
    assert visitor.wrong == []
    assert "already" in jarvis.good("up", "--detach")


def test_everything_killed_at_once_loses_nothing(jarvis: Lab, tmp_path: Path) -> None:
    jarvis.good("deploy", str(site(tmp_path / "a", "before the end")), "--domain", "all.localhost")
    rows = jarvis.rows("SELECT id, status::text FROM deployments ORDER BY id")
    running = jarvis.start("deploy", str(site(tmp_path / "b", "in the middle")), "--domain", "all.localhost")
    until(
        lambda: (
            jarvis.rows("SELECT 1 FROM workflows WHERE name LIKE 'Deploy all%' AND status = 'running'")
            or running.poll() is not None
        ),
        "the deploy is under way",
    )
    jarvis.kill_everything()
    running.send_signal(signal.SIGINT)
    running.communicate(timeout=60)
    jarvis.good("up", "--detach")
    kept = jarvis.rows("SELECT id, status::text FROM deployments ORDER BY id")
    assert {key for key, _ in rows} <= {key for key, _ in kept}
    until(
        lambda: not jarvis.rows("SELECT 1 FROM workflows WHERE status NOT IN ('completed', 'failed')"),
        "every deploy ends",
        timeout=90,
    )
    assert jarvis.get("all.localhost")[0] == 200
    live = jarvis.rows(
        "SELECT d.status::text FROM services s JOIN deployments d ON d.id = s.deployment_id"
        " WHERE s.name = 'all'"
    )
    assert live == [("running",)]


def test_the_database_gone_in_the_middle_of_a_deploy(jarvis: Lab, tmp_path: Path) -> None:
    folder = site(tmp_path / "many", "many files", files=3000)
    running = jarvis.start("deploy", str(folder), "--domain", "many.localhost", "--json")
    until(
        lambda: jarvis.rows(
            "SELECT 1 FROM workflow_events e JOIN workflows w ON w.id = e.workflow_id"
            " WHERE w.name LIKE 'Deploy many%' AND e.step = 'unpack'"
        ),
        "unpacking began",
    )
    jarvis.kill("database")
    out, err = running.communicate(timeout=120)
    assert running.returncode == 0, out + err
    assert b"many files" in jarvis.get("many.localhost")[1]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_up_in_the_foreground_ends_cleanly(number: signal.Signals) -> None:
    with lab(up=False) as jarvis:
        running = jarvis.start("up")
        until(jarvis.ready, "it is ready")
        until((jarvis.home / "run" / "jarvis.json").is_file, "it says so")
        numbers = [pid for part in ("up", "web", "worker", "proxy", "database") for pid in jarvis.pids(part)]
        running.send_signal(number)
        out, err = running.communicate(timeout=60)
        assert running.returncode in (0, 130), out + err
        assert "Traceback" not in out + err
        assert not [
            pid
            for pid in numbers
            if Path(f"/proc/{pid}/cmdline").exists() and Path(f"/proc/{pid}/cmdline").read_bytes()
        ]


def test_down_stops_everything_and_up_brings_it_back(jarvis: Lab) -> None:
    jarvis.good("down")
    for part in ("up", "web", "worker", "proxy"):
        assert jarvis.pids(part) == []
    assert "does not run" in jarvis.good("down")
    jarvis.good("up", "--detach")
    assert b"here I am" in jarvis.get("up.localhost")[1]


def test_two_starts_at_once_make_one_jarvis() -> None:
    with lab(up=False) as jarvis:
        both = [jarvis.start("up", "--detach") for _ in range(2)]
        said = ""
        for process in both:
            out, err = process.communicate(timeout=120)
            assert process.returncode == 0, out + err
            said += out + err
        assert "already" in said
        assert len(jarvis.pids("up")) == 1


def test_all_data_is_private(jarvis: Lab) -> None:
    assert jarvis.home.stat().st_mode & 0o777 == 0o700
    for file in (jarvis.home / "secrets").iterdir():
        assert file.stat().st_mode & 0o077 == 0, file
    token = jarvis.token
    for log in (jarvis.home / "logs").iterdir():
        if log.is_file():
            assert token not in log.read_text(errors="replace"), log
    for part in ("web", "worker", "proxy", "up"):
        for pid in jarvis.pids(part):
            environ = Path(f"/proc/{pid}/environ").read_bytes()
            assert b"JARVIS_DATABASE_URL=" not in environ
            assert token.encode() not in environ
