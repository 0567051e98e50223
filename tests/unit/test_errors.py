"""Errors as problem objects, and back."""

from typing import Any

import pytest

from jarvis import errors
from jarvis.errors import JarvisError, from_problem, problem, unexpected
from jarvis.shell import CommandFailed


def every_kind(kind: type[JarvisError] = JarvisError) -> list[type[JarvisError]]:
    return [kind, *(deeper for child in kind.__subclasses__() for deeper in every_kind(child))]


KINDS = [kind for kind in every_kind() if kind.__module__ == errors.__name__]


def test_it_works() -> None:
    body = problem(errors.PortTaken("Port 80 is taken.", "Stop nginx.", {"port": 80}))
    assert body == {
        "type": "urn:jarvis:error:port_taken",
        "title": "Port taken",
        "status": 409,
        "code": "port_taken",
        "detail": "Port 80 is taken.",
        "hint": "Stop nginx.",
        "port": 80,
    }


@pytest.mark.parametrize("kind", KINDS)
def test_every_error_survives_the_way_through_a_problem(kind: type[JarvisError]) -> None:
    back = from_problem(problem(kind("What was wrong.", "What to do.", {"entry": "a/b", "many": [1, 2]})))
    assert type(back) is kind
    assert (back.message, back.hint) == ("What was wrong.", "What to do.")
    assert back.facts == {"entry": "a/b", "many": [1, 2]}
    assert (back.code, back.status, back.transient) == (kind.code, kind.status, kind.transient)


def test_codes_are_given_once() -> None:
    codes = [kind.code for kind in every_kind()]
    assert len(codes) == len(set(codes))


def test_an_error_of_another_room_keeps_its_code_and_status() -> None:
    back = from_problem(problem(CommandFailed("tar failed.", "Look.", program="tar")))
    assert type(back) is JarvisError
    assert (back.code, back.status, back.facts) == ("command_failed", 500, {"program": "tar"})


def test_an_unknown_code_does_not_change_the_class() -> None:
    from_problem({"code": "strange", "status": 418, "detail": "No."})
    assert (JarvisError.code, JarvisError.status) == ("error", 500)


@pytest.mark.parametrize("member", ["type", "title", "status", "code", "detail", "hint"])
def test_no_fact_takes_the_place_of_a_standard_member(member: str) -> None:
    body = problem(errors.Conflict("Taken.", "Choose another.", {member: "forged"}))
    assert body == problem(errors.Conflict("Taken.", "Choose another."))


@pytest.mark.parametrize("body", [{}, {"code": 7, "status": "x"}, {"detail": None, "hint": ""}])
def test_what_is_no_problem_becomes_a_plain_sentence(body: dict[str, Any]) -> None:
    assert from_problem(body).message


def test_facts_are_a_copy() -> None:
    facts = {"port": 80}
    error = errors.PortTaken("Taken.", "", facts)
    facts["port"] = 81
    assert error.facts == {"port": 80}


def test_a_bug_is_named_but_not_quoted() -> None:
    error = unexpected(ValueError("postgresql://user:secret@host"))
    assert "ValueError" in error.message
    assert "secret" not in error.message + error.hint
