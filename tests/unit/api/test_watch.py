"""Waits for senders that stop are ended; no other connection is touched."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest

from caddy_lab import poll
from jarvis.api.watch import PIECE, Watch


@dataclass
class Fake:
    """A connection as the kernel would count it."""

    name: str
    received: int = 0
    quiet: float = 1000.0
    ended: bool = False

    @property
    def key(self) -> bytes:
        return self.name.encode()

    def stop_reading(self) -> None:
        self.ended = True


@dataclass
class Kernel:
    """All connections, by peer."""

    wires: dict[str, list[Fake]] = field(default_factory=dict[str, list[Fake]])
    looks: int = 0

    @contextmanager
    def see(self, peer: str, port: int) -> Generator[list[Fake]]:
        self.looks += 1
        yield self.wires.get(peer, [])


@pytest.fixture
def kernel() -> Kernel:
    return Kernel({"anna": [Fake("upload"), Fake("other")]})


@pytest.fixture
def watch(kernel: Kernel) -> Watch:
    """Looks when it is told to, not by itself: nobody waits for a minute here."""
    return Watch(60.0, kernel.see)  # pyright: ignore[reportArgumentType] - as good as the kernel's


def test_it_works(watch: Watch, kernel: Kernel) -> None:
    upload, other = kernel.wires["anna"]
    with watch.wait("anna", 80) as wait:
        watch.look(wait.since + 29)
        assert wait.marks is None
        watch.look(wait.since + 31)
        other.received += PIECE
        watch.look(wait.since + 59)
        assert not wait.stalled
        watch.look(wait.since + 61)
        assert wait.stalled
    assert upload.ended
    assert not other.ended


def test_who_brings_little_has_stopped_and_who_brings_enough_has_not(watch: Watch, kernel: Kernel) -> None:
    upload, other = kernel.wires["anna"]
    with watch.wait("anna", 80) as wait:
        watch.look(wait.since + 31)
        upload.received += PIECE // 2 - 1
        other.received += PIECE // 2
        watch.look(wait.since + 61)
    assert (upload.ended, other.ended) == (True, False)


def test_a_connection_on_which_something_was_sent_is_not_the_one(watch: Watch, kernel: Kernel) -> None:
    upload, stream = kernel.wires["anna"]
    stream.quiet = 15.0
    with watch.wait("anna", 80) as wait:
        watch.look(wait.since + 31)
        watch.look(wait.since + 61)
    assert (upload.ended, stream.ended) == (True, False)


def test_a_connection_that_came_later_is_not_the_one(watch: Watch, kernel: Kernel) -> None:
    with watch.wait("anna", 80) as wait:
        watch.look(wait.since + 31)
        late = Fake("late")
        kernel.wires["anna"].append(late)
        watch.look(wait.since + 61)
    assert not late.ended


def test_others_are_not_even_looked_at(watch: Watch, kernel: Kernel) -> None:
    kernel.wires["bert"] = [Fake("his")]
    with watch.wait("anna", 80) as wait:
        watch.look(wait.since + 31)
        watch.look(wait.since + 61)
    assert not kernel.wires["bert"][0].ended


def test_a_wait_that_is_over_is_not_looked_at(watch: Watch, kernel: Kernel) -> None:
    with watch.wait("anna", 80) as wait:
        pass
    watch.look(wait.since + 31)
    watch.look(wait.since + 61)
    assert kernel.looks == 0
    assert not wait.stalled


def test_where_no_connection_can_be_seen_the_wait_goes_on(watch: Watch, kernel: Kernel) -> None:
    kernel.wires.clear()
    with watch.wait("anna", 80) as wait:
        watch.look(wait.since + 31)
        watch.look(wait.since + 61)
        watch.look(wait.since + 1000)
        assert not wait.stalled


def test_it_looks_by_itself_while_there_is_something_to_look_at(kernel: Kernel) -> None:
    watch = Watch(0.05, kernel.see)  # pyright: ignore[reportArgumentType] - as good as the kernel's
    for _ in range(2):
        with watch.wait("anna", 80) as wait:
            assert poll(lambda wait=wait: wait.stalled)
        assert poll(lambda: watch._thread is None)
