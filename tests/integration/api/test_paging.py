"""Pages by key: complete, without doubles, while rows come and go."""

from collections.abc import Iterator
from datetime import timedelta, timezone
from typing import Any

import pytest

from api_lab import V1, Api
from seed import MORNING


def pages(api: Api, path: str) -> Iterator[list[dict[str, Any]]]:
    """Page after page."""
    following: str | None = ""
    while following is not None:
        join = "&" if "?" in path else "?"
        page = api.get(f"{path}{join}limit=3" + (f"&cursor={following}" if following else ""))
        yield page["items"]
        following = page["next"]


def test_it_works(api: Api) -> None:
    wanted = {
        api.seed.deployment("paged", at=MORNING + timedelta(seconds=number // 4))[0] for number in range(10)
    }
    found = [item["id"] for page in pages(api, "/deployments?service=paged") for item in page]
    assert len(found) == 10
    assert set(found) == wanted


def test_rows_that_come_meanwhile_shift_nothing(api: Api) -> None:
    wanted = [api.seed.deployment("moving", at=MORNING + timedelta(hours=number))[0] for number in range(9)]
    found: list[str] = []
    for number, page in enumerate(pages(api, "/deployments?service=moving")):
        found += [item["id"] for item in page]
        api.seed.deployment("moving", at=MORNING + timedelta(days=1 + number))
    assert found == wanted[::-1]


def test_a_full_last_page_has_no_next(api: Api) -> None:
    for _ in range(3):
        api.seed.deployment("three")
    assert [len(page) for page in pages(api, "/deployments?service=three")] == [3]


def test_services_are_paged_by_name(api: Api) -> None:
    names = [f"page-{letter}" for letter in "dacbgfe"]
    for name in names:
        api.seed.live(name)
    found = [item["name"] for page in pages(api, "/services") for item in page]
    assert [name for name in found if name in names] == sorted(names)
    assert len(found) == len(set(found))


TIMED = ("artifacts", "deployments", "workflows", "tasks", "domains")
LISTS = (*TIMED, "services")


@pytest.mark.parametrize("noun", LISTS)
@pytest.mark.parametrize("limit", ["0", "-1", "201", "", "x", "1e3", "٣", "1 ", "9" * 5000, "1.0", "%00"])
def test_a_limit_that_is_none_is_refused(api: Api, noun: str, limit: str) -> None:
    api.refused("GET", f"{V1}/{noun}?limit={limit}", 400 if limit == "%00" else 422)


@pytest.mark.parametrize("noun", LISTS)
@pytest.mark.parametrize(
    "cursor",
    ["x", "AAAA", "%C3%BC", "====", "MjAyNi0wMS0wMXww", "fA", "a" * 5000, "../..", "'", "%FF", "{}"],
)
def test_a_cursor_that_jarvis_did_not_give_is_refused(api: Api, noun: str, cursor: str) -> None:
    assert api.refused("GET", f"{V1}/{noun}?cursor={cursor}", 422)["field"] == "cursor"


def test_a_cursor_of_another_list_is_refused(api: Api) -> None:
    for number in range(4):
        api.seed.live(f"other-{number}")
    cursors = {noun: api.get(f"/{noun}?limit=1")["next"] for noun in ("deployments", "workflows", "services")}
    for own, cursor in cursors.items():
        for noun in LISTS:
            if noun == own:
                api.get(f"/{noun}?limit=1&cursor={cursor}")
            else:
                said = api.refused("GET", f"{V1}/{noun}?cursor={cursor}", 422)
                assert said["detail"] == "The cursor is one of another list."


def test_lists_are_cut_by_time(api: Api) -> None:
    hours = [MORNING + timedelta(days=30, hours=number) for number in range(4)]
    made = [api.seed.deployment("timed", at=at)[0] for at in hours]
    since, until = (at.isoformat().replace("+00:00", "Z") for at in (hours[1], hours[3]))

    def found(query: str) -> list[str]:
        return [item["id"] for item in api.get(f"/deployments?service=timed&{query}")["items"]]

    assert found(f"since={since}") == made[:0:-1]
    assert found(f"until={until}") == made[2::-1]
    assert found(f"since={since}&until={until}") == made[2:0:-1]
    assert found(f"since={since}&until={since}") == []
    east = hours[1].astimezone(timezone(timedelta(hours=5, minutes=30))).isoformat().replace("+", "%2B")
    assert found(f"since={east}") == found(f"since={since}") == found(f"since={since.removesuffix('Z')}")
    assert found(f"since={hours[0].date()}") == made[::-1]


@pytest.mark.parametrize("noun", TIMED)
@pytest.mark.parametrize("name", ["since", "until"])
@pytest.mark.parametrize("text", ["", "x", "now", "1", "2026-13-01", "2026-03-02T09:30:00+00:00", "9" * 5000])
def test_a_time_that_is_none_is_refused(api: Api, noun: str, name: str, text: str) -> None:
    assert api.refused("GET", f"{V1}/{noun}?{name}={text}", 422)["field"] == name


@pytest.mark.parametrize(
    "text", ["0001-01-01T00:00:00%2B23:59", "9999-12-31T23:59:59-23:59", "2026-W10", "20260302T093000Z"]
)
def test_the_ends_of_time_are_times(api: Api, text: str) -> None:
    api.get(f"/workflows?since={text}")
    api.get(f"/workflows?until={text}")


def test_a_time_that_ends_before_it_begins_is_refused(api: Api) -> None:
    path = f"{V1}/deployments?since=2026-03-03&until=2026-03-02"
    assert api.refused("GET", path, 422)["field"] == "until"


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("deployments?status=odd", "status"),
        ("deployments?status=", "status"),
        ("workflows?status=RUNNING", "status"),
        ("tasks?type=odd", "type"),
        ("domains?status=odd", "status"),
        ("artifacts?file_type=rar", "file_type"),
    ],
)
def test_a_filter_that_names_nothing_is_refused_with_what_there_is(api: Api, path: str, field: str) -> None:
    body = api.refused("GET", f"{V1}/{path}", 422)
    assert body["field"] == field
    assert "must be one of" in body["detail"]
