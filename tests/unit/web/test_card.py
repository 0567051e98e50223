from typing import Any

import pytest

from jarvis.web import card


def verdict(**members: Any) -> dict[str, Any]:
    return {"kind": "web", "language": "python", "framework": "none", "evidence": [], **members}


def reason(fact: str, why: str, file: str = "app.py", line: int | None = 3) -> dict[str, Any]:
    return {"fact": fact, "file": file, "line": line, "why": why}


def test_it_works() -> None:
    (fact,) = card.facts(verdict(evidence=[reason("language", "a program"), reason("port", "elsewhere")]))
    assert (fact.name, fact.value, fact.code) == ("Language", "python", False)
    assert fact.reasons == [("app.py", 3, "a program")]


@pytest.mark.parametrize("empty", [None, "", "none"])
def test_what_is_empty_is_left_out(empty: str | None) -> None:
    assert card.facts(verdict(language=empty, port=empty, root=empty)) == []


def test_facts_stand_in_the_order_of_the_card_whatever_the_order_of_the_verdict() -> None:
    members = dict.fromkeys(reversed(card.MEMBERS), "x")
    assert [fact.name for fact in card.facts(verdict(**members))] == list(card.MEMBERS.values())


@pytest.mark.parametrize(
    ("member", "value", "code"),
    [
        ("build_command", "make", True),
        ("install_command", "make", True),
        ("start_command", "make", True),
        ("health_path", "/up", True),
        ("static_dir", "dist/pages", True),
        ("static_dir", "dist", False),
        ("port", 8000, False),
    ],
)
def test_what_is_typed_is_shown_as_code(member: str, value: str | int, code: bool) -> None:
    found = {fact.name: fact for fact in card.facts(verdict(**{member: value}))}
    assert found[card.MEMBERS[member]].code is code
    assert found[card.MEMBERS[member]].value == str(value)


def test_only_the_strongest_reasons_are_shown() -> None:
    reasons = [reason("language", f"reason {number}") for number in range(card.REASONS + 2)]
    (fact,) = card.facts(verdict(evidence=reasons))
    assert [why for _, _, why in fact.reasons] == [f"reason {number}" for number in range(card.REASONS)]


def test_a_fact_without_a_reason_is_shown_all_the_same() -> None:
    (fact,) = card.facts(verdict())
    assert fact.reasons == []
