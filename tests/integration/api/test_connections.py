"""What the kernel says of the connections of this process."""

import socket
from collections.abc import Iterator
from contextlib import closing

import pytest

from caddy_lab import poll
from jarvis.api.connections import connections


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as made:
        yield made


def test_it_works(listener: socket.socket) -> None:
    port = listener.getsockname()[1]
    with socket.create_connection(("127.0.0.1", port)) as client, closing(listener.accept()[0]) as server:
        client.sendall(b"12345")

        def counted() -> bool:
            with connections("127.0.0.1", port) as found:
                return [one.received for one in found] == [5]

        assert poll(counted)
        with connections("127.0.0.1", port) as found:
            key = found[0].key
            assert found[0].quiet >= 0
        with connections("127.0.0.1", port) as found:
            assert found[0].key == key
            found[0].stop_reading()
        assert server.recv(10) == b"12345"
        assert server.recv(10) == b""
        server.sendall(b"still")
        assert client.recv(10) == b"still"


def test_only_those_of_the_peer_to_the_port_are_seen(listener: socket.socket) -> None:
    port = listener.getsockname()[1]
    with socket.create_connection(("127.0.0.1", port)), closing(listener.accept()[0]):
        for peer, place in (("127.0.0.2", port), ("127.0.0.1", port - 1), ("nonsense", port), ("", port)):
            with connections(peer, place) as found:
                assert found == []


def test_an_old_address_in_its_new_form_is_the_same(listener: socket.socket) -> None:
    port = listener.getsockname()[1]
    with (
        socket.create_connection(("127.0.0.1", port)),
        closing(listener.accept()[0]),
        connections("::ffff:127.0.0.1", port) as found,
    ):
        assert len(found) == 1


def test_nothing_of_this_process_is_left_open_or_closed(listener: socket.socket) -> None:
    port = listener.getsockname()[1]
    with socket.create_connection(("127.0.0.1", port)) as client, closing(listener.accept()[0]) as server:
        for _ in range(50):
            with connections("127.0.0.1", port):
                pass
        client.sendall(b"1")
        assert server.recv(1) == b"1"
