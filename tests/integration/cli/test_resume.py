"""An upload goes on after broken connections; against a real web process, through a line that breaks."""

import hashlib
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

import postgres_lab
import web_lab
from breaking_proxy import breaking
from jarvis.cli import resume
from jarvis.cli.client import Client
from jarvis.cli.parcel import prepare
from jarvis.errors import InvalidInput, JarvisError, Unavailable
from models import Artifact

MIB = 1024**2


@pytest.fixture(scope="module")
def site(
    postgres: postgres_lab.Server, migrated_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[web_lab.Site]:
    with web_lab.fresh(postgres, migrated_template, tmp_path_factory.mktemp("home")) as running:
        yield running


@pytest.fixture
def token(site: web_lab.Site) -> str:
    return site.seed.token()


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resume, "_PAUSE", 0.05)
    monkeypatch.setattr(resume, "CHUNK", 5 * MIB)


def client(port: int, token: str) -> Client:
    return Client(f"http://127.0.0.1:{port}", token, "Start it.")


def page(folder: Path, size: int) -> Path:
    file = folder / "large.html"
    file.write_bytes(random.Random(7).randbytes(size))
    return file


def stored(site: web_lab.Site, key: str) -> Artifact:
    with site.database.get_session() as session:
        row = session.get(Artifact, key)
        assert row is not None
        session.expunge(row)
        return row


def leftovers(site: web_lab.Site) -> list[str]:
    folder = site.home / "artifacts" / "incoming"
    return [item.name for item in folder.iterdir()] if folder.is_dir() else []


def test_it_works(site: web_lab.Site, token: str, tmp_path: Path) -> None:
    file = page(tmp_path, 12 * MIB + 11)
    told: list[int] = []
    with client(site.port, token) as jarvis:
        key = resume.send(jarvis, prepare(str(file)), "", lambda done, _: told.append(done))
    row = stored(site, key)
    assert row.checksum_sha256 == hashlib.sha256(file.read_bytes()).hexdigest()
    assert row.original_filename == "large.html"
    assert told == sorted(told)
    assert told[-1] == 12 * MIB + 11
    assert not leftovers(site)


@pytest.mark.parametrize("cuts", [[3 * MIB], [MIB, 2 * MIB, MIB, 4 * MIB], [100_000]])
def test_a_broken_connection_costs_only_what_was_on_the_way(
    site: web_lab.Site, token: str, tmp_path: Path, cuts: list[int]
) -> None:
    file = page(tmp_path, 17 * MIB)
    waited: list[str] = []
    with breaking(site.port, list(cuts)) as line, client(line.port, token) as jarvis:
        key = resume.send(jarvis, prepare(str(file)), "", lambda _, why: waited.append(why))
    assert line.broken == len(cuts)
    assert any(waited), "nothing was said about the wait"
    assert stored(site, key).checksum_sha256 == hashlib.sha256(file.read_bytes()).hexdigest()
    assert not leftovers(site)


def test_a_folder_goes_on_as_well(site: web_lab.Site, token: str, tmp_path: Path) -> None:
    folder = tmp_path / "mysite"
    folder.mkdir()
    page(folder, 6 * MIB)
    (folder / "index.html").write_bytes(random.Random(3).randbytes(5 * MIB))
    parcel = prepare(str(folder))
    with breaking(site.port, [7 * MIB, 2 * MIB]) as line, client(line.port, token) as jarvis:
        key = resume.send(jarvis, parcel, "", lambda *_: None)
    row = stored(site, key)
    assert row.checksum_sha256 == hashlib.sha256(b"".join(parcel.pieces())).hexdigest()
    assert row.file_type.value == "directory"


def test_a_refusal_at_the_end_is_told_and_not_repeated(
    site: web_lab.Site, token: str, tmp_path: Path
) -> None:
    (tmp_path / "site.zip").write_bytes(b"x" * MIB)
    with client(site.port, token) as jarvis, pytest.raises(InvalidInput, match="not an archive"):
        resume.send(jarvis, prepare(str(tmp_path / "site.zip")), "", lambda *_: None)
    assert not leftovers(site)


def test_a_server_that_stays_away_is_given_up(
    site: web_lab.Site, token: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resume, "PATIENCE", 0.0)
    file = page(tmp_path, 3 * MIB)
    with (
        breaking(site.port, [MIB]) as line,
        client(line.port, token) as jarvis,
        pytest.raises((Unavailable, JarvisError)) as caught,
    ):
        resume.send(jarvis, prepare(str(file)), "", lambda *_: None)
    assert caught.value.status in {409, 503}
