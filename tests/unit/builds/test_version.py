"""Versions that projects want, and the images that there are."""

import re

import pytest

from jarvis.builds.stacks import STACKS
from jarvis.builds.stacks.version import Shelf, choose

SHELF = Shelf(
    language="It", versions=("3.8", "3.9", "3.10", "3.11", "3.12", "4.0"), usual="3.11", old=("3.8",)
)
LEAST = Shelf(language="It", versions=("1.24", "1.26", "1.27"), usual="1.26", minimum=True)

SHELVES: list[Shelf] = [item.SHELF for item in STACKS if hasattr(item, "SHELF")]  # type: ignore[attr-defined]  # modules


def test_it_works() -> None:
    assert choose(SHELF, "3.12.4").version == "3.12"
    assert choose(SHELF, "3.12.4").notes == ()


@pytest.mark.parametrize(
    ("wanted", "version"),
    [
        ("", "3.11"),
        ("3", "3.11"),
        ("v3.9", "3.9"),
        ("python-3.12.1", "3.12"),
        ("==3.9.*", "3.9"),
        ("3.x", "3.11"),
        (">=3.8", "3.11"),
        (">=3.12.4", "3.12"),
        (">3.11", "3.12"),
        (">3.11.2,<4", "3.11"),
        ("<3.10", "3.9"),
        ("<3.11.0", "3.10"),
        ("<=3.10", "3.10"),
        (">= 3.8, < 3.10", "3.9"),
        ("!=3.11", "3.10"),
        ("^3.12", "3.12"),
        ("^4", "4.0"),
        ("~3.9.2", "3.9"),
        ("~3", "3.11"),
        ("~> 3.12", "3.12"),
        ("~> 3.9.0", "3.9"),
        ("~=3.9", "3.11"),
        ("3.8 || 3.9", "3.9"),
        ("3.8 - 3.9", "3.9"),
        ("lts/*", "3.11"),
        ("latest", "3.11"),
        ("net4.0", "4.0"),
    ],
)
def test_what_is_wanted_decides(wanted: str, version: str) -> None:
    assert choose(SHELF, wanted).version == version


@pytest.mark.parametrize(
    ("wanted", "version"),
    [("1.18", "1.26"), ("1.26.3", "1.26"), ("1.27", "1.27"), (">=1.27.1", "1.27"), ("", "1.26")],
)
def test_where_the_stated_version_is_the_least_the_usual_one_is_taken(wanted: str, version: str) -> None:
    assert choose(LEAST, wanted).version == version


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ("", "does not say which version it wants: It 3.11 is used"),
        ("lts", "asks for 'lts': It 3.11 is used"),
        (">=3.8", "allows It >=3.8: 3.11 is used"),
        ("2.7", "There is no image for It '2.7' (there is 3.8, 3.9, 3.10, 3.11, 3.12, 4.0): 3.11 is used"),
        ("[17,)", "could not be read: It 3.11 is used"),
        ("nonsense", "could not be read"),
        ("9" * 4000, "could not be read"),
        ("3.8", "It 3.8 gets no security fixes any more"),
    ],
)
def test_a_choice_that_a_person_may_want_to_change_is_said(wanted: str, said: str) -> None:
    assert said in " ".join(choose(SHELF, wanted).notes)


@pytest.mark.parametrize("shelf", [*SHELVES, SHELF, LEAST], ids=lambda shelf: shelf.language)
def test_a_shelf_is_in_order_and_has_the_usual_one(shelf: Shelf) -> None:
    numbers = [[int(part) for part in re.findall(r"\d+", version)] for version in shelf.versions]
    assert numbers == sorted(numbers)
    assert shelf.usual in shelf.versions
    assert shelf.usual not in shelf.old
    assert set(shelf.old) <= set(shelf.versions)
