from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.address import AddressError, read

PASSWORDS = ["plain", "a@b", "a:b", "a/b?c#d", "it's", 'quo"te', "cost$HOME;", "sp ace", "50%", "ä✓"]


def test_it_works():
    address = read("postgresql://jarvis:hunter2@discord-bot-db:5432/homelab_jarvis")
    assert address.place == "discord-bot-db, port 5432"
    assert address.keywords == {
        "host": "discord-bot-db",
        "port": 5432,
        "user": "jarvis",
        "password": "hunter2",
        "dbname": "homelab_jarvis",
    }


@pytest.mark.parametrize("password", PASSWORDS)
def test_a_password_that_compose_pasted_in_is_read_as_it_is(password: str):
    address = read(f"postgresql://jarvis:{password}@discord-bot-db:5432/homelab_jarvis")
    assert address.secrets == {"password": password}
    assert address.url.host == "discord-bot-db"


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_a_percent_encoded_password_is_read_whatever_it_holds(password: str):
    address = read(f"postgresql://jarvis:{quote(password, safe='')}@db/x")
    assert address.secrets["password"] == password
    assert address.url.host == "db"


def test_the_address_shows_no_secret():
    address = read("postgresql://jarvis:hunter2@db/x?sslpassword=swordfish&sslmode=require")
    shown = repr(address) + address.url.render_as_string(hide_password=False)
    assert "hunter2" not in shown
    assert "swordfish" not in shown
    assert address.secrets == {"password": "hunter2", "sslpassword": "swordfish"}
    assert address.keywords["sslmode"] == "require"


def test_a_password_in_the_query_is_a_secret_too():
    address = read("postgresql://jarvis@db/x?password=hunter2")
    assert address.secrets == {"password": "hunter2"}
    assert "hunter2" not in address.url.render_as_string(hide_password=False)


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
def test_every_way_to_say_postgresql_is_the_same(scheme: str):
    assert read(f"{scheme}://jarvis@db/x").url.drivername == "postgresql+psycopg"


def test_a_socket_is_a_place():
    assert read("postgresql://jarvis@/x?host=/run/pg").place == "/run/pg"
    assert read("postgresql:///x").place == "the local socket"


def test_user_and_password_may_be_left_out():
    assert read("postgresql://db/x").secrets == {}
    assert read("postgresql://jarvis@db/x").url.username == "jarvis"


@pytest.mark.parametrize("url", ["postgresql://j:hunter2@db:port/x", "postgresql://j:hunter2@db:5432x/y"])
def test_what_cannot_be_read_is_refused_without_showing_it(url: str):
    with pytest.raises(AddressError, match="JARVIS_DATABASE_URL") as caught:
        read(url)
    assert "hunter2" not in str(caught.value)
    assert caught.value.__suppress_context__


@pytest.mark.parametrize("sentence", ["bad hunter2!", "bad hunter2%21", "x 'hunter2!'"])
def test_a_sentence_with_a_secret_is_known(sentence: str):
    assert read("postgresql://j:hunter2!@db/x").is_told_by(sentence)


def test_a_sentence_without_one_is_not():
    assert not read("postgresql://j:hunter2@db/x").is_told_by("Connection refused")
    assert not read("postgresql://j@db/x").is_told_by("Connection refused")
