"""How the engine writes what workflows take and give."""

import json
from pathlib import Path

import pytest

from jarvis.engine.terms import JsonSerializer

JSON = JsonSerializer()


@pytest.mark.parametrize("value", [{"a": [1, None, "ü\x00"]}, "text", None, {"args": ["id"], "kwargs": {}}])
def test_it_works(value: object) -> None:
    assert JSON.deserialize(JSON.serialize(value)) == value


def test_what_json_does_not_know_becomes_words() -> None:
    assert JSON.deserialize(JSON.serialize(Path("/a"))) == "/a"
    assert JSON.deserialize(JSON.serialize(ValueError("wrong"))) == "wrong"


def test_what_is_read_is_never_run() -> None:
    with pytest.raises(json.JSONDecodeError):
        JSON.deserialize("cos\nsystem\n(S'true'\ntR.")
