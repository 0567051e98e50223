"""What a killed worker leaves is carried on by another one."""

from caddy_lab import poll
from engine_lab import Engines


def begun(engines: Engines, key: str, times: int = 1) -> bool:
    return poll(lambda: engines.notes(key).count("began") == times, 60)


def test_it_works(engines: Engines) -> None:
    first = engines.start()
    key = engines.ask("two")
    assert begun(engines, key)
    first.kill()
    first.wait(30)
    engines.start()
    assert begun(engines, key, 2)
    engines.go()
    assert engines.outcome(key) == {"count": 1}
    assert engines.notes(key) == ["one", "began", "began", "ended"]


def test_a_worker_that_runs_already_takes_over(engines: Engines) -> None:
    first = engines.start()
    key = engines.ask("two")
    assert begun(engines, key)
    engines.start()
    assert engines.notes(key) == ["one", "began"]  # the first one lives: nobody meddles
    first.kill()
    first.wait(30)
    engines.go()
    assert engines.outcome(key) == {"count": 1}
    assert engines.notes(key).count("one") == 1


def test_what_waited_behind_the_killed_work_comes_after_it(engines: Engines) -> None:
    first = engines.start()
    key = engines.ask("two", "shop")
    behind = engines.ask("quick", "shop")
    assert begun(engines, key)
    first.kill()
    first.wait(30)
    engines.go()
    engines.start()
    engines.outcome(behind)
    assert engines.notes()[-2:] == [f"{key} ended", f"{behind} quick"]


def test_a_step_that_was_refused_is_not_tried_again_and_its_error_comes_back_whole(engines: Engines) -> None:
    first = engines.start()
    key = engines.ask("refused")
    assert begun(engines, key)
    first.kill()
    first.wait(30)
    engines.start()
    assert begun(engines, key, 2)
    engines.go()
    assert engines.outcome(key) == {
        "kind": "InvalidInput",
        "type": "urn:jarvis:error:invalid_input",
        "title": "Invalid input",
        "status": 422,
        "code": "invalid_input",
        "detail": "It cannot be used.",
        "hint": "Hand in another.",
        "entry": "a/b",
        "sizes": [1, 2],
    }
    assert engines.notes(key).count("refused") == 1


def test_a_worker_that_is_asked_to_stop_leaves_its_work_to_the_next(engines: Engines) -> None:
    first = engines.start()
    key = engines.ask("two")
    assert begun(engines, key)
    first.terminate()
    engines.start()
    assert begun(engines, key, 2)
    engines.go()
    assert engines.outcome(key) == {"count": 1}
    assert engines.notes(key).count("one") == 1
    assert first.wait(60) == 0
