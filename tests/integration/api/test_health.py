"""Does it live, can it work, what does it count?"""

import re

from api_lab import Api
from jarvis import __version__
from jarvis.accounts.roles import Role


def test_it_works(api: Api) -> None:
    answer = api.ask("GET", "/healthz", Role.ANYONE)
    assert (answer.status_code, answer.text) == (200, "ok\n")
    assert answer.headers["X-Jarvis-Version"] == __version__


def test_ready_says_that_the_database_answers(api: Api) -> None:
    answer = api.ask("GET", "/readyz", Role.ANYONE)
    assert answer.status_code == 200
    assert answer.json == {"ready": True}


def test_metrics_can_be_read_by_prometheus(api: Api) -> None:
    api.seed.live("counted")
    answer = api.ask("GET", "/metrics", Role.VIEWER)
    assert answer.content_type == "text/plain; version=0.0.4; charset=utf-8"
    sample = re.compile(r'[a-z_]+(\{[a-z]+="[^"\\]*"\})? \d+')
    lines = answer.text.splitlines()
    assert all(line.startswith("# ") or sample.fullmatch(line) for line in lines)
    assert 'jarvis_deployments{status="running"} 1' in lines
    assert "jarvis_services 1" in lines
    families = [line.split()[2] for line in lines if line.startswith("# TYPE")]
    assert len(families) == len(set(families))
