"""What the resolver says, within a time limit."""

import socket
import threading
from typing import Any

import pytest

from jarvis.dns.resolve import addresses


def answers(*found: str) -> Any:
    return lambda *_, **__: [(socket.AF_INET, socket.SOCK_STREAM, 0, "", (item, 0)) for item in found]


def test_it_works(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", answers("192.0.2.2", "192.0.2.1", "192.0.2.2"))
    assert addresses("example.com") == ["192.0.2.2", "192.0.2.1"]


@pytest.mark.parametrize("error", [socket.gaierror(-2, "unknown"), UnicodeError("label too long")])
def test_a_name_that_nobody_knows_has_no_address(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    assert addresses("nowhere.example") == []


def test_a_silent_resolver_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    asked, free = threading.Event(), threading.Event()

    def hang(*_: object, **__: object) -> list[Any]:
        asked.set()
        free.wait()
        return []

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    assert addresses("slow.example", timeout=0.01) == []
    assert asked.is_set()
    free.set()
