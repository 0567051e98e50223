"""Who holds a port?"""

import os
import socket
from collections.abc import Iterator

import pytest

from caddy_lab import free_port
from jarvis.embedded.ports import check, holder
from jarvis.errors import InvalidInput, PortTaken


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_it_works() -> None:
    check(free_port(), "127.0.0.1", "the sites", "--http-port")


def test_the_holder_is_named(taken: int) -> None:
    assert holder(taken).endswith(f"(pid {os.getpid()})")


def test_nobody_holds_a_free_port() -> None:
    assert holder(free_port()) == "another program"


@pytest.mark.parametrize("address", ["127.0.0.1", ""])
def test_a_taken_port_is_refused_with_its_holder(taken: int, address: str) -> None:
    with pytest.raises(PortTaken) as caught:
        check(taken, address, "the sites", "--http-port")
    assert f"(pid {os.getpid()})" in caught.value.message
    assert "the sites" in caught.value.message
    assert "--http-port" in caught.value.hint
    assert caught.value.facts == {"port": taken}


def test_an_address_of_another_machine_is_refused() -> None:
    with pytest.raises(InvalidInput, match=r"192\.0\.2\.1"):
        check(free_port(), "192.0.2.1", "the sites", "--http-port")


def test_the_look_leaves_the_port_free() -> None:
    port = free_port()
    check(port, "127.0.0.1", "the sites", "--http-port")
    with socket.create_server(("127.0.0.1", port)):
        pass


def test_a_port_that_is_not_for_this_user_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    class Refusing(socket.socket):
        def bind(self, _address: object) -> None:
            raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(socket, "socket", Refusing)
    with pytest.raises(InvalidInput, match="may not listen on port 80") as caught:
        check(80, "", "the sites", "--http-port")
    assert "1023" in caught.value.hint
