"""Until when a version of a language is mended by its makers."""

import re
from datetime import date

AS_OF = date(2026, 11, 22)
"""The day on which the table was last looked through, and the day that versions are judged at."""

ENDS: dict[str, dict[str, str]] = {
    "python": {
        "2.6": "2013-10-29", "2.7": "2020-01-01", "3.2": "2016-02-20", "3.3": "2017-09-29",
        "3.4": "2019-03-18", "3.5": "2020-09-30", "3.6": "2021-12-23", "3.7": "2023-06-27",
        "3.8": "2024-10-07", "3.9": "2025-10-31", "3.10": "2026-10-31", "3.11": "2027-10-31",
        "3.12": "2028-10-31", "3.13": "2029-10-31", "3.14": "2030-10-31",
    },
    "node": {
        "0": "2016-12-31", "4": "2018-04-30", "5": "2016-06-30", "6": "2019-04-30", "7": "2017-06-30",
        "8": "2019-12-31", "9": "2018-06-30", "10": "2021-04-30", "11": "2019-06-01", "12": "2022-04-30",
        "13": "2020-06-01", "14": "2023-04-30", "15": "2021-06-01", "16": "2023-09-11", "17": "2022-06-01",
        "18": "2025-04-30", "19": "2023-06-01", "20": "2026-04-30", "21": "2024-06-01", "22": "2027-04-30",
        "23": "2025-06-01", "24": "2028-04-30", "25": "2026-06-01",
    },
    "ruby": {
        "1.8": "2014-07-01", "1.9": "2015-02-23", "2.0": "2016-02-24", "2.1": "2017-04-01",
        "2.2": "2018-04-01", "2.3": "2019-04-01", "2.4": "2020-04-01", "2.5": "2021-04-01",
        "2.6": "2022-04-12", "2.7": "2023-03-31", "3.0": "2024-04-23", "3.1": "2025-03-26",
        "3.2": "2026-04-01", "3.3": "2027-03-31", "3.4": "2028-03-31",
    },
    "php": {
        "5.3": "2014-08-14", "5.4": "2015-09-14", "5.5": "2016-07-21", "5.6": "2018-12-31",
        "7.0": "2019-01-10", "7.1": "2019-12-01", "7.2": "2020-11-30", "7.3": "2021-12-06",
        "7.4": "2022-11-28", "8.0": "2023-11-26", "8.1": "2025-12-31", "8.2": "2026-12-31",
        "8.3": "2027-12-31", "8.4": "2028-12-31",
    },
    "go": {
        "1.11": "2019-09-03", "1.12": "2020-02-25", "1.13": "2020-08-11", "1.14": "2021-02-16",
        "1.15": "2021-08-16", "1.16": "2022-03-15", "1.17": "2022-08-02", "1.18": "2023-02-01",
        "1.19": "2023-08-08", "1.20": "2024-02-06", "1.21": "2024-08-13", "1.22": "2025-02-11",
        "1.23": "2025-08-12",
    },
    "java": {
        "6": "2018-12-31", "7": "2022-07-31", "9": "2018-03-20", "10": "2018-09-25", "12": "2019-09-17",
        "13": "2020-03-17", "14": "2020-09-15", "15": "2021-03-16", "16": "2021-09-14", "18": "2022-09-20",
        "19": "2023-03-21", "20": "2023-09-19", "22": "2024-09-17", "23": "2025-03-18", "24": "2025-09-16",
        "11": "2027-10-31", "17": "2027-10-31", "21": "2029-12-31", "8": "2030-12-31",
    },
    "dotnet": {
        "1.0": "2019-06-27", "1.1": "2019-06-27", "2.0": "2018-10-01", "2.1": "2021-08-21",
        "2.2": "2019-12-23", "3.0": "2020-03-03", "3.1": "2022-12-13", "5": "2022-05-10",
        "6": "2024-11-12", "7": "2024-05-14", "8": "2026-11-10", "9": "2026-11-10", "10": "2028-11-14",
    },
}  # fmt: skip
"""Language → version → its last day, as its makers announced it. A version that is missing is unknown.

Java 8 to 21 are the long-term ones and are dated as the free builds of Eclipse Temurin are.
"""
_CODE_NAMES = {
    "argon": "4", "boron": "6", "carbon": "8", "dubnium": "10", "erbium": "12", "fermium": "14",
    "gallium": "16", "hydrogen": "18", "iron": "20", "jod": "22", "krypton": "24",
}  # fmt: skip
"""Node's long-term releases by the names that .nvmrc files use."""
_LONGEST = 200
"""Signs of a stated version that are looked at."""

_ABOVE = re.compile(r"(?:<=?|!=)\s*v?[\d.*x]+|alpine[\d.]*")
_NUMBER = re.compile(r"(?<![\d.])\d{1,4}(?:\.\d{1,4}){0,3}")


def end_of_life(language: str, version: str, today: date = AS_OF) -> str | None:
    """The day on which support for a version ended, as `2025-04-30`; None while it lasts or is unknown.

    Args:
        language: As in a verdict, for example `node`.
        version: As the project states it: `18.x`, `>=18`, `lts/hydrogen`, `python-3.8.2`, `net6.0`. Of a
            range the lowest version that it names is judged: the project promises to run on that one.
        today: The day to judge at.
    """
    ends = ENDS.get(language, {})
    lowest = _lowest(version[:_LONGEST].lower())
    if language == "java" and lowest[:1] == ["1"]:
        lowest = lowest[1:]  # Java 8 was also called 1.8
    if language == "node" and lowest[:1] == ["0"]:
        lowest = ["0"]
    for number in (".".join(lowest[:2]), "".join(lowest[:1])):
        if ended := ends.get(number):
            return ended if ended < today.isoformat() else None
    return _whole(ends, lowest[0], today) if len(lowest) == 1 else None


def _lowest(version: str) -> list[str]:
    """The parts of the lowest version that is named, upper limits left out; empty for none."""
    for name, number in _CODE_NAMES.items():
        if name in version:
            return [number]
    named = [number.split(".") for number in _NUMBER.findall(_ABOVE.sub(" ", version))]
    return min(named, key=lambda parts: [int(part) for part in parts]) if named else []


def _whole(ends: dict[str, str], major: str, today: date) -> str | None:
    """The end of a major version that was named without its minor one: known once all of it has ended."""
    days = [day for number, day in ends.items() if number.split(".")[0] == major]
    newest = max((int(number.split(".")[0]) for number in ends), default=0)
    last = max(days, default="")
    return last if last and int(major) < newest and last < today.isoformat() else None
