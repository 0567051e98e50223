"""The story of a workflow: as pages, and as a stream."""

import json
import threading
from typing import Any

import pytest

from api_lab import NOBODY, V1, Api
from jarvis.accounts.roles import Role

STREAM = {"Accept": "text/event-stream"}


def blocks(text: str) -> list[dict[str, str]]:
    """The events of a stream, without its comments."""
    found: list[dict[str, str]] = []
    for block in text.strip().split("\n\n"):
        lines = [line.partition(": ") for line in block.splitlines() if not line.startswith(":")]
        found.append({name: value for name, _, value in lines})
    return [block for block in found if "data" in block]


def story(api: Api, *, end: bool = True) -> str:
    """A workflow that said six things, the last of them its end."""
    deployment, workflow = api.seed.deployment("told")
    for number in range(4):
        api.seed.say(workflow, "line", f"line {number}\nwith a second\r\n\r\ndata: forged", "build", n=number)
    if end:
        api.seed.fail(deployment, "It did not work.", "Try again.")
    return workflow


def test_it_works(api: Api) -> None:
    key = story(api)
    answer = api.ask("GET", f"{V1}/workflows/{key}/events", headers=STREAM)
    assert (answer.status_code, answer.mimetype) == (200, "text/event-stream")
    assert answer.headers["X-Accel-Buffering"] == "no"
    assert answer.text.startswith("retry: 1000\n\n")
    events = blocks(answer.text)
    assert [event["id"] for event in events] == ["1", "2", "3", "4", "5", "6"]
    assert [event["event"] for event in events] == ["queued", "line", "line", "line", "line", "end"]
    rows = [json.loads(event["data"]) for event in events]
    assert rows == api.get(f"/workflows/{key}/events")["items"]
    assert rows[-1]["data"]["error"]["hint"] == "Try again."


@pytest.mark.parametrize(
    ("headers", "query"),
    [({"Last-Event-ID": "4"}, ""), ({}, "?after=4"), ({"Last-Event-ID": "4"}, "?after=1")],
)
def test_a_stream_goes_on_where_it_broke_off(api: Api, headers: dict[str, str], query: str) -> None:
    path = f"{V1}/workflows/{story(api)}/events{query}"
    assert [event["id"] for event in blocks(api.ask("GET", path, headers=STREAM | headers).text)] == [
        "5",
        "6",
    ]


def test_a_stream_tells_what_happens_while_it_is_open(api: Api) -> None:
    key = story(api, end=False)
    headers = STREAM | {"Authorization": f"Bearer {api.tokens[Role.VIEWER]}"}
    with api.app.test_client() as client:
        answer = client.get(f"{V1}/workflows/{key}/events?after=5", headers=headers)
        parts = answer.iter_encoded()
        assert next(parts) == b"retry: 1000\n\n"
        heard: list[bytes] = []
        reader = threading.Thread(target=lambda: heard.extend(parts))
        reader.start()
        api.seed.say(key, "line", "live")
        api.seed.say(key, "end", "over", status="completed")
        reader.join(14)  # less than the time after which it would look by itself
        assert not reader.is_alive()
        answer.close()
    assert [event["event"] for event in blocks(b"".join(heard).decode())] == ["line", "end"]


def test_pages_of_a_story_join_without_a_gap(api: Api) -> None:
    key = story(api)
    found: list[int] = []
    after: int | None = 0
    while after is not None:
        page: Any = api.get(f"/workflows/{key}/events?limit=2&after={after}")
        found += [row["sequence"] for row in page["items"]]
        after = page["next"]
    assert found == [1, 2, 3, 4, 5, 6]


def test_a_workflow_that_is_not_there_has_no_stream(api: Api) -> None:
    api.refused("GET", f"{V1}/workflows/{NOBODY}/events", 404, headers=STREAM)
    api.refused("GET", f"{V1}/workflows/{story(api)}/events", 401, headers=STREAM, role=Role.ANYONE)


@pytest.mark.parametrize("word", ["a\x00b", "\\u0000", "\\\\u0000", "\ud800", "\\ud800", "\u2028", "💩"])
def test_every_word_can_be_said(api: Api, word: str) -> None:
    key = story(api, end=False)
    api.seed.say(key, "line", word, entry=word, deep=[{word: word}])
    row = api.get(f"/workflows/{key}/events")["items"][-1]
    harmless = word.replace("\x00", "\ufffd").replace("\ud800", "\ufffd")
    assert row["message"] == harmless
    assert row["data"] == {"entry": harmless, "deep": [{harmless: harmless}]}
