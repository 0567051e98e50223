"""Small judgements of the shim."""

import signal
import socket
import subprocess
import sys
from ast import literal_eval
from pathlib import Path

import pytest

from jarvis.runtimes import process, shim
from jarvis.runtimes.shim import side, tree
from jarvis.runtimes.shim.program import ending


def test_it_works() -> None:
    assert ending(0) == "ended with code 0"


@pytest.mark.parametrize(
    ("status", "killed", "sentence"),
    [
        (3 << 8, False, "ended with code 3"),
        (signal.SIGKILL, False, "was killed by SIGKILL"),
        (40, False, "was killed by signal 40"),
        (signal.SIGKILL, True, "was killed: out of memory"),
        (137 << 8, True, "was killed: out of memory"),
        (1 << 8, True, "ended with code 1 after a part of it was killed: out of memory"),
    ],
)
def test_how_it_ended_is_told(status: int, killed: bool, sentence: str) -> None:
    assert ending(status, out_of_memory=killed) == sentence


@pytest.mark.parametrize(
    ("ports", "port"), [({9464, 9500}, 9500), ({3000, 8000}, 3000), ({9229}, 9229), (set[int](), 0)]
)
def test_visitors_get_the_port_that_is_not_beside(ports: set[int], port: int) -> None:
    assert side.main(ports) == port


@pytest.mark.skipif(sys.byteorder != "little", reason="the tables of the kernel are written otherwise here")
@pytest.mark.parametrize(
    ("raw", "hosts"),
    [
        ("0100007F", ["127.0.0.1"]),
        ("00000000", ["127.0.0.1"]),
        ("0200000A", ["10.0.0.2"]),
        ("0" * 32, ["::1", "127.0.0.1"]),
        ("00000000000000000000000001000000", ["::1"]),
        ("0000000000000000FFFF00000100007F", ["::ffff:127.0.0.1"]),
    ],
)
def test_an_address_of_the_kernel_is_read(raw: str, hosts: list[str]) -> None:
    assert tree.reached(raw) == hosts


def test_a_socket_belongs_to_who_has_it(tmp_path: Path) -> None:
    code = "import socket; s = socket.create_server(('127.0.0.1', 0)); print(s.getsockname()[1], flush=True)"
    code += "; input()"
    words = [sys.executable, "-c", code]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        port = int(other.stdout.readline())
        with socket.create_server(("127.0.0.1", 0)):
            assert tree.listening([other.pid]) == [("127.0.0.1", port)]
        other.communicate(b"\n")
    assert tree.listening([other.pid]) == []


@pytest.mark.parametrize("lists", [True, False])
def test_all_below_a_process_are_found(monkeypatch: pytest.MonkeyPatch, lists: bool) -> None:
    if not lists:
        monkeypatch.setattr(tree, "_has_lists", lambda: False)
    code = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'print(1, flush=True); input()'])"
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        other.stdout.readline()
        found = tree.below(other.pid)
        assert len(found) == 1
        assert tree.usage(found)[0] > 1_000_000
        assert tree.name_of(found[0])
        other.communicate(b"\n")
    assert tree.below(other.pid) == []


def test_a_shim_imports_nothing_but_the_standard_library() -> None:
    source = Path(shim.__file__).parents[3]
    code = (
        f"import sys; sys.modules['ssl'] = None; sys.path.append({str(source)!r})\n"
        "from jarvis.runtimes.shim import keeper\n"
        "files = {n: str(getattr(m, '__file__', '')) for n, m in sys.modules.items()}\n"
        f"print([n for n, file in files.items() if file.startswith({str(source)!r})])\n"
        "print([n for n, file in files.items() if 'site-packages' in file])\n"
    )
    said = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True, check=True
    )
    ours, others = said.stdout.splitlines()
    above = {"jarvis", "jarvis.runtimes"}
    assert all(name in above or name.startswith("jarvis.runtimes.shim") for name in literal_eval(ours))
    assert others == "[]"


def test_the_folder_of_an_instance_is_short(tmp_path: Path) -> None:
    assert process.socket_of(tmp_path, "k" * 500).relative_to(tmp_path).parts[0].isalnum()
    assert len(str(process.socket_of(tmp_path, "k" * 500).relative_to(tmp_path))) == 21
