import io
import sys

import pytest

from jarvis.artifacts import git
from jarvis.cli import source
from jarvis.cli.read import PIECE
from jarvis.errors import NothingToServe


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> bytes:
    """Standard input gives the parameter."""
    content: bytes = request.param
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
    return content


ADDRESSES = [
    "https://git.example.org/me/site.git",
    "http://git.example.org/me/site",
    "ssh://git@git.example.org/me/site.git",
    "git://127.0.0.1:9418/site",
    "git@git.example.org:me/site.git",
]


def test_it_works() -> None:
    assert source.is_git("https://git.example.org/me/site.git")
    assert not source.is_git("./site")


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_may_have_a_ref_behind_it(address: str) -> None:
    assert source.is_git(address)
    assert source.is_git(f"{address}#main")
    assert source.is_git(f"{address}#feature/new page")


@pytest.mark.parametrize("address", ADDRESSES)
def test_whatever_the_command_line_takes_the_server_takes(address: str) -> None:
    git.check(address, "main")


@pytest.mark.parametrize(
    "path",
    [
        "", "-", ".", "..", "site", "./site", "/srv/site", "site.zip", "C:/site", "me@home", "a:b",
        "file:///srv/site", "ftp://example.org/site", "https://", "https:// example.org", "ext::sh -c id",
        "#main", "me/git@host:site", "/srv/git@host:site", "--upload-pack=id",
    ],
)  # fmt: skip
def test_a_path_is_no_address(path: str) -> None:
    assert not source.is_git(path)


@pytest.mark.parametrize("given", [b"x", b"y" * (PIECE + 7)], indirect=True)
def test_standard_input_can_be_sent_twice(given: bytes) -> None:
    parcel = source.standard_input("")
    assert (parcel.filename, parcel.kind, parcel.size) == ("stdin", "", len(given))
    assert parcel.contents == "standard input"
    assert b"".join(parcel.pieces()) == given
    assert b"".join(parcel.pieces()) == given


@pytest.mark.parametrize("given", [b"<p>hello"], indirect=True)
def test_standard_input_is_called_as_one_says(given: bytes) -> None:
    parcel = source.standard_input("index.html")
    assert (parcel.filename, parcel.contents, parcel.size) == ("index.html", "index.html", len(given))


@pytest.mark.parametrize("given", [b""], indirect=True)
def test_nothing_on_standard_input_is_refused(given: bytes) -> None:
    assert given == b""
    with pytest.raises(NothingToServe, match="gave nothing"):
        source.standard_input("site.zip")
