"""A keeper that is told where its program runs now, as copies move from machine to machine."""

import json
import socket
import threading
from contextlib import ExitStack, suppress
from dataclasses import replace

from jarvis.runtimes import process
from shim_lab import Stage, received


def say(far: socket.socket, text: bytes) -> None:
    def answer(wire: socket.socket) -> None:
        with wire, suppress(OSError):
            if wire.recv(1):
                wire.sendall(text)

    with suppress(OSError):
        while True:
            wire, _ = far.accept()
            threading.Thread(target=answer, args=(wire,), daemon=True).start()


def asked(stage: Stage) -> bytes:
    with stage.wire() as wire:
        wire.sendall(b"?")
        return received(wire)


def test_it_works(stage: Stage) -> None:
    with ExitStack() as ends:
        old, new = (ends.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(2))
        for far, text in ((old, b"old"), (new, b"new")):
            threading.Thread(target=say, args=(far, text), daemon=True).start()
            ends.callback(far.shutdown, socket.SHUT_RDWR)
        stage.keys.append("one")
        process.start(stage.instances, replace(stage.spec(""), words=(), targets=(old.getsockname(),)))
        with stage.wire() as open_before:
            assert asked(stage) == b"old"
            assert process.aim(stage.instances, "one", [new.getsockname()])
            assert [asked(stage) for _ in range(3)] == [b"new"] * 3
            open_before.sendall(b"?")
            assert received(open_before) == b"old", "what was open stays where it was"
        assert process.targets(stage.instances, "one") == (new.getsockname(),)
        process.kill(stage.instances, "one")


def test_with_nowhere_to_go_connections_wait_until_there_is(stage: Stage) -> None:
    with socket.create_server(("127.0.0.1", 0)) as far:
        stage.keys.append("one")
        process.start(stage.instances, replace(stage.spec(""), words=(), targets=(far.getsockname(),)))
        assert process.aim(stage.instances, "one", [])
        assert not stage.status().listening
        with stage.wire() as wire:
            wire.sendall(b"?")
            threading.Thread(target=say, args=(far, b"there again"), daemon=True).start()
            assert process.aim(stage.instances, "one", [far.getsockname()])
            assert received(wire) == b"there again"
        far.shutdown(socket.SHUT_RDWR)
        process.kill(stage.instances, "one")


def test_where_nobody_keeps_it_nothing_is_aimed(stage: Stage) -> None:
    assert not process.aim(stage.instances, "none", [("127.0.0.1", 9)])
    folder = process.folder_of(stage.instances, "dead")
    folder.mkdir(parents=True)
    (folder / "spec.json").write_text(json.dumps({"key": "dead", "targets": []}))
    assert not process.aim(stage.instances, "dead", [("127.0.0.1", 9)])
