"""What a project says of itself in `jarvis.toml`, and how it is told what is wrong there."""

from typing import Any

import pytest

from jarvis.errors import InvalidInput
from jarvis.settings import keys, toml
from jarvis.settings.service import read, written

WHOLE = """\
runtime = "container"
replicas = 2
release = "python3 manage.py migrate"
drain = "45s"
domains = ["WWW.Example.org", "www.example.org"]
https = "redirect"
hsts = "365d"

[health]
path = "/up"
patience = "3m"

[limits]
memory = "512MB"
cpus = 0.5

[[volumes]]
name = "data"
path = "/var/lib/shop"

[[cron]]
name = "tidy"
schedule = "@daily"
command = "python3 tidy.py --all"

[build]
start-command = "gunicorn shop:app"
port = 8000
"""


def refused(text: str) -> list[dict[str, Any]]:
    with pytest.raises(InvalidInput) as caught:
        toml.read(text.encode())
    return list(caught.value.facts["problems"])


def test_it_works() -> None:
    said = toml.read(WHOLE.encode())
    settings = read(said.settings)
    assert settings.domains == ("www.example.org",)
    assert (settings.drain, settings.hsts, settings.health.patience) == (45, 365 * 86400, 180)
    assert settings.limits.memory == 512_000_000
    assert settings.cron[0].schedule == "@daily"
    assert said.build == {"start_command": "gunicorn shop:app", "port": 8000}
    assert said.lines["health", "path"] == 10
    assert read(written(settings)) == settings


def test_nothing_is_a_file_too() -> None:
    assert toml.read(b"").settings == {}
    assert toml.read(b"\xef\xbb\xbf# only this\r\n").settings == {}


@pytest.mark.parametrize(
    ("text", "line", "said", "hint"),
    [
        ("runtime = container\n", 1, "invalid value", "toml.io"),
        ("a = 1\n\nb = [1,\n", 4, "", ""),
        ('runtime = "docker"\n', 1, "must be one of static, process", "leave it out"),
        ("\n[helth]\npath = '/'\n", 2, "There is no setting helth.", ""),
        ("[health]\npaths = '/'\n", 2, "There is no setting paths.", "Did you mean path?"),
        ("[health]\npath = 'up'\n", 2, "must be a path such as /up", "slash"),
        ("[limits]\ncpus = 1\nmemory = 5\n", 3, "limits.memory must be from 16MiB to", ""),
        ("[limits]\nmemory = '5 bananas'\n", 2, "must be a size", "512MB"),
        ("drain = true\n", 1, "must be a time", "30s"),
        ("replicas = 0\n", 1, "must be from 1 to 100", ""),
        ('release = "echo \'x"\n', 1, "cannot be taken apart", "quote"),
        ("domains = ['a b.example.org']\n", 1, "holds a wrong name", ""),
        ("[[volumes]]\nname = 'data'\n", 1, "volumes “data” has no path.", ""),
        ("[[volumes]]\nname = 'd'\npath = '../x'\n", 3, "must be a folder of its own", ""),
        ("[[cron]]\nname='a'\nschedule='61 * * * *'\ncommand='x'\n", 3, "is no minute", "Five fields"),
        ("volumes = 3\n", 1, "must be a list of tables", "[[volumes]]"),
        ("health = 3\n", 1, "health must be a table", "[health]"),
        ("[build]\nstart = 'x'\n", 2, "There is no setting start.", ""),
        ("[build]\nport = 'x'\n", 2, "is a number from 1 to 65535", ""),
        ("[[logins]]\nuser = 'a'\n", 1, "logins are not read from a file", "jarvis settings set"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(text: str, line: int, said: str, hint: str) -> None:
    (problem,) = refused(text)
    assert problem["line"] == line
    assert said in problem["message"]
    assert hint in problem["hint"]


def test_all_that_is_wrong_is_told_at_once() -> None:
    text = "drain = 'x'\n[limits]\nmemory = 1\n[[cron]]\nname = 'A'\n[[cron]]\n"
    with pytest.raises(InvalidInput) as caught:
        toml.read(text.encode())
    assert [one["line"] for one in caught.value.facts["problems"]] == [1, 3, 4, 4, 5, 6, 6, 6]
    assert caught.value.message.startswith("jarvis.toml, line 1: drain must be a time")


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_lines_are_counted_whatever_ends_them_and_a_mark_at_the_begin_is_no_matter(
    ends: str, mark: str
) -> None:
    text = mark + ends.join(["# first", "[health]", "path = 'up'", "", "[helth]", ""])
    assert [one["line"] for one in refused(text)] == [3, 5]
    assert (
        toml.read((mark + WHOLE.replace("\n", ends)).encode()).settings == toml.read(WHOLE.encode()).settings
    )


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("[limits]\ncpus = 1\n\n[limits]\nmemory = '1GiB'\n", 4, "limits stands there twice."),
        ("drain = 1\nspa = true\ndrain = 2\n", 3, "a key stands there twice."),
        ("[health]\npath = '/'\n[[health]]\n", 3, ""),
        ("[volumes]\nname = 'data'\n", 1, "volumes must be a list of tables."),
        ("[[health]]\npath = '/'\n", 1, "health must be a table."),
        ("drain = 2026-03-02\n", 1, "drain must be a time, not 2026-03-02."),
        ("[health]\npath = 12:00:00\n", 2, "must be a path, not 12:00:00"),
        ("[limits]\ncpus = nan\n", 2, "limits.cpus must be from 0 to 1024"),
        ("replicas = 2.0\n", 1, "replicas must be a whole number, not 2.0."),
        ('runtime = "a\\nb\\u001b[31m"\n', 1, r"not “a\nb\x1b[31m”."),
        ('"dr\\u001bin" = 1\n', 1, r"There is no setting dr\x1bin."),
        ('"a.b" = 1\n', 1, "There is no setting a.b."),
        ("drain = 1\rspa = true\n", 1, ""),
    ],
)
def test_the_odd_is_told_with_its_line_too(text: str, line: int, said: str) -> None:
    (problem,) = refused(text)
    assert problem["line"] == line
    assert said in problem["message"]
    assert problem["message"].isprintable()


def test_what_is_no_text_is_refused() -> None:
    with pytest.raises(InvalidInput, match="line 2: it is not text in UTF-8"):
        toml.read(b"a=1\nb='\xff'")
    with pytest.raises(InvalidInput, match="more than 256 KiB"):
        toml.read(b"#" * 300_000)
    with pytest.raises(InvalidInput, match="too many brackets"):
        toml.read(b"a = " + b"[" * 50_000)


def test_every_key_is_one_of_the_settings() -> None:
    settings = read({})
    for name in keys.NAMES:
        value: object = settings
        for part in name.split("."):
            value = getattr(value, part)
