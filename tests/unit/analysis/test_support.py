"""Until when versions are supported."""

from datetime import date

import pytest

from jarvis.analysis.support import AS_OF, ENDS, end_of_life


def test_it_works():
    assert end_of_life("python", "3.8") == "2024-10-07"
    assert end_of_life("python", "3.13") is None


@pytest.mark.parametrize(
    ("language", "version", "ended"),
    [
        ("node", ">=18", "2025-04-30"),
        ("node", "^20.1", "2026-04-30"),
        ("node", "18.x", "2025-04-30"),
        ("node", "lts/hydrogen", "2025-04-30"),
        ("node", "lts/Iron", "2026-04-30"),
        ("node", "v16.20.2", "2023-09-11"),
        ("node", "0.12.1", "2016-12-31"),
        ("node", "node:18-alpine3.12", "2025-04-30"),
        ("node", "14 || 16 || 22", "2023-04-30"),
        ("python", "python-3.6.15", "2021-12-23"),
        ("python", ">=3.9,<4", "2025-10-31"),
        ("python", "2", "2020-01-01"),
        ("ruby", "~> 2.7.0", "2023-03-31"),
        ("ruby", "2", "2023-03-31"),
        ("php", "^7.4 || ^8.3", "2022-11-28"),
        ("php", "7", "2022-11-28"),
        ("go", "1.19", "2023-08-08"),
        ("java", "1.7", "2022-07-31"),
        ("dotnet", "net6.0", "2024-11-12"),
        ("dotnet", "netcoreapp3.1", "2022-12-13"),
        ("dotnet", "7.0.100", "2024-05-14"),
    ],
)
def test_the_lowest_version_that_is_named_is_judged(language: str, version: str, ended: str):
    assert end_of_life(language, version) == ended


@pytest.mark.parametrize(
    ("language", "version"),
    [
        ("node", "22"), ("node", "lts/*"), ("node", "*"), ("node", ""), ("node", "latest"), ("node", "<17"),
        ("node", "99"), ("python", "3"), ("python", ">=3.12"), ("java", "1.8"), ("java", "17"), ("java", "1"),
        ("php", "8"), ("go", "1.99"), ("go", "1"), ("cobol", "1"), ("dotnet", "4.8"), ("node", "9" * 5000),
    ],
)  # fmt: skip
def test_nothing_is_said_of_what_is_supported_or_unknown(language: str, version: str):
    assert end_of_life(language, version) is None


def test_the_day_can_be_given():
    assert end_of_life("node", "22", date(2027, 5, 1)) == "2027-04-30"
    assert end_of_life("node", "18", date(2025, 1, 1)) is None
    assert end_of_life("node", "18", date(2025, 4, 30)) is None


@pytest.mark.parametrize("language", ENDS)
def test_every_day_of_the_table_is_one(language: str):
    days = [date.fromisoformat(day) for day in ENDS[language].values()]
    assert min(days) < AS_OF
