"""Room for one more build: the disk, the others, the memory."""

import os
import threading
from contextlib import ExitStack
from pathlib import Path

import pytest

from jarvis import control
from jarvis.builds.room import Room, admit, available, check_disk
from jarvis.errors import Cancelled, StorageFull, Unavailable

SMALL = {"disk": 1, "share": 0.0, "files": 1, "memory": 1}


def room(**values: float) -> Room:
    return Room(**{**SMALL, "at_once": 1, "patience": 0.0, **values})  # pyright: ignore[reportArgumentType] - numbers of both kinds


def test_it_works(tmp_path: Path) -> None:
    said: list[str] = []
    with admit(tmp_path, tmp_path / "locks", say=said.append, room=room()):
        pass
    with admit(tmp_path, tmp_path / "locks", say=said.append, room=room()):
        pass
    assert said == []


def test_a_second_build_waits_and_says_so(tmp_path: Path) -> None:
    said: list[str] = []
    with (
        admit(tmp_path, tmp_path / "locks", say=said.append, room=room()),
        pytest.raises(Unavailable, match="no room to build"),
        admit(tmp_path, tmp_path / "locks", say=said.append, room=room(patience=0.1)),
    ):
        pytest.fail("two at once")
    assert said == ["Waiting for another build to end …"]


def test_it_goes_on_when_the_other_has_ended(tmp_path: Path) -> None:
    first, waits, order = ExitStack(), threading.Event(), list[str]()

    def second() -> None:
        with admit(tmp_path, tmp_path / "locks", say=lambda _: waits.set(), room=room(patience=60)):
            order.append("second")

    with first:
        first.enter_context(admit(tmp_path, tmp_path / "locks", say=order.append, room=room()))
        thread = threading.Thread(target=second)
        thread.start()
        assert waits.wait(20)
        order.append("first ends")
    thread.join(20)
    assert order == ["first ends", "second"]


def test_as_many_build_as_there_are_places(tmp_path: Path) -> None:
    with ExitStack() as all_of_them:
        for _ in range(3):
            all_of_them.enter_context(admit(tmp_path, tmp_path / "l", say=pytest.fail, room=room(at_once=3)))
        with (
            pytest.raises(Unavailable, match="3 other builds"),
            admit(tmp_path, tmp_path / "l", say=lambda _: None, room=room(at_once=3)),
        ):
            pytest.fail("four at once")


def test_little_memory_makes_wait_only_beside_others(tmp_path: Path) -> None:
    greedy = room(at_once=2, memory=2**61)
    with (
        admit(tmp_path, tmp_path / "l", say=pytest.fail, room=greedy),
        pytest.raises(Unavailable, match="Waiting for memory"),
        admit(tmp_path, tmp_path / "l", say=lambda _: None, room=greedy),
    ):
        pytest.fail("memory was not looked at")


def test_waiting_can_be_called_off(tmp_path: Path) -> None:
    work = control.Control("w", "build", 60)
    with (
        admit(tmp_path, tmp_path / "l", say=pytest.fail, room=room()),
        control.within(work),
        pytest.raises(Cancelled),
        admit(tmp_path, tmp_path / "l", say=lambda _: work.stop(Cancelled("No.")), room=room(patience=60)),
    ):
        pytest.fail("two at once")


def test_a_failed_build_gives_its_place_back(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), admit(tmp_path, tmp_path / "l", say=pytest.fail, room=room()):
        raise RuntimeError
    with admit(tmp_path, tmp_path / "l", say=pytest.fail, room=room()):
        pass


def test_a_full_disk_is_refused_with_numbers(tmp_path: Path) -> None:
    with (
        pytest.raises(StorageFull, match=r"free; a build begins with 4194304\.0 GiB or more") as caught,
        admit(tmp_path, tmp_path / "l", say=pytest.fail, room=room(disk=2**52)),
    ):
        pytest.fail("the disk was not looked at")
    assert caught.value.facts["needed"] == 2**52
    assert "remove" in caught.value.hint


def test_a_part_of_the_disk_is_enough_up_to_a_bound(tmp_path: Path) -> None:
    with pytest.raises(StorageFull):
        check_disk(tmp_path, room(share=1.0, most=2**62))
    check_disk(tmp_path, room(share=1.0, most=1))


def test_a_disk_that_takes_no_more_files_is_refused(tmp_path: Path) -> None:
    if not os.statvfs(tmp_path).f_files:
        pytest.skip("this file system does not count files")
    with pytest.raises(StorageFull, match="more files"):
        check_disk(tmp_path, room(files=2**61))


def test_the_memory_of_this_machine_is_known() -> None:
    assert 2**20 < available() < 2**50
