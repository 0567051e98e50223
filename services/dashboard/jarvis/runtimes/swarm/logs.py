"""What copies say, fetched through the swarm from whatever machine they are on."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from jarvis.errors import JarvisError
from jarvis.runtimes.docker import engine
from jarvis.runtimes.swarm import tasks, wire
from jarvis.runtimes.swarm.tasks import OVER, Task

SILENT = 15.0
"""Seconds without a word after which it is looked whether a copy still runs."""
TELL_WITHIN = 5.0
"""Seconds of silence after which a machine that is asked for its last lines is not waited for."""
_HEAD = 8
"""Bytes before each piece: which stream it is of, and how long it is."""


def lines(key: str, since: str = "", *, follow: bool = True) -> Iterator[tuple[str, bytes]]:
    """What a copy says, as pairs of time and line, until it is silent for a while.

    Args:
        key: The id of the task.
        since: A time that was given before. The second of it comes again.
        follow: Go on with what it says from now on. Docker does not tell when that has ended.

    Raises:
        Unavailable: Docker does not answer any more, or the machine of the copy does not.
    """
    import requests.exceptions

    begin = int(datetime.fromisoformat(f"{since[:19]}+00:00").timestamp()) if since else 0
    with wire.asked("follow a log"):
        answer = _opened(key, SILENT if follow else TELL_WITHIN, follow=int(follow), since=begin)
        if answer is None:
            return
        try:
            for piece in _pieces(answer.iter_content(None)):
                stamp, _, text = piece.partition(b" ")
                yield stamp.decode("ascii", "replace"), text.rstrip(b"\n")
        except requests.exceptions.ConnectionError as error:
            if "timed out" not in str(error):
                raise
        finally:
            answer.close()


def _opened(key: str, silent: float, **query: int) -> Any:
    """The answer, which comes bit by bit; None where the copy is gone."""
    import docker.errors

    api = engine.api()
    params = {"stdout": 1, "stderr": 1, "timestamps": 1, **query}
    answer = api.request(
        "GET",
        f"{api.base_url}/v{api.api_version}/tasks/{key}/logs",
        params=params,
        stream=True,
        timeout=(engine.ANSWER_WITHIN, silent),
    )
    if answer.status_code == 404:
        answer.close()
        return None
    if answer.status_code >= 400:
        said = answer.text[:500]
        answer.close()
        raise docker.errors.APIError(said, response=answer, explanation=said)
    return answer


def _pieces(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Whole lines out of Docker's pieces, wherever blocks end."""
    raw = b""
    for block in blocks:
        raw += block
        while len(raw) >= _HEAD and len(raw) >= _HEAD + (size := int.from_bytes(raw[4:_HEAD], "big")):
            yield raw[_HEAD : _HEAD + size]
            raw = raw[_HEAD + size :]


def last_lines(there: Sequence[Task], count: int) -> list[str]:
    """The last lines of the copy that failed last, else of the last that began; none where nobody knows."""
    ended = [one for one in there if one.failed and one.container]
    for one in reversed(ended or [one for one in there if one.container]):
        with suppress(JarvisError), wire.asked("read a log"):
            answer = _opened(one.id, TELL_WITHIN, tail=count)
            if answer is None:
                continue
            try:
                found = [piece.partition(b" ")[2] for piece in _pieces(answer.iter_content(None))]
            finally:
                answer.close()
            if found:
                return [line.decode("utf-8", "replace").rstrip("\r\n") for line in found[-count:]]
    return []


def is_over(key: str) -> bool:
    """Will a copy say nothing any more?"""
    import docker.errors

    with wire.asked("look at a task"):
        try:
            return tasks.read(wire.send("GET", f"/tasks/{key}")).state in OVER
        except docker.errors.NotFound:
            return True
