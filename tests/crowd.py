"""Visitors who ask without a pause while something is switched: what goes wrong for them is kept."""

import threading
from collections.abc import Callable, Collection, Iterable, Sequence
from http.client import HTTPConnection, HTTPException
from typing import NamedTuple


class Door(NamedTuple):
    """How one visitor comes.

    Attributes:
        connection: To the proxy.
        host: The site that is asked for.
        keep: Whether the connection is kept between two requests.
    """

    connection: HTTPConnection
    host: str
    keep: bool


def crowd(doors: Sequence[Door], pages: Collection[bytes], switches: Iterable[object]) -> list[int]:
    """Let them ask while `switches` are made, at least two requests between two; how often each asked.

    Every answer must be one of `pages`.
    """
    done = threading.Event()
    failures: list[str] = []
    counts = [0] * len(doors)

    def visit(number: int) -> None:
        connection, host, keep = doors[number]
        while not done.is_set():
            try:
                connection.request("GET", "/", headers={"Host": host})
                reply = connection.getresponse()
                body = reply.read()
                if reply.status != 200 or body not in pages:
                    failures.append(f"{host}: {reply.status}, {len(body)} bytes")
            except (OSError, HTTPException) as error:
                failures.append(repr(error))
                connection.close()
            counts[number] += 1
            if not keep:
                connection.close()
        connection.close()

    visitors = [threading.Thread(target=visit, args=(number,)) for number in range(len(doors))]
    for visitor in visitors:
        visitor.start()
    try:
        for _ in switches:
            seen = sum(counts)
            while sum(counts) < seen + 2:
                done.wait(0.0005)
    finally:
        done.set()
        for visitor in visitors:
            visitor.join()
    assert failures == []
    return counts


def turns(times: int, switch: Callable[[int], object]) -> Iterable[None]:
    """`switch(1)` to `switch(times)`, one at each step."""
    for turn in range(1, times + 1):
        switch(turn)
        yield
