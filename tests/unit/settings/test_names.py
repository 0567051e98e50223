"""What a variable may be called and hold."""

import pytest

from jarvis.errors import InvalidInput
from jarvis.settings.names import LONGEST_NAME, LONGEST_VALUE, check_name, check_value
from jarvis.settings.variables import Given
from jarvis.settings.versions import Used


@pytest.mark.parametrize("name", ["A", "_", "a1", "DATABASE_URL", "port", "JARVIS", "x" * LONGEST_NAME])
def test_it_works(name: str) -> None:
    assert check_name(name) == name


@pytest.mark.parametrize(
    "name", ["", "1A", "A-B", "A B", "A.B", "Ä", "A\n", "A\x00", "A=s3cret", "x" * (LONGEST_NAME + 1)]
)
def test_a_name_that_no_shell_knows_is_refused(name: str) -> None:
    with pytest.raises(InvalidInput, match="cannot be the name of a variable") as caught:
        check_name(name)
    assert "s3cret" not in caught.value.message
    assert caught.value.message.isprintable()


@pytest.mark.parametrize("name", ["PORT", "JARVIS_", "JARVIS_HOME"])
def test_the_names_of_jarvis_are_refused_in_words(name: str) -> None:
    with pytest.raises(InvalidInput, match=f"^{name} ") as caught:
        check_name(name)
    assert caught.value.hint


def test_a_value_is_measured_in_bytes() -> None:
    assert check_value("A", "ü\n") == 3
    assert check_value("A", "x" * LONGEST_VALUE) == LONGEST_VALUE
    with pytest.raises(InvalidInput, match="32,770 bytes"):
        check_value("A", "ü" * (LONGEST_VALUE // 2 + 1))


@pytest.mark.parametrize(("value", "words"), [("s3cret\x00", "NUL"), ("s3cret\udc80", "UTF-8")])
def test_a_value_that_no_environment_holds_is_refused_without_it(value: str, words: str) -> None:
    with pytest.raises(InvalidInput, match=words) as caught:
        check_value("A", value)
    assert "s3cret" not in f"{caught.value.message}{caught.value.hint}{caught.value.facts}"


def test_a_given_value_does_not_print_itself() -> None:
    assert "s3cret" not in repr(Given("s3cret", secret=True))


@pytest.mark.parametrize(
    ("since", "until", "needed"),
    [(1, 2, False), (1, 3, True), (2, 3, True), (3, 5, False), (3, None, True), (5, 6, True)],
)
def test_a_value_is_needed_while_a_version_has_it(since: int, until: int | None, needed: bool) -> None:
    assert Used(frozenset({2, 5})).needs(since, until) is needed
