import pytest

from jarvis.embedded.postgres_settings import initdb_options, settings


def chosen(major: int, socket_folder: str = "/run") -> dict[str, str]:
    words = settings(major, mark="jarvis-1", socket_folder=socket_folder)
    assert words[0::2] == ["-c"] * (len(words) // 2)
    return dict(word.split("=", 1) for word in words[1::2])


def test_it_works():
    assert chosen(18)["cluster_name"] == "jarvis-1"


@pytest.mark.parametrize("major", [15, 16, 17, 18])
def test_durability_is_never_touched(major: int):
    assert not chosen(major).keys() & {"fsync", "full_page_writes", "synchronous_commit", "wal_sync_method"}


def test_an_older_version_gets_no_word_it_does_not_know():
    assert "io_method" not in chosen(17)
    assert chosen(18)["io_method"] == "sync"


def test_a_folder_with_spaces_and_quotes_stays_one_folder():
    assert chosen(18, '/a "b" c')["unix_socket_directories"] == '"/a ""b"" c"'


@pytest.mark.parametrize("major", [15, 17, 18])
def test_passwords_are_always_asked_for(major: int):
    assert "--auth=scram-sha-256" in initdb_options(major)


def test_the_builtin_order_of_text_is_used_where_there_is_one():
    assert "--builtin-locale=C.UTF-8" in initdb_options(17)
    assert "--builtin-locale=C.UTF-8" not in initdb_options(16)
