"""Pages by key: complete, without doubles, while rows come and go."""

from collections.abc import Iterator
from datetime import timedelta
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


LISTS = ("artifacts", "deployments", "workflows", "tasks", "domains")


@pytest.mark.parametrize("noun", [*LISTS, "services"])
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


@pytest.mark.parametrize("cursor", ["ü", "'", "%25", "x" * 5000, "'; DROP TABLE services; --"])
def test_any_word_can_be_the_last_name_of_a_page(api: Api, cursor: str) -> None:
    api.get(f"/services?cursor={cursor}")


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
