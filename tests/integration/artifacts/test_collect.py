"""The collector: removes what nobody needs, and never what somebody just handed in."""

import hashlib
import threading
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

import s3_lab
from caddy_lab import poll
from config import Settings
from jarvis.artifacts import collect, incoming, intake, lock, uploads
from jarvis.artifacts.collect import AGE, Collected
from jarvis.artifacts.intake import Said
from jarvis.artifacts.stores.blob import blob_path
from jarvis.artifacts.stores.store import Store, chosen
from jarvis.errors import Unavailable
from models import Artifact, Upload
from services.db_service import DatabaseService

NOTHING = Collected(0, 0, 0)
LATER = 10 * AGE


@pytest.fixture(params=["local", "s3"])
def service(
    request: pytest.FixtureRequest, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[DatabaseService]:
    """The keepers on a fresh database, and a store of each kind with nothing in it."""
    values: dict[str, object] = {"home": tmp_path, "database_url": database_url}
    if request.param == "s3":
        lab: s3_lab.S3Lab = request.getfixturevalue("s3")
        values |= lab.settings(tmp_path, artifact_store=f"s3://{s3_lab.BUCKET}/{uuid.uuid4()}")
    settings = Settings(**{**values, "home": tmp_path})  # pyright: ignore[reportArgumentType] - by name
    made = DatabaseService(settings)
    monkeypatch.setattr("config.settings", lambda: settings)
    for module in (collect, uploads):
        monkeypatch.setattr(module, "db_service", made)
    yield made
    made.close()


@pytest.fixture
def store(service: DatabaseService) -> Store:
    return chosen()


Hand = Callable[..., str]


@pytest.fixture
def hand_in(service: DatabaseService) -> Hand:
    """Hand something in; returns the artifact's id."""

    def work(content: bytes) -> str:
        with service.get_session() as session:
            return str(taken(session, content).id)

    return work


def taken(session: Session, content: bytes) -> Artifact:
    return intake.take(session, [content], Said(filename="a.html", by="anna", analyse=False), limit=1000)


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def kept(store: Store) -> set[str]:
    return {blob.sha256 for blob in store.blobs()}


def put(store: Store, folder: Path, content: bytes) -> str:
    """Bytes without a row."""
    file = folder / "stray"
    file.write_bytes(content)
    store.keep(file, sha(content), len(content))
    return sha(content)


def soon() -> float:
    """A moment at which all that is there now is old."""
    return collect.time.time() + LATER


def forget(service: DatabaseService, artifact: str) -> None:
    with service.get_session() as session:
        session.delete(session.get_one(Artifact, uuid.UUID(artifact)))


def test_it_works(service: DatabaseService, store: Store, hand_in: Hand, tmp_path: Path) -> None:
    hand_in(b"kept")
    stray = put(store, tmp_path, b"stray")
    assert kept(store) == {sha(b"kept"), stray}
    assert collect.collect(soon()) == Collected(1, 0, 0)
    assert kept(store) == {sha(b"kept")}
    assert collect.collect(soon()) == NOTHING


def test_what_is_young_is_left_alone(store: Store, hand_in: Hand, tmp_path: Path) -> None:
    hand_in(b"kept")
    put(store, tmp_path, b"stray")
    assert collect.collect() == NOTHING
    assert sha(b"stray") in kept(store)


def test_bytes_stay_until_the_last_row_is_gone(service: DatabaseService, store: Store, hand_in: Hand) -> None:
    hand_in(b"another")
    first, second = hand_in(b"twice"), hand_in(b"twice")
    forget(service, first)
    assert not collect.drop(sha(b"twice"))
    assert collect.collect(soon()) == NOTHING
    assert sha(b"twice") in kept(store)
    forget(service, second)
    assert collect.drop(sha(b"twice"))
    assert kept(store) == {sha(b"another")}
    assert collect.drop(sha(b"twice"))


def test_a_database_without_any_artifact_is_not_believed(store: Store, tmp_path: Path) -> None:
    stray = put(store, tmp_path, b"stray")
    assert collect.collect(soon()) == NOTHING
    assert kept(store) == {stray}


def test_more_than_one_batch_is_looked_at(
    service: DatabaseService, store: Store, hand_in: Hand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(collect, "BATCH", 3)
    for number in range(5):
        hand_in(f"kept {number}".encode())
        put(store, tmp_path, f"stray {number}".encode())
    assert collect.collect(soon()) == Collected(5, 0, 0)
    assert kept(store) == {sha(f"kept {number}".encode()) for number in range(5)}


def test_leftovers_of_a_crash_are_removed_and_what_is_written_now_is_not(
    service: DatabaseService, hand_in: Hand
) -> None:
    hand_in(b"kept")
    left = incoming.make(intake.folder(), uuid.uuid4())
    with incoming.fresh(intake.folder()) as partial:
        partial.write([b"now"], 100)
        assert collect.collect() == NOTHING
        assert collect.collect(soon()) == Collected(0, 1, 0)
        assert partial.path.exists()
    assert not left.exists()


def begun(service: DatabaseService) -> uuid.UUID:
    with service.get_session() as session:
        said = Said(filename="a.html", by="anna", analyse=False)
        return uploads.create(session, said, size=10, limit=100, more={}).id


def old(service: DatabaseService, key: uuid.UUID) -> None:
    with service.get_session() as session:
        late = func.now() - uploads.LIFE - timedelta(seconds=1)
        session.execute(update(Upload).where(Upload.id == key).values(updated_at=late))


def test_an_upload_that_never_ended_goes_after_its_time(service: DatabaseService) -> None:
    key = begun(service)
    path = incoming.place(intake.folder(), key)
    assert collect.collect(soon()) == NOTHING
    assert path.exists()
    old(service, key)
    assert collect.collect() == Collected(0, 0, 1)
    assert not path.exists()
    with service.get_session() as session:
        assert session.get(Upload, key) is None


def test_an_old_upload_that_is_written_to_now_is_left_alone(service: DatabaseService) -> None:
    key = begun(service)
    old(service, key)
    with incoming.again(incoming.place(intake.folder(), key)):
        assert collect.collect(soon()) == NOTHING
    assert collect.collect(soon()).uploads == 1


def test_a_finished_upload_is_forgotten_and_its_artifact_stays(
    service: DatabaseService, store: Store
) -> None:
    key = begun(service)
    done = uploads.append(key, 0, [b"0123456789"], 10)
    assert not incoming.place(intake.folder(), key).exists()
    old(service, key)
    assert collect.collect(soon()) == Collected(0, 0, 1)
    with service.get_session() as session:
        assert session.get(Artifact, done.artifact_id)
    assert kept(store) == {sha(b"0123456789")}


def waits(service: DatabaseService) -> bool:
    """Whether somebody waits for a lock of some bytes."""
    waiting = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
    with service.get_session() as session:
        return bool(session.scalar(waiting))


def test_a_collector_waits_for_an_upload_of_the_same_bytes_and_then_leaves_them(
    service: DatabaseService, store: Store, tmp_path: Path
) -> None:
    checksum = put(store, tmp_path, b"same")
    dropped: list[bool] = []
    with service.session_factory() as session:
        taken(session, b"same")  # kept, but nobody else can see the row yet
        thread = threading.Thread(target=lambda: dropped.append(collect.drop(checksum)))
        thread.start()
        assert poll(lambda: waits(service))
        assert dropped == []
        session.commit()
    thread.join(30)
    assert dropped == [False]
    assert kept(store) == {checksum}


def test_an_upload_waits_for_a_collector_and_then_brings_the_bytes_again(
    service: DatabaseService, store: Store, tmp_path: Path
) -> None:
    checksum = put(store, tmp_path, b"same")
    done: list[str] = []

    def upload() -> None:
        with service.get_session() as session:
            done.append(taken(session, b"same").storage_path)

    with service.session_factory() as session:  # what `drop` does, held in the middle
        lock.hold(session, checksum)
        assert (
            session.scalars(select(Artifact.id).where(Artifact.checksum_sha256 == checksum)).first() is None
        )
        thread = threading.Thread(target=upload)
        thread.start()
        assert poll(lambda: waits(service))
        store.delete(blob_path(checksum))
        session.commit()
    thread.join(30)
    assert done == [blob_path(checksum)]
    assert kept(store) == {checksum}


def test_uploads_and_collectors_at_once_lose_nothing(service: DatabaseService, store: Store) -> None:
    checksum = sha(b"busy")
    over = threading.Event()

    def clean() -> None:
        while not over.is_set():
            collect.drop(checksum)

    def upload() -> None:
        for _ in range(8):
            with service.get_session() as session:
                artifact = taken(session, b"busy")
            assert checksum in kept(store)
            forget(service, str(artifact.id))

    cleaner = threading.Thread(target=clean)
    senders = [threading.Thread(target=upload) for _ in range(2)]
    cleaner.start()
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join(120)
    over.set()
    cleaner.join(30)
    with service.get_session() as session:
        taken(session, b"busy")
    assert kept(store) == {checksum}


def test_two_uploads_of_the_same_bytes_at_once_are_two_rows_and_one_content(
    service: DatabaseService, store: Store
) -> None:
    together = threading.Barrier(2, timeout=30)
    rows: list[Artifact] = []

    def pieces() -> Iterator[bytes]:
        yield b"same"
        together.wait()

    def upload() -> None:
        with service.get_session() as session:
            said = Said(filename="a", by="anna", analyse=False)
            rows.append(intake.take(session, pieces(), said, limit=100))

    threads = [threading.Thread(target=upload) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len({row.id for row in rows}) == 2
    assert kept(store) == {sha(b"same")}


def test_a_lock_is_of_one_content_only(service: DatabaseService) -> None:
    with service.session_factory() as one, service.session_factory() as other:
        lock.hold(one, sha(b"a"))
        lock.hold(other, sha(b"b"))
        for session in (one, other):
            session.rollback()


def test_a_store_that_is_away_is_told(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, s3: s3_lab.S3Lab
) -> None:
    values = s3.settings(tmp_path, s3_endpoint="http://127.0.0.1:1")
    settings = s3_lab.settings({**values, "database_url": database_url})
    made = DatabaseService(settings)
    monkeypatch.setattr("config.settings", lambda: settings)
    monkeypatch.setattr(collect, "db_service", made)
    with pytest.raises(Unavailable, match="cannot be used"):
        collect.collect()
    made.close()
    assert list((tmp_path / "artifacts").iterdir()) == []
