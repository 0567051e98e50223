"""Large archives are unpacked by two or three processes: the same outcome, and none of them is left."""

import gzip
import hashlib
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from archives import Tarred, Zipped, tarred, zipped
from jarvis import shell
from jarvis.artifacts.archive import crew, extract, second
from jarvis.artifacts.archive.ahead import Ahead
from jarvis.artifacts.archive.extract import Extracted
from jarvis.artifacts.archive.limits import Limits
from jarvis.artifacts.archive.partner import Partner
from jarvis.artifacts.archive.second import Second
from jarvis.artifacts.archive.sizes import MEBIBYTE
from jarvis.errors import ArchiveRefused, StorageFull

NOISE = os.urandom(9 * MEBIBYTE)
SIZES = [0, 1, 511, 512, 513, 70_000, 262_144, 262_145, 1_048_575, 1_048_576, 1_500_000]
FILES = {
    f"d{number % 7}/f{number}": NOISE[number * 1000 : number * 1000 + SIZES[number % 11]]
    for number in range(3500)
    if number < 50 or SIZES[number % 11] < 1000
}


def packed(form: str, *more: str) -> bytes:
    if form == "zip":
        return zipped(*(Zipped(name, data, method=0) for name, data in FILES.items()), *more)
    tar = tarred(*(Tarred(name, data) for name, data in FILES.items()), *more)
    return gzip.compress(tar, 1) if form == "tar.gz" else tar


def opened() -> set[str]:
    """What this process has open. Others may close theirs meanwhile, so only what is new counts."""
    found: set[str] = set()
    for file in Path("/proc/self/fd").iterdir():
        with suppress(FileNotFoundError):  # the folder itself
            found.add(str(file.readlink()))
    return found


@pytest.fixture(scope="module")
def archives(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    folder = tmp_path_factory.mktemp("archives")

    def make(form: str, *more: str) -> Path:
        path = folder / "-".join([form, *(name.replace("/", "_") for name in more)])
        if not path.exists():
            path.write_bytes(packed(form, *more))
        return path

    return make


class Watch:
    """What was started, and how much it did."""

    def __init__(self) -> None:
        self.modules: list[str] = []
        self.children: list[shell.Child] = []
        self.given = 0

    @property
    def gone(self) -> bool:
        return all(child.poll() is not None for child in self.children)


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    watch, start, give = Watch(), shell.start, Partner.give

    def started(words, **more) -> shell.Child:
        watch.modules.append(words[words.index("-m") + 1].rpartition(".")[2])
        watch.children.append(start(words, **more))
        return watch.children[-1]

    def gave(self: Partner, jobs) -> None:
        watch.given += len(jobs)
        give(self, jobs)

    monkeypatch.setattr(second.shell, "start", started)
    monkeypatch.setattr(second.os, "cpu_count", lambda: 2)
    monkeypatch.setattr(Partner, "give", gave)
    return watch


def whole(done: Extracted, into: Path) -> None:
    """All is there, with the right checksums."""
    assert {file.path: file.sha256 for file in done.files} == {
        name: hashlib.sha256(data).hexdigest() for name, data in FILES.items()
    }
    assert all((into / name).read_bytes() == data for name, data in FILES.items())
    assert done.bytes == sum(len(data) for data in FILES.values())


@pytest.mark.parametrize(
    ("form", "modules"), [("zip", ["hand"]), ("tar", ["hand"]), ("tar.gz", ["hand", "pump"])]
)
def test_it_works(archives, tmp_path: Path, watch: Watch, form: str, modules: list[str]) -> None:
    whole(extract.extract(archives(form), tmp_path / "out"), tmp_path / "out")

    assert sorted(watch.modules) == modules
    assert watch.gone


@pytest.mark.parametrize("form", ["zip", "tar.gz"])
def test_one_processor_does_it_alone(archives, tmp_path: Path, watch: Watch, monkeypatch, form: str) -> None:
    monkeypatch.setattr(second.os, "cpu_count", lambda: 1)

    whole(extract.extract(archives(form), tmp_path / "out"), tmp_path / "out")
    assert watch.modules == []


@pytest.mark.parametrize("form", ["zip", "tar.gz"])
def test_where_nothing_can_be_started_it_is_done_alone(archives, tmp_path, monkeypatch, form: str) -> None:
    def start(*args, **more) -> shell.Child:
        raise shell.CommandFailed("No.", program="python")

    monkeypatch.setattr(second.os, "cpu_count", lambda: 2)
    monkeypatch.setattr(second.shell, "start", start)
    before = opened()

    whole(extract.extract(archives(form), tmp_path / "out"), tmp_path / "out")
    assert opened() <= before


@pytest.mark.parametrize("form", ["zip", "tar", "tar.gz"])
def test_a_refusal_at_the_end_leaves_neither_files_nor_processes(archives, tmp_path, watch, form) -> None:
    before = opened()
    with pytest.raises(ArchiveRefused) as refusal:
        extract.extract(archives(form, "../x"), tmp_path / "out")

    assert refusal.value.facts["rule"] == "name-parent"
    assert watch.gone
    assert list(tmp_path.iterdir()) == []
    del refusal
    assert opened() <= before


def every(monkeypatch: pytest.MonkeyPatch) -> None:
    """All files go to the second process."""

    def free(self: Partner) -> bool:
        return self._waits or self._poll.poll(10_000) != []

    monkeypatch.setattr(Partner, "free", free)
    monkeypatch.setattr(crew, "_WORTH_FILES", 1)


def test_what_the_second_process_finds_is_refused_as_if_it_were_found_here(
    tmp_path: Path, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    every(monkeypatch)
    (tmp_path / "upload").write_bytes(zipped("a", Zipped("b", crc=1), "c"))

    with pytest.raises(ArchiveRefused) as refusal:
        extract.extract(tmp_path / "upload", tmp_path / "out")
    assert watch.given
    assert (refusal.value.facts["rule"], refusal.value.facts["entry"]) == ("zip-crc", "b")
    assert watch.gone
    assert [path.name for path in tmp_path.iterdir()] == ["upload"]


def test_a_damaged_stream_is_refused_as_if_it_were_read_here(archives, tmp_path: Path, watch: Watch) -> None:
    data = archives("tar.gz").read_bytes()
    for name, damaged, rule in (
        ("cut", data[:-5], "stream-truncated"),
        ("sum", data[:-8] + bytes(8), "stream-corrupt"),
        ("more", data + b"more", "stream-trailing"),
    ):
        (tmp_path / name).write_bytes(damaged)
        with pytest.raises(ArchiveRefused) as refusal:
            extract.extract(tmp_path / name, tmp_path / "out")
        assert refusal.value.facts["rule"] == rule
        assert refusal.value.facts["entry"]
    assert watch.gone
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cut", "more", "sum"]


@pytest.mark.parametrize("form", ["zip", "tar.gz"])
def test_a_second_process_that_dies_fails_it_and_leaves_nothing(
    archives, tmp_path: Path, watch: Watch, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    every(monkeypatch)
    start = Second.start.__func__

    def killed(cls, *args) -> Second | None:
        made = start(cls, *args)
        watch.children[-1].kill_group()
        return made

    monkeypatch.setattr(Second, "start", classmethod(killed))
    with pytest.raises(ChildProcessError):
        extract.extract(archives(form), tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_the_limit_of_all_files_holds_for_both(archives, tmp_path: Path, watch: Watch) -> None:
    size = sum(len(data) for data in FILES.values())

    for form in ("zip", "tar.gz"):
        with pytest.raises(ArchiveRefused) as refusal:
            extract.extract(archives(form), tmp_path / "out", limits=Limits(expanded=size - 1))
        assert refusal.value.facts["rule"] == "size-total"
    extract.extract(archives("tar.gz"), tmp_path / "out", limits=Limits(expanded=size))
    assert watch.gone


def test_a_full_disk_in_the_second_process_is_said(tmp_path: Path, watch: Watch, monkeypatch) -> None:
    every(monkeypatch)
    (tmp_path / "upload").write_bytes(zipped("a", "b"))

    def full(self: Partner) -> list[object]:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Partner, "take", full)
    with pytest.raises(StorageFull):
        extract.extract(tmp_path / "upload", tmp_path / "out")
    assert watch.gone
    assert [path.name for path in tmp_path.iterdir()] == ["upload"]


def test_pieces_of_a_stream_come_in_order(archives, watch: Watch) -> None:
    with archives("tar.gz").open("rb", buffering=0) as file:
        ahead = Ahead.start(file.fileno(), "tar.gz")
        assert ahead is not None
        data = b"".join(bytes(piece) for piece in ahead)
        ahead.close()

    assert data == packed("tar")
    assert ahead.read == archives("tar.gz").stat().st_size
    assert watch.gone
