"""`jarvis rollback --plan`, `releases`, `pin` and `deploy --plan` against the application, over HTTP."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest

import api_lab
from jarvis.cli import main
from seed import MORNING

pytestmark = pytest.mark.usefixtures("answering")

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """`run(*words)` gives the exit code and what was printed."""

    def run(*words: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main(words)
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return run


def live(api: api_lab.Api, name: str, count: int) -> list[str]:
    return [api.seed.live(name, at=MORNING + timedelta(hours=number)) for number in range(count)]


def test_it_works(api: api_lab.Api, run: Run) -> None:
    first, second = live(api, "shop", 2)
    code, printed, _ = run("rollback", "shop", "--plan")
    assert code == 0
    assert printed.startswith("Going back with shop at shop.localhost\n")
    assert f"It takes the place of deployment {second[:8]}." in printed
    last = printed.splitlines()[-1]
    assert f"jarvis rollback shop --to {first} --hash " in last
    code, printed, _ = run("rollback", "shop", "--hash", last.split()[-1], "--detach")
    assert code == 0


def test_a_plan_that_does_not_hold_is_refused(api: api_lab.Api, run: Run) -> None:
    live(api, "bank", 2)
    code, _, complaint = run("rollback", "bank", "--hash", "0" * 12)
    assert code == 1
    assert "does not hold any more" in complaint


def test_releases_are_listed_pinned_and_let_go(api: api_lab.Api, run: Run) -> None:
    first, second = live(api, "mill", 2)
    code, printed, _ = run("releases", "mill")
    assert code == 0
    assert [line.split()[0] for line in printed.splitlines()] == ["DEPLOYMENT", second[:8], first[:8]]
    assert "answers now" in printed.splitlines()[1]
    assert "pinned" in run("pin", "mill", first[:8])[1].splitlines()[2]
    found = json.loads(run("releases", "mill", "--json")[1])["items"]
    assert [row["pinned"] for row in found] == [False, True]
    assert "pinned" not in run("unpin", "mill", first)[1]


def test_a_release_is_named_by_a_beginning_that_only_one_has(api: api_lab.Api, run: Run) -> None:
    live(api, "tool", 1)
    code, _, complaint = run("pin", "tool", "zzzz")
    assert code == 1
    assert "No release of tool among the 1 that are kept begin with zzzz" in complaint


def test_a_deploy_says_what_or_by_which_plan(run: Run) -> None:
    assert run("deploy")[0] == 2
    code, _, complaint = run("deploy", "--plan", "0" * 12, "--name", "x")
    assert (code, "leave them out beside --plan" in complaint) == (2, True)
    code, _, complaint = run("deploy", "--plan", "0" * 12)
    assert code == 1
    assert "There is no plan 000000000000." in complaint
