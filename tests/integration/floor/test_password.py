"""No message, log line or repr shows the password."""

import logging
import traceback
from urllib.parse import quote

import pytest

import postgres_lab
from config import Settings
from services.db_service import DatabaseService, DatabaseUnavailable

WORDS = ("hunter2-secret", "it's %41", "a@b:c/d?e#f", 'quo"te\\n', "späße$HOME", "p" * 300)


@pytest.mark.parametrize("word", WORDS)
def test_it_works(postgres: postgres_lab.Server, word: str, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.DEBUG)
    urls = [postgres.url("postgres", password=word), postgres.url("no_such_database", password=word)]
    urls += [f"postgresql://jarvis:{quote(word, safe='')}@127.0.0.1:1/x"]
    urls += [f"postgresql://jarvis@127.0.0.1:1/x?password={quote(word, safe='')}"]
    urls += [f"postgresql://jarvis:{word}@127.0.0.1:notaport/x"]
    for url in urls:
        service = DatabaseService(Settings(database_url=url))
        shown = everything_shown_by(service)
        service.close()
        for form in (word, quote(word, safe=""), quote(word), repr(word)[1:-1]):
            assert form not in shown + caplog.text


def everything_shown_by(service: DatabaseService) -> str:
    lines: list[str] = []
    service.initialise(lines.append)
    service.run_migrations()
    lines += [str(service.health_check()), str(service.get_migration_status()), repr(service.settings)]
    try:
        engine = service.engine
        lines += map(repr, (service, engine, engine.url, engine.pool))
        lines.append(engine.url.render_as_string(hide_password=False))
    except DatabaseUnavailable as error:
        lines.append(str(error))
    try:
        with service.get_session() as session:
            session.connection()
    except DatabaseUnavailable as error:
        lines += traceback.format_exception(error)
    return "\n".join(lines)


def test_a_wrong_one_gets_a_sentence_that_helps(postgres: postgres_lab.Server):
    service = DatabaseService(Settings(database_url=postgres.url("postgres", password="wrong")))
    message = service.health_check()["message"]
    assert "refuses the user or the password of JARVIS_DATABASE_URL" in message
    assert "percent-encoded" in message


def test_a_reason_that_quotes_it_is_not_shown():
    word = "no-such-host.invalid"
    service = DatabaseService(Settings(database_url=f"postgresql://jarvis:{word}@{word}/x"))
    assert service.health_check()["message"].endswith(
        "its reason is not shown here, as it holds the password"
    )
