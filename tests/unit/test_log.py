"""How a process writes its log."""

import logging
import re
from collections.abc import Iterator

import pytest

from jarvis import log


@pytest.fixture(autouse=True)
def logging_as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    loggers = [root, logging.getLogger("dbos"), logging.getLogger("alembic")]
    before = root.handlers[:], [logger.level for logger in loggers]
    yield
    root.handlers[:] = before[0]
    for logger, level in zip(loggers, before[1], strict=True):
        logger.setLevel(level)


def test_it_works(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure("INFO", "worker")
    logging.getLogger("jarvis.a").info("Said.")
    logging.getLogger("jarvis.a").debug("Not said.")
    line = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z worker INFO jarvis\.a: Said\.\n"
    assert re.fullmatch(line, capsys.readouterr().err)


def test_twice_configured_says_it_once(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure("INFO", "web")
    log.configure("INFO", "web")
    logging.getLogger("jarvis.a").info("Said.")
    assert capsys.readouterr().err.count("Said.") == 1


def test_the_engine_and_the_migrations_only_warn(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure("INFO", "worker")
    logging.getLogger("dbos").info("Chatter")
    logging.getLogger("alembic.runtime").info("Chatter")
    assert capsys.readouterr().err == ""
