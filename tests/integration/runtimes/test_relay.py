"""What passes between the proxy and a program: all of it, both ways, however slow, until the last byte."""

import hashlib
import os
import select
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from jarvis.runtimes import process
from shim_lab import ECHO, Stage, gone, received, until

ELSEWHERE = ECHO.replace('("127.0.0.1", int(os.environ["PORT"]))', "{address}")

COUNTS = """
import hashlib, os, socket
listener = socket.create_server(("127.0.0.1", int(os.environ["PORT"])))
while True:
    wire, _ = listener.accept()
    total = hashlib.sha256()
    while block := wire.recv(1 << 20):
        total.update(block)
    wire.sendall(total.hexdigest().encode())
    wire.close()
"""

SENDS = """
import os, socket
listener = socket.create_server(("127.0.0.1", int(os.environ["PORT"])))
while True:
    wire, _ = listener.accept()
    for number in range(int(wire.recv(100))):
        wire.sendall(b"%09d\\n" % number * 100)
    wire.close()
"""

STEPS = """
import os, socket, threading, time
listener = socket.create_server(("127.0.0.1", int(os.environ["PORT"])))
def serve(wire):
    wire.sendall(b"begin ")
    while not os.path.exists("go"):
        time.sleep(0.01)
    wire.sendall(b"end")
    wire.close()
while True:
    threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
"""

SWITCHES = """
import http.server, os
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.connection.sendall(b"HTTP/1.1 101 Switching Protocols\\r\\nUpgrade: echo\\r\\n\\r\\n")
        while block := self.connection.recv(65536):
            self.connection.sendall(block)
http.server.ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Handler).serve_forever()
"""


def echoes(wire: socket.socket, text: bytes) -> bool:
    wire.sendall(text)
    heard = b""
    while len(heard) < len(text) and (block := wire.recv(1 << 16)):
        heard += block
    return heard == text


def test_it_works(stage: Stage) -> None:
    stage.serve(ECHO)
    with stage.wire() as wire:
        assert echoes(wire, b"hello")
        assert stage.status().connections == 1
        wire.shutdown(socket.SHUT_WR)
        assert wire.recv(1) == b"", "the program ended its half as well"
    stage.seen(lambda seen: seen.connections == 0, "the connection is counted no more")


def test_one_half_may_end_before_the_other_answers(stage: Stage) -> None:
    stage.serve(COUNTS)
    with stage.wire() as wire:
        wire.sendall(b"all of it")
        wire.shutdown(socket.SHUT_WR)
        assert received(wire) == hashlib.sha256(b"all of it").hexdigest().encode()


def test_a_large_upload_arrives_whole(stage: Stage) -> None:
    stage.serve(COUNTS)
    block, total = os.urandom(1 << 20), hashlib.sha256()
    with stage.wire() as wire:
        for _ in range(100):
            wire.sendall(block)
            total.update(block)
        wire.shutdown(socket.SHUT_WR)
        assert received(wire) == total.hexdigest().encode()


def test_a_large_download_arrives_whole_up_to_the_end(stage: Stage) -> None:
    stage.serve(SENDS)
    with stage.wire() as wire:
        wire.sendall(b"50000")
        got = received(wire)
    assert got == b"".join(b"%09d\n" % number * 100 for number in range(50_000))


def test_who_reads_slowly_costs_no_memory(stage: Stage) -> None:
    stage.serve(SENDS)
    before = resident(stage.shim())
    with stage.wire() as wire:
        wire.sendall(b"200000")  # 200 MB
        assert wire.recv(10) == b"000000000\n"
        cpu = ticks(stage.shim())
        until(lambda: ticks(stage.shim(), settle=0.2) - cpu < 50, "the relay rests")
        assert resident(stage.shim()) - before < 20_000_000


def test_an_idle_relay_takes_no_processor(stage: Stage) -> None:
    stage.serve(ECHO)
    with stage.wire() as wire:
        assert echoes(wire, b"awake")
        folder = Path(f"/proc/{stage.shim()}/status")
        until(lambda: switches(folder) == switches(folder, settle=0.5), "it sleeps for half a second")


def test_a_connection_is_upgraded(stage: Stage) -> None:
    stage.serve(SWITCHES)
    with stage.wire() as wire:
        wire.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nUpgrade: echo\r\nConnection: Upgrade\r\n\r\n")
        head = b""
        while b"\r\n\r\n" not in head:
            head += wire.recv(1)
        assert head.startswith(b"HTTP/1.1 101")
        for number in range(100):
            assert echoes(wire, b"message %d" % number)


def test_many_connections_at_once(stage: Stage) -> None:
    stage.serve(ECHO)
    wires = [stage.wire() for _ in range(200)]
    try:
        text = os.urandom(100_000)
        with ThreadPoolExecutor(20) as pool:
            assert all(pool.map(lambda wire: echoes(wire, text), wires))
        assert stage.status().connections == 200
    finally:
        for wire in wires:
            wire.close()
    stage.seen(lambda seen: seen.connections == 0, "none is left")


def test_a_thousand_connections_that_wait_for_the_program(stage: Stage) -> None:
    code = "import os, time\nwhile not os.path.exists('go'): time.sleep(0.01)\n"
    stage.start(code + ECHO.replace("backlog=1024", "backlog=4096"))
    assert not stage.status().listening
    wires = [stage.wire() for _ in range(1000)]
    try:
        for wire in wires:
            wire.sendall(b"early")
        (stage.root / "go").touch()
        assert all(wire.recv(5) == b"early" for wire in wires)
    finally:
        for wire in wires:
            wire.close()


def test_who_comes_to_a_program_that_never_listens_is_sent_away(stage: Stage) -> None:
    stage.start("import time; time.sleep(1000)")
    with stage.wire() as wire:
        assert received(wire) == b""
    status = stage.status()
    assert (status.running, status.listening, status.port) == (True, False, 0)


def test_a_program_that_ended_is_waited_for_until_it_is_back(stage: Stage) -> None:
    first = stage.serve(ECHO)
    os.kill(first.pid or 0, 9)
    stage.seen(lambda seen: seen.pid != first.pid, "its end was seen")
    with stage.wire() as wire:
        assert echoes(wire, b"back again")
    assert stage.status().starts == 2


@pytest.mark.parametrize("address", ["('127.0.0.1', 0)", "('0.0.0.0', 0)", "('127.0.0.2', 0)"])
def test_a_program_that_ignores_its_port_is_found(stage: Stage, address: str) -> None:
    status = stage.serve(ELSEWHERE.format(address=address))
    assert status.port
    with stage.wire() as wire:
        assert echoes(wire, b"found")


@pytest.mark.skipif(not Path("/proc/net/if_inet6").exists(), reason="no IPv6 here")
def test_a_program_on_ipv6_is_found(stage: Stage) -> None:
    stage.serve(
        ELSEWHERE.replace("create_server({address},", "create_server(('::1', 0), family=socket.AF_INET6,")
    )
    with stage.wire() as wire:
        assert echoes(wire, b"found")


def test_a_port_it_opens_for_itself_first_is_left_for_its_own_port(stage: Stage) -> None:
    code = "import os, socket, time\nother = socket.create_server(('127.0.0.1', 0))\n"
    code += "while not os.path.exists('go'): time.sleep(0.01)\n"
    early = stage.serve(code + ECHO)
    (stage.root / "go").touch()
    stage.seen(lambda seen: seen.port != early.port, "its own port is found")
    with stage.wire() as wire:
        assert echoes(wire, b"found")


def test_a_port_for_those_who_measure_it_is_not_for_visitors(stage: Stage) -> None:
    code = "import os, socket, time\nbeside = socket.create_server(('127.0.0.1', 24678))\n"
    code += "open('beside', 'w').close()\nwhile not os.path.exists('go'): time.sleep(0.01)\n"
    stage.start(code + ECHO)
    until((stage.root / "beside").exists, "it listens beside")
    assert not stage.status().listening, "for ten seconds another one is waited for"
    (stage.root / "go").touch()
    seen = stage.seen(lambda seen: seen.listening, "it listens")
    assert seen.port not in (0, 24678)
    with stage.wire() as wire:
        assert echoes(wire, b"found")


def test_what_is_open_ends_in_peace_while_it_drains(stage: Stage) -> None:
    status = stage.serve(STEPS)
    with stage.wire() as wire:
        assert wire.recv(6) == b"begin "
        process.stop(stage.instances, "one", drain=60)
        until(lambda: not stage.place().exists(), "nobody new comes in")
        assert stage.status().draining
        (stage.root / "go").touch()
        assert received(wire) == b"end"
    until(lambda: not stage.folder().exists(), "it has ended")
    assert gone(status.pid or 0)


def test_draining_is_over_when_its_time_is(stage: Stage) -> None:
    stage.serve(ECHO)
    with stage.wire() as wire:
        assert echoes(wire, b"I stay")
        process.stop(stage.instances, "one", drain=0.3)
        assert received(wire) == b""
    until(lambda: not stage.folder().exists(), "it has ended")


def test_a_kill_does_not_wait_for_the_drain(stage: Stage) -> None:
    stage.serve(ECHO)
    with stage.wire() as wire:
        assert echoes(wire, b"I stay")
        process.stop(stage.instances, "one", drain=10_000)
        process.kill(stage.instances, "one")
        assert received(wire) == b""


def test_what_drains_is_started_anew_when_it_is_wanted_again(stage: Stage) -> None:
    before = stage.serve(ECHO)
    with stage.wire() as wire:
        assert echoes(wire, b"I stay")
        process.stop(stage.instances, "one", drain=10_000)
        after = stage.serve(ECHO)
    assert after.pid != before.pid
    assert not after.draining


def test_without_a_program_it_passes_on_to_a_target(stage: Stage) -> None:
    with socket.create_server(("127.0.0.1", 0)) as far:
        spec = replace(stage.spec(""), words=(), targets=(far.getsockname(),))
        stage.keys.append("one")
        process.start(stage.instances, spec)
        status = stage.status()
        assert (status.running, status.pid, status.port) == (True, None, far.getsockname()[1])
        threading.Thread(target=answer, args=(far, b"from far"), daemon=True).start()
        with stage.wire() as wire:
            wire.sendall(b"?")
            assert received(wire) == b"from far"
        process.kill(stage.instances, "one")


def test_several_targets_take_turns_and_one_that_refuses_is_left_out(stage: Stage) -> None:
    with ExitStack() as ends:
        first, second, third = (ends.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(3))
        targets = tuple(far.getsockname() for far in (first, second, third))
        third.close()
        for far, text in ((first, b"first"), (second, b"second")):
            threading.Thread(target=always, args=(far, text), daemon=True).start()
            ends.callback(far.shutdown, socket.SHUT_RDWR)
        stage.keys.append("one")
        process.start(stage.instances, replace(stage.spec(""), words=(), targets=targets))
        said: list[bytes] = []
        for _ in range(12):
            with stage.wire() as wire:
                wire.sendall(b"?")
                said.append(received(wire))
        assert set(said) == {b"first", b"second"}
        assert said.count(b"first") >= 4
        assert said.count(b"second") >= 4
        process.kill(stage.instances, "one")


def always(far: socket.socket, text: bytes) -> None:
    with suppress(OSError):
        while True:
            wire, _ = far.accept()
            with wire:
                if wire.recv(1):
                    wire.sendall(text)


def answer(far: socket.socket, text: bytes) -> None:
    while True:
        wire, _ = far.accept()
        with wire:
            if wire.recv(1) == b"?":
                wire.sendall(text)
                return


def resident(pid: int) -> int:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def ticks(pid: int, settle: float = 0) -> int:
    select.select([], [], [], settle)
    return sum(map(int, Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]))


def switches(status: Path, settle: float = 0) -> str:
    select.select([], [], [], settle)
    return status.read_text().split("voluntary_ctxt_switches:", 1)[1]
