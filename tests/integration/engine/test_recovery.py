"""What a killed worker leaves is carried on by another one."""

from caddy_lab import poll
from engine_lab import Engines


def begun(engines: Engines, key: str, times: int = 1) -> bool:
    return poll(lambda: engines.notes(key).count("began") == times)


def test_it_works(engines: Engines) -> None:
    first = engines.start()
    key = engines.ask("slow")
    assert begun(engines, key)
    first.kill()
    first.wait(30)
    engines.start()
    assert begun(engines, key, 2)
    engines.go()
    assert engines.outcome(key) == {"status": "completed"}
    assert engines.notes(key) == ["began", "began", "ended"]


def test_a_worker_that_runs_already_takes_over(engines: Engines) -> None:
    first = engines.start()
    key = engines.ask("slow")
    assert begun(engines, key)
    engines.start()
    assert engines.notes(key) == ["began"]  # the first one lives: nobody meddles
    first.kill()
    first.wait(30)
    engines.go()
    assert engines.outcome(key) == {"status": "completed"}


def test_what_waited_behind_the_killed_work_comes_after_it(engines: Engines) -> None:
    first = engines.start()
    key = engines.ask("slow", "shop")
    behind = engines.ask("quick", "shop")
    assert begun(engines, key)
    first.kill()
    first.wait(30)
    engines.go()
    engines.start()
    engines.outcome(behind)
    assert engines.notes()[-2:] == [f"{key} ended", f"{behind} quick"]


def test_a_worker_that_is_asked_to_stop_leaves_its_work_to_the_next(engines: Engines) -> None:
    first = engines.start()
    key = engines.ask("slow")
    assert begun(engines, key)
    first.terminate()
    engines.start()
    assert begun(engines, key, 2)
    engines.go()
    assert engines.outcome(key) == {"status": "completed"}
    assert first.wait(60) == 0
