"""Collections of the API: all pages of them, and how `list` and `show` print them."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, cast

from jarvis.cli.call import Call
from jarvis.cli.client import Client
from jarvis.cli.place import place
from jarvis.cli.server import connect
from jarvis.cli.table import table
from jarvis.cli.units import age
from jarvis.errors import JarvisError

_PAGE = 200
_MANY = 10_000


def every(
    jarvis: Client, path: str, *, limit: int = _MANY, query: Mapping[str, object] | None = None
) -> dict[str, Any]:
    """The first `limit` items of the collection at `path`, over as many pages as it takes."""
    items: list[dict[str, Any]] = []
    cursor: object = None
    while True:
        asked = {**(query or {}), "limit": min(limit - len(items), _PAGE), "cursor": cursor}
        page = jarvis.get(path, asked)
        news: Any = page.get("items")
        if not isinstance(news, list):
            raise JarvisError("Jarvis answered without a list.", "Check JARVIS_URL.")
        items += news
        cursor = page.get("next")
        if not cursor or not news or len(items) >= limit:
            return {"items": items[:limit]}


def listing(
    call: Call, path: str, columns: Sequence[str], *, limit: int, query: Mapping[str, object] | None = None
) -> None:
    """Print the collection at `path` with the fields `columns`; times are shown as ages on a screen."""
    with connect(call) as jarvis:
        found = every(jarvis, path, limit=limit, query=query)
    if call.console.json:
        call.console.result(found)
    elif not found["items"]:
        call.console.say("There are none.")
    else:
        titles = [column.removesuffix("_at").replace("_", " ").upper() for column in columns]
        rows = [[_cell(call, column, row) for column in columns] for row in found["items"]]
        for line in table(titles, rows, call.console.width):
            call.console.say(line)


def _cell(call: Call, column: str, row: Mapping[str, Any]) -> object:
    value = row.get(column)
    return age(value) if column.endswith("_at") and value and call.console.terminal else value


def details(call: Call, collection: str, identity: str) -> None:
    """Print one item of a collection, a field a line."""
    with connect(call) as jarvis:
        row = jarvis.get(place(collection, identity))
    if call.console.json:
        call.console.result(row)
        return
    width = max(map(len, row), default=0)
    for key, value in row.items():
        _field(call, key, width, value)


def _field(call: Call, key: str, width: int, value: Any) -> None:
    items = cast("list[object]", value) if isinstance(value, list) else []
    if items and all(isinstance(item, str | int | float) for item in items):
        call.console.say(f"{key:<{width}}  {', '.join(map(str, items))}")
    elif items and all(isinstance(item, dict) for item in items):
        call.console.say(key)
        _table(call, cast("list[dict[str, Any]]", items))
    elif isinstance(value, dict | list) and value:
        first, *rest = json.dumps(value, indent=2, ensure_ascii=False).split("\n")
        call.console.say(f"{key:<{width}}  {first}")
        for line in rest:
            call.console.say(f"{'':<{width}}  {line}")
    else:
        call.console.say(f"{key:<{width}}  {'-' if value in (None, '', {}, []) else value}")


def _table(call: Call, items: Sequence[Mapping[str, Any]]) -> None:
    """Members that are objects, one a line; what none of them has, and what is nested, is left out."""
    keys = list(dict.fromkeys(key for item in items for key in item))
    columns = [
        key
        for key in keys
        if any(item.get(key) not in (None, "") for item in items)
        and not any(isinstance(item.get(key), dict | list) for item in items)
    ]
    titles = [column.removesuffix("_at").replace("_", " ").upper() for column in columns]
    rows = [[_cell(call, column, item) for column in columns] for item in items]
    width = call.console.width
    for line in table(titles, rows, width - 2 if width else None):
        call.console.say(f"  {line}")
