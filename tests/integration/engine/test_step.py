"""How steps fail."""

from engine_lab import Engines


def test_it_works(engines: Engines) -> None:
    engines.start()
    done = engines.outcome(engines.ask("permanent"))
    assert (done["kind"], done["detail"]) == ("InvalidInput", "It cannot be used.")


def test_an_error_that_passes_is_tried_again(engines: Engines) -> None:
    engines.start()
    key = engines.ask("passing")
    assert engines.outcome(key) == {"kind": ""}
    assert engines.notes(key) == ["tried"] * 3


def test_an_error_that_does_not_pass_is_tried_a_few_times_only(engines: Engines) -> None:
    engines.start()
    key = engines.ask("away")
    done = engines.outcome(key)
    assert (done["kind"], done["hint"], done["port"]) == ("Unavailable", "Wait.", 5)
    assert engines.notes(key) == ["tried"] * 4


def test_a_lasting_error_is_not_tried_again(engines: Engines) -> None:
    engines.start()
    key = engines.ask("permanent")
    engines.outcome(key)
    assert engines.notes(key) == ["refused"]


def test_a_bug_ends_as_a_sentence_and_the_log_has_the_rest(engines: Engines) -> None:
    engines.start()
    key = engines.ask("broken")
    done = engines.outcome(key)
    assert done["detail"] == "Jarvis met an error that it does not know (ZeroDivisionError)."
    assert "log" in done["hint"]
    assert engines.notes(key) == ["divided"]
    assert "Traceback" in engines.log()
    assert "ZeroDivisionError: division by zero" in engines.log()
