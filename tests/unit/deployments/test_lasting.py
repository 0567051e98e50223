"""What would be gone with the next deploy."""

import pytest

from jarvis.deployments import answering
from jarvis.deployments.lasting import lost

FILE = {"engine": "sqlite", "level": "embedded", "file": "app.py"}
SERVER = {"engine": "postgres", "level": "required", "file": "app.py"}


def test_it_works() -> None:
    (said,) = lost({"verdict": {"needs": [SERVER, FILE]}}, "shop")
    assert "app.py" in said
    assert lost({"verdict": {"needs": (FILE,)}}, "shop"), "as the analysis says it, before it is kept as JSON"


@pytest.mark.parametrize(
    "configuration",
    [
        {"verdict": {"needs": [SERVER]}},
        {"verdict": {"needs": [FILE]}, "settings": {"volumes": [{"path": "data"}]}},
        {},
    ],
)
def test_what_stays_is_not_warned_of(configuration: dict[str, object]) -> None:
    assert lost(configuration, "shop") == []


@pytest.mark.parametrize(("runtime", "folder"), [("process", "=data"), ("container", "=/data")])
def test_a_volume_lies_where_its_runtime_has_it(runtime: str, folder: str) -> None:
    (said,) = lost({"verdict": {"needs": [FILE]}, "runtime": runtime}, "shop")
    assert said.endswith(folder)


def test_a_program_that_ends_without_an_error_is_told_to_stay() -> None:
    assert "foreground" in answering.hint("ended with code 0, 4 times")
    assert "log" in answering.hint("ended with code 1")
    assert "PORT" in answering.hint(
        "ended with code 1", "Error: listen EADDRINUSE: address already in use :::80"
    )
