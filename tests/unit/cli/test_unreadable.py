import errno
import os
from pathlib import Path

import pytest

from jarvis.cli.parcel import prepare
from jarvis.cli.unreadable import unreadable
from jarvis.errors import InvalidInput, JarvisError


def test_it_works() -> None:
    error = unreadable("my site/a.html", PermissionError(errno.EACCES, "Permission denied"), shown="a.html")
    assert error.message == "a.html cannot be read: Permission denied."
    assert error.hint == "Let yourself read it: chmod u+r 'my site/a.html' (a folder: chmod u+rx)."
    assert error.facts == {"entry": "my site/a.html"}


@pytest.mark.parametrize("number", [errno.ELOOP, errno.ENAMETOOLONG, errno.ENOENT, errno.EIO, errno.EBUSY])
def test_whatever_it_is_there_is_something_to_do(number: int) -> None:
    error = unreadable("a", OSError(number, os.strerror(number)))
    assert error.hint
    assert "{path}" not in error.hint


def test_a_pipe_is_told_how_to_be_sent(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(InvalidInput, match="neither a file nor a folder") as caught:
        prepare(str(tmp_path / "pipe"))
    assert "jarvis deploy - --name NAME" in caught.value.hint


def test_an_empty_file_is_told_what_may_have_gone_wrong(tmp_path: Path) -> None:
    (tmp_path / "index.html").touch()
    with pytest.raises(JarvisError, match="is empty") as caught:
        prepare(str(tmp_path / "index.html"))
    assert "saved" in caught.value.hint


@pytest.mark.parametrize("path", ["a\0b", "x" * 5000])
def test_a_path_that_cannot_be_is_told(path: str) -> None:
    with pytest.raises(InvalidInput, match="cannot be read") as caught:
        prepare(path)
    assert caught.value.hint
