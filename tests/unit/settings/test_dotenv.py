"""`.env` files, as people write them."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jarvis.errors import InvalidInput
from jarvis.settings.dotenv import read

FILE = """\ufeff# of the shop
LOG_LEVEL=info   # for now
export CURRENCY='EUR'
\texport  SPACED = a b  c\t

EMPTY=
QUOTED_EMPTY=""
URL=postgres://anna:p#w@db/shop?a=b
LITERAL='$HOME \\n "x"'  # as it is
DOUBLE="one\\ntwo\\t\\"x\\" \\\\ \\$HOME \\d"
KEY="-----BEGIN-----
abc # no comment
-----END-----"
_x1=it's
LAST=1"""


def test_it_works() -> None:
    assert read(FILE) == {
        "LOG_LEVEL": "info",
        "CURRENCY": "EUR",
        "SPACED": "a b  c",
        "EMPTY": "",
        "QUOTED_EMPTY": "",
        "URL": "postgres://anna:p#w@db/shop?a=b",
        "LITERAL": '$HOME \\n "x"',
        "DOUBLE": 'one\ntwo\t"x" \\ $HOME \\d',
        "KEY": "-----BEGIN-----\nabc # no comment\n-----END-----",
        "_x1": "it's",
        "LAST": "1",
    }


@pytest.mark.parametrize("text", ["", "\n", "# only\n\n  # comments", "\r\n"])
def test_a_file_may_hold_nothing(text: str) -> None:
    assert read(text) == {}


def test_the_line_ends_of_windows_are_line_ends() -> None:
    assert read('A=1\r\nB="x\r\ny"\r\n') == {"A": "1", "B": "x\ny"}


@pytest.mark.parametrize("value", ["#", "# all of it is a comment", " # this too"])
def test_a_value_may_be_only_a_comment(value: str) -> None:
    assert read(f"A={value}") == {"A": ""}


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ("s3cret", "not NAME=value"),
        ("export s3cret", "not NAME=value"),
        ("a s3cret=1", "not NAME=value"),
        ("=s3cret", "not NAME=value"),
        ("A='s3cret", "not closed"),
        ('A="s3cret', "not closed"),
        ('A="s3cret\\"', "not closed"),
        ("A='x's3cret", "after the closing"),
        ('A="x" s3cret', "after the closing"),
        ("1A=s3cret", "name of a variable"),
        ("A-B=s3cret", "name of a variable"),
        ("Ä=s3cret", "name of a variable"),
        ("PORT=s3cret", "PORT is set by Jarvis"),
        ("JARVIS_URL=s3cret", "Jarvis's own"),
        ("A=s3cret\x00", "NUL"),
        ("A=s3cret" + "x" * 32 * 1024, "32,768"),
        ("FIRST=s3cret", "set in line 2 already"),
    ],
)
def test_a_bad_line_is_refused_with_its_number_and_without_its_words(bad: str, words: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        read(f"# one\nFIRST='two\nthree'\n\n{bad}\nLAST=1\n")
    said = f"{caught.value.message} {caught.value.hint} {caught.value.facts}"
    assert "Line 5" in caught.value.message
    assert caught.value.facts["line"] == 5
    assert words in said
    assert "s3cret" not in said


@given(st.text())
def test_whatever_stands_there_is_read_or_refused(text: str) -> None:
    with suppress(InvalidInput):
        read(text)


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\r'"), max_size=200))
def test_what_is_between_single_quotes_comes_back(value: str) -> None:
    assert read(f"A='{value}'\nB=1") == {"A": value, "B": "1"}
