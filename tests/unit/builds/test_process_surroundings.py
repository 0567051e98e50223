"""What a build sees of the machine."""

import os
import sys
from pathlib import Path

import pytest

from jarvis.builds.output import Output, failed, short
from jarvis.builds.run import title
from jarvis.builds.surroundings import SYSTEM, caches, hint, passed, system_path
from jarvis.errors import StorageFull


def test_it_works() -> None:
    outside = {
        "PIP_INDEX_URL": "a",
        "UV_INDEX": "b",
        "NO_PROXY": "c",
        "https_proxy": "d",
        "HOME": "/home/kim",
    }
    assert passed(outside) == {"PIP_INDEX_URL": "a", "UV_INDEX": "b", "NO_PROXY": "c", "https_proxy": "d"}


@pytest.mark.parametrize(
    "name", ["JARVIS_TOKEN", "AWS_SECRET_ACCESS_KEY", "PIP_TARGET", "PIP_USER", "UV_PYTHON"]
)
def test_what_is_not_about_fetching_stays_outside(name: str) -> None:
    assert passed({name: "x"}) == {}


def test_the_path_is_ours_without_our_own_environment() -> None:
    own = str(Path(sys.prefix) / "bin")
    found = system_path({"PATH": f"{own}:/opt/node/bin:here::/usr/bin"})
    assert found[:2] == (
        ("/opt/node/bin", "/usr/bin") if sys.prefix != sys.base_prefix else (own, "/opt/node/bin")
    )
    assert set(SYSTEM) <= set(found)
    assert "here" not in found
    assert "" not in found
    assert system_path({}) == SYSTEM


def test_every_cache_has_a_place_of_its_own() -> None:
    found = caches(Path("/c"))
    assert found["npm_config_cache"] == "/c/npm"
    assert len(set(found.values())) == len(found)


def test_a_hint_says_how_a_program_comes_to_the_machine() -> None:
    assert hint(["node", "npm"]).startswith("Install them on the machine (apt install nodejs npm)")
    assert hint(["zzz"]).startswith("Install it on the machine where")


def test_a_line_for_a_shell_is_shown_as_it_was_written() -> None:
    assert title(("/bin/sh", "-c", "a && b")) == "a && b"
    assert title(("pip", "install", "a b")) == "pip install 'a b'"
    assert short("a\nb") == "a …"
    assert short("x" * 200) == "x" * 120 + " …"


def test_the_line_that_tells_why_is_chosen() -> None:
    last = [
        "npm error 404 Not Found",
        "npm error A complete log of this run can be found in: /x",
        "npm notice new",
    ]
    error = failed("npm ci", 1, last)
    assert error.message == "npm ci ended with code 1: npm error 404 Not Found"
    assert error.facts["output"] == last
    assert failed("true", 1, []).message == "true ended with code 1."


def test_a_full_disk_is_known_by_its_words() -> None:
    assert isinstance(failed("npm ci", 1, ["npm error ENOSPC: no space"]), StorageFull)


def test_a_screen_is_told_line_by_line() -> None:
    said: list[str] = []
    source, sink = os.pipe()
    output = Output(source, said.append)
    os.write(sink, b"10%\r99%\n\x1b[31mred\x1b[0m\nha")
    assert output.listen(1)
    assert said == ["10%\r99%", "\x1b[31mred\x1b[0m"]
    os.write(sink, b"lf")
    os.close(sink)
    output.close()
    os.close(source)
    assert said[2:] == ["half"]
    assert output.last(str.upper) == ["99%", "RED", "HALF"]
